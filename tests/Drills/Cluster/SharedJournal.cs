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

    internal static async Task<SharedJournal> StartAsync(Func<string[], Task<(int Status, string Output)>> pbm)
    {
        Environment.SetEnvironmentVariable("PGPASSWORD", PostgresServer.Password);
        var server = await PostgresServer.StartAsync();
        var journal = new SharedJournal(server);
        Farewell.Remember(journal, server.Kill);
        var (status, output) = await pbm(["journal", "migrate", "--postgres", journal.Connection]);
        Expect.That(status == 0, $"pbm journal migrate makes the tables; found status {status}:\n{output}");
        return journal;
    }

    /// <summary>kill -9 of every process of the server.</summary>
    internal Task KillAsync() => _server.KillAsync();

    internal Task StartAgainAsync() => _server.StartAgainAsync();

    public async ValueTask DisposeAsync()
    {
        Farewell.Forget(this);
        await _server.DisposeAsync();
    }
}
