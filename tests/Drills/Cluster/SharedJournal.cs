using Backup.Tests;
using Npgsql;

namespace Backup.Drills.Cluster;

/// <summary>
/// A PostgreSQL of the drill's own with the journal's tables in it; perhaps with a synchronous standby. Then the nodes know two addresses, and a
/// server that was lost is replaced under the address that it had.
/// </summary>
internal sealed class SharedJournal : IAsyncDisposable
{
    private const string StandbyName = "standby";
    private static readonly TimeSpan StandbyPatience = TimeSpan.FromSeconds(30);
    private readonly List<int> _ports;
    private PostgresServer _primary;
    private PostgresServer? _standby;
    private PostgresServer? _lost;

    private SharedJournal(PostgresServer primary) => (_primary, _ports) = (primary, [primary.Port]);

    /// <summary>How a program finds the server that takes writes; the password comes from PGPASSWORD, as it should.</summary>
    internal string Connection => new NpgsqlConnectionStringBuilder(_primary.ConnectionString()) { Password = null }.ConnectionString;

    /// <summary>How a node finds it, whichever server that is.</summary>
    internal string ConnectionOfNodes => _ports.Count == 1
        ? Connection
        : new NpgsqlConnectionStringBuilder(Connection) { Host = string.Join(',', _ports.Select(port => $"127.0.0.1:{port}")) }.ConnectionString;

    /// <summary>The server that takes writes.</summary>
    internal PostgresServer Primary => _primary;

    internal PostgresServer Standby => _standby ?? throw new DrillFailedException("this database has no standby");

    internal static async Task<SharedJournal> StartAsync(Func<string[], Task<(int Status, string Output)>> pbm, bool hasStandby)
    {
        Environment.SetEnvironmentVariable("PGPASSWORD", PostgresServer.Password);
        var journal = new SharedJournal(await PostgresServer.StartAsync());
        Farewell.Remember(journal, () => journal.Servers.ForEach(static server => server.Kill()));
        var (status, output) = await pbm(["journal", "migrate", "--postgres", journal.Connection]);
        Expect.That(status == 0, $"pbm journal migrate makes the tables; found status {status}:\n{output}");
        if (hasStandby)
        {
            await journal.CopyAsync(port: null);
            journal._ports.Add(journal.Standby.Port);
            await journal._primary.RequireStandbyAsync(StandbyName);
        }

        return journal;
    }

    /// <summary>kill -9 of every process of the server that takes writes.</summary>
    internal Task KillAsync() => _primary.KillAsync();

    internal Task StartAgainAsync() => _primary.StartAgainAsync();

    /// <summary>
    /// What an operator's failover tool does: the standby becomes the primary. It was copied from a server that required no standby, so it goes on
    /// with one copy until it gets one: somebody decided that, the server must not.
    /// </summary>
    internal async Task PromoteAsync()
    {
        await Standby.ExecuteAsync("select pg_promote()");
        (_lost, _primary, _standby) = (_primary, Standby, null);
    }

    /// <summary>Two copies again: a lost server gives way to a standby under the same address.</summary>
    internal async Task MakeWholeAsync()
    {
        if (_lost is { } lost)
        {
            _lost = null;
            await lost.DisposeAsync();
            await CopyAsync(lost.Port);

            // Nodes write meanwhile, and to try a commit until one is seen to wait could end the wait of theirs.
            await _primary.SetAsync("synchronous_standby_names", StandbyName);
            await Eventually.HoldsAsync(
                "commits wait for the standby", StandbyPatience, () => _primary.AskAsync<bool>("select exists (select from pg_stat_replication where sync_state = 'sync')"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        Farewell.Forget(this);
        foreach (var server in Servers)
        {
            await server.DisposeAsync();
        }
    }

    private List<PostgresServer> Servers => [.. new[] { _standby, _lost, _primary }.OfType<PostgresServer>()];

    private async Task CopyAsync(int? port)
    {
        _standby = await _primary.MakeStandbyAsync(StandbyName, port);
        await Eventually.HoldsAsync(
            "the standby follows", StandbyPatience,
            () => _primary.AskAsync<bool>($"select exists (select from pg_stat_replication where application_name = '{StandbyName}' and state = 'streaming')"));
    }
}
