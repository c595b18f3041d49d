using Backup.Drills.Network;
using Backup.Tests;
using Npgsql;

namespace Backup.Drills.Cluster;

/// <summary>A PostgreSQL of the drill's own with the journal's tables in it.</summary>
internal sealed class SharedJournal : IAsyncDisposable
{
    private readonly PostgresServer _server;

    private SharedJournal(PostgresServer server) => _server = server;

    /// <summary>How a program finds it; the password comes from PGPASSWORD, as it should.</summary>
    internal string Connection => new NpgsqlConnectionStringBuilder(_server.ConnectionString()) { Password = null }.ConnectionString;

    /// <summary>Likewise, for a node: over the cable of its own, when it has one.</summary>
    internal string ConnectionOf(Member member) => member.Place is { } place
        ? new NpgsqlConnectionStringBuilder(Connection) { Host = place.Database }.ConnectionString
        : Connection;

    /// <param name="networks">The networks of the nodes that are to find it.</param>
    internal static async Task<SharedJournal> StartAsync(Func<string[], Task<(int Status, string Output)>> pbm, ClusterNetwork? networks, bool hasStandby)
    {
        Environment.SetEnvironmentVariable("PGPASSWORD", PostgresServer.Password);
        var addresses = string.Join(',', ["127.0.0.1", .. networks?.DatabaseAddresses ?? []]);
        var server = await PostgresServer.StartAsync($"listen_addresses = '{addresses}'");
        var journal = new SharedJournal(server);
        Farewell.Remember(journal, server.Kill);
        if (networks is not null)
        {
            await server.AdmitAsync(ClusterNetwork.Everybody);
        }

        var (status, output) = await pbm(["journal", "migrate", "--postgres", journal.Connection]);
        Expect.That(status == 0, $"pbm journal migrate makes the tables; found status {status}:\n{output}");
        return journal;
    }

    /// <summary>kill -9 of every process of the server.</summary>
    internal Task KillAsync() => _server.KillAsync();

    internal Task StartAgainAsync() => _server.StartAgainAsync();

    /// <summary>Nothing stands between the nodes and the server.</summary>
    internal void HealLines()
    {
    }

    public async ValueTask DisposeAsync()
    {
        Farewell.Forget(this);
        await _server.DisposeAsync();
    }
}
