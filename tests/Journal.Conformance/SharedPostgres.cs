using Backup.Journal.Conformance;
using Backup.Journal.Postgres;
using Backup.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace Backup.Journal.Conformance;

/// <summary>One server for all tests that do not hurt it, started when the first of them asks; each test has a database of its own.</summary>
public sealed class SharedPostgres : IAsyncDisposable
{
    private const string Template = "template_journal";
    private int _databases;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private PostgresServer? _server;

    /// <summary>There after the first database was made.</summary>
    internal PostgresServer Server => _server!;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _gate.Dispose();
    }

    /// <summary>A new database with the newest schema, opened.</summary>
    internal async Task<JournalDatabase> OpenNewDatabaseAsync()
    {
        // The server runs once a database was asked for.
        var name = await NewDatabaseAsync();
        return new JournalDatabase(Server.ConnectionString(name));
    }

    /// <summary>The name of a new database; with the newest schema unless told otherwise.</summary>
    internal async Task<string> NewDatabaseAsync(bool migrated = true)
    {
        await _gate.WaitAsync();
        try
        {
            // One at a time: a template must have no other user.
            _server ??= await StartAsync();
            var name = $"j{++_databases}";
            await _server.ExecuteAsync(migrated ? $"create database {name} template {Template}" : $"create database {name}");
            return name;
        }
        finally
        {
            _gate.Release();
        }
    }

    private static async Task<PostgresServer> StartAsync()
    {
        var server = await PostgresServer.StartAsync();
        await server.ExecuteAsync($"create database {Template}");
        await PostgresSchema.MigrateAsync(server.ConnectionString(Template), default);

        // Its first writer makes the days' partitions, which the copies then have.
        await using var database = new JournalDatabase(server.ConnectionString(Template));
        await using var journal = await PostgresJournal.OpenAsync(database, "template", TimeProvider.System);
        return server;
    }
}
