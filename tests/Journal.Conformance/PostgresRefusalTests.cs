using Backup.Actor.Kernel.Journal;
using Backup.Journal.Postgres;
using Backup.Tests;
using Npgsql;
using Xunit;

namespace Backup.Journal.Conformance;

/// <summary>Databases that must not be used: each ends in one sentence that says why, and never in the password.</summary>
public sealed class PostgresRefusalTests(SharedPostgres shared)
{
    [Fact]
    public async Task An_empty_database_is_told_to_be_migrated()
    {
        var name = await shared.NewDatabaseAsync(migrated: false);

        await ExpectAsync(shared.Server.ConnectionString(name), $"database {name}, user backup has no journal yet; run: pbm journal migrate");
    }

    [Fact]
    public async Task An_older_schema_is_told_to_be_migrated()
    {
        var name = await shared.NewDatabaseAsync();
        await shared.Server.ExecuteAsync($"delete from backup.schema_version where version = {PostgresSchema.Version}", name);

        await ExpectAsync(shared.Server.ConnectionString(name), $"has schema version {PostgresSchema.Version - 1}, this build needs {PostgresSchema.Version}; run: pbm journal migrate");
    }

    [Fact]
    public async Task A_newer_schema_is_left_alone_by_the_node_and_by_the_migration()
    {
        var name = await shared.NewDatabaseAsync();
        await shared.Server.ExecuteAsync("insert into backup.schema_version (version, name) values (99, 'from the future')", name);

        await ExpectAsync(shared.Server.ConnectionString(name), $"has schema version 99, this build knows {PostgresSchema.Version} at most");
        await Assert.ThrowsAsync<JournalException>(() => PostgresSchema.MigrateAsync(shared.Server.ConnectionString(name), default));
    }

    [Fact]
    public async Task Migrations_that_run_at_once_do_it_once_and_a_later_one_does_nothing()
    {
        var name = await shared.NewDatabaseAsync(migrated: false);
        var connection = shared.Server.ConnectionString(name);

        var applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PostgresSchema.MigrateAsync(connection, default)));

        Assert.Equal(PostgresSchema.Version, applied.Sum(steps => steps.Count));
        Assert.Empty(await PostgresSchema.MigrateAsync(connection, default));
        await using var database = new JournalDatabase(connection);
        await database.CheckAsync(default);
    }

    [Fact]
    public async Task A_wrong_password_is_refused_without_being_said()
    {
        var name = await shared.NewDatabaseAsync();

        await ExpectAsync(With(shared.Server.ConnectionString(name), settings => settings.Password = "open sesame"), "the server refused the login");
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_named()
    {
        await shared.NewDatabaseAsync();

        await ExpectAsync(shared.Server.ConnectionString("nowhere"), "database nowhere, user backup: there is no such database");
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named()
    {
        await ExpectAsync("Host=127.0.0.1;Port=1;Username=backup;Password=open sesame;Database=backup", "PostgreSQL at 127.0.0.1:1, database backup, user backup cannot be reached");
    }

    [Fact]
    public async Task A_read_only_database_is_refused()
    {
        var name = await shared.NewDatabaseAsync();
        await shared.Server.ExecuteAsync($"alter database {name} set default_transaction_read_only = on");

        await ExpectAsync(shared.Server.ConnectionString(name), "is read-only");
    }

    [Theory]
    [InlineData("Password=open sesame")]
    [InlineData("Host=a;Pasword=open sesame")]
    [InlineData("postgres://backup:open sesame@db1/backup")]
    public void A_connection_string_that_cannot_be_read_is_not_repeated(string connection)
    {
        var refused = Assert.Throws<JournalException>(() => new JournalDatabase(connection));

        Assert.Contains("connection string", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_highest_timeline_is_remembered_over_a_restart()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("timeline-").FullName, "timeline");
        new TimelineMemory(file).Accept(3, "db");

        var refused = Assert.Throws<JournalException>(() => new TimelineMemory(file).Accept(2, "db"));

        Assert.Contains("db is on timeline 2, and timeline 3 has been seen", refused.Message, StringComparison.Ordinal);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    private static string With(string connection, Action<NpgsqlConnectionStringBuilder> change)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection);
        change(settings);
        return settings.ConnectionString;
    }

    private static async Task ExpectAsync(string connection, string sentence)
    {
        await using var database = new JournalDatabase(connection);

        var refused = await Assert.ThrowsAsync<JournalException>(() => database.CheckAsync(default));

        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresServer.Password, refused.ToString(), StringComparison.Ordinal);
        await Assert.ThrowsAsync<JournalException>(() => PostgresJournal.OpenAsync(database, "one", TimeProvider.System));
    }
}
