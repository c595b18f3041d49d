using System.Net;
using System.Net.Sockets;
using Backup.Drills.Network;
using Backup.Drills.Proxy;
using Backup.Tests;
using Npgsql;

namespace Backup.Drills.Cluster;

/// <summary>
/// A PostgreSQL of the drill's own with the journal's tables in it; perhaps with a synchronous standby. Then the nodes know two addresses, each
/// a proxy's, and a server that was lost is replaced under the address that it had.
/// </summary>
internal sealed class SharedJournal : IAsyncDisposable
{
    /// <summary>Room for the tables, the log, and a copy of neither.</summary>
    private const int DiskMegabytes = 160;

    private const string StandbyName = "standby";
    private static readonly TimeSpan StandbyPatience = TimeSpan.FromSeconds(30);
    private readonly LineRules _line = new();
    private readonly List<Relay> _doors = [];
    private PostgresServer _primary;
    private PostgresServer? _standby;
    private PostgresServer? _lost;

    private SharedJournal(PostgresServer primary) => _primary = primary;

    /// <summary>How a program finds it; the password comes from PGPASSWORD, as it should.</summary>
    internal string Connection => new NpgsqlConnectionStringBuilder(_primary.ConnectionString()) { Password = null }.ConnectionString;

    /// <summary>The server that takes writes.</summary>
    internal PostgresServer Primary => _primary;

    internal PostgresServer Standby => _standby ?? throw new DrillFailedException("this stage has no standby");

    /// <summary>What happens on the way between the nodes and either server.</summary>
    internal LineRules Line => _line;

    /// <summary>Likewise, for a node: over the cable of its own, or through the doors, when there are some.</summary>
    internal string ConnectionOf(Member member)
    {
        var connection = new NpgsqlConnectionStringBuilder(Connection);
        if (member.Place is { } place)
        {
            connection.Host = place.Database;
        }
        else if (_doors.Count > 0)
        {
            connection.Host = string.Join(',', _doors.Select(door => $"127.0.0.1:{door.Port}"));
        }

        return connection.ConnectionString;
    }

    /// <param name="networks">The networks of the nodes that are to find it.</param>
    internal static async Task<SharedJournal> StartAsync(Func<string[], Task<(int Status, string Output)>> pbm, ClusterNetwork? networks, bool hasStandby, bool hasSmallDisk)
    {
        Environment.SetEnvironmentVariable("PGPASSWORD", PostgresServer.Password);
        var listen = $"listen_addresses = '{string.Join(',', ["127.0.0.1", .. networks?.DatabaseAddresses ?? []])}'";
        var journal = new SharedJournal(hasSmallDisk ? await PostgresServer.StartOnSmallDiskAsync(DiskMegabytes, listen) : await PostgresServer.StartAsync(listen));
        Farewell.Remember(journal, journal.Abandon);
        if (networks is not null)
        {
            await journal._primary.AdmitAsync(ClusterNetwork.Everybody);
        }

        var (status, output) = await pbm(["journal", "migrate", "--postgres", journal.Connection]);
        Expect.That(status == 0, $"pbm journal migrate makes the tables; found status {status}:\n{output}");
        if (hasStandby)
        {
            await journal.CopyAsync(port: null);
            journal.Open(journal._primary);
            journal.Open(journal._standby!);
        }

        return journal;
    }

    /// <summary>kill -9 of every process of the server.</summary>
    internal Task KillAsync() => _primary.KillAsync();

    internal Task StartAgainAsync() => _primary.StartAgainAsync();

    /// <summary>
    /// What an operator's failover tool does: the standby becomes the primary. It has no standby itself, and goes on with one copy until it gets
    /// one: somebody decided that, the server must not.
    /// </summary>
    internal async Task PromoteAsync()
    {
        await Standby.SetAsync("synchronous_standby_names", "");
        await Standby.PromoteAsync();
        (_lost, _primary, _standby) = (_primary, Standby, null);
    }

    /// <summary>Whether the nodes try the server that takes writes before the other one.</summary>
    internal bool PrimaryStandsFirst => _doors[0].Target.Port == _primary.Port;

    /// <summary>The server that was replaced, which believes that it is the primary when it is started.</summary>
    internal PostgresServer Lost => _lost ?? throw new DrillFailedException("no server was replaced");

    /// <summary>Two copies again: a lost server gives way to a standby under the same address.</summary>
    internal async Task MakeWholeAsync()
    {
        if (_lost is { } lost)
        {
            _lost = null;
            await lost.DisposeAsync();
            await CopyAsync(lost.Port);
        }
    }

    internal void HealLines() => _line.Heal();

    public async ValueTask DisposeAsync()
    {
        foreach (var door in _doors)
        {
            await door.DisposeAsync();
        }

        Farewell.Forget(this);
        foreach (var server in new[] { _standby, _lost, _primary }.OfType<PostgresServer>())
        {
            await server.DisposeAsync();
        }
    }

    private async Task CopyAsync(int? port)
    {
        _standby = await _primary.MakeStandbyAsync(StandbyName, port);
        await Eventually.HoldsAsync(
            "the standby follows", StandbyPatience, () => _primary.AskAsync<bool>($"select exists (select from pg_stat_replication where application_name = '{StandbyName}' and state = 'streaming')"));
        if (port is null)
        {
            await _primary.RequireStandbyAsync(StandbyName);
            return;
        }

        // Nodes write meanwhile, and to try a commit until one is seen to wait could end the wait of theirs.
        await _primary.SetAsync("synchronous_standby_names", StandbyName);
        await Eventually.HoldsAsync(
            "commits wait for the standby", StandbyPatience, () => _primary.AskAsync<bool>("select exists (select from pg_stat_replication where sync_state = 'sync')"));
    }

    private void Open(PostgresServer server)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(128);
        _doors.Add(new Relay(
            listener, static () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp), new IPEndPoint(IPAddress.Loopback, server.Port), _line));
    }

    private void Abandon()
    {
        foreach (var server in new[] { _standby, _lost, _primary }.OfType<PostgresServer>())
        {
            server.Abandon();
        }
    }
}
