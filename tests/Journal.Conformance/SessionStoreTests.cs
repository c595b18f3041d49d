using Backup.Actor.Kernel.Sessions;
using Backup.Journal.Postgres;
using Backup.Journal.Sqlite;
using Backup.Tests;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Backup.Journal.Conformance;

public sealed class MemorySessionStoreTests : SessionConformance
{
    protected override ISessionStore Sessions { get; } = new MemorySessionStore(new ManualClock());
}

public sealed class MemoryAuthenticatorStoreTests : AuthenticatorConformance
{
    protected override IAuthenticatorStore Authenticators { get; } = new MemoryAuthenticatorStore();
}

public sealed class SqliteAuthenticatorStoreTests : AuthenticatorConformance, IDisposable
{
    private readonly LoginFolder _folder = new();

    public SqliteAuthenticatorStoreTests() => Authenticators = new SqliteAuthenticatorStore(_folder.File);

    protected override IAuthenticatorStore Authenticators { get; }

    public void Dispose() => _folder.Dispose();
}

public sealed class PostgresAuthenticatorStoreTests(SharedPostgres shared) : AuthenticatorConformance, IAsyncLifetime
{
    private JournalDatabase _database = null!;

    protected override IAuthenticatorStore Authenticators => new PostgresAuthenticatorStore(_database);

    public async ValueTask InitializeAsync() => _database = await shared.OpenNewDatabaseAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}

public sealed class SqliteSessionStoreTests : SessionConformance, IDisposable
{
    private readonly LoginFolder _folder = new();
    private readonly ManualClock _clock = new();

    public SqliteSessionStoreTests() => Sessions = new SqliteSessionStore(_folder.File, _clock);

    protected override ISessionStore Sessions { get; }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_session_that_was_ended_is_ended_after_a_restart_and_the_file_is_its_users_alone()
    {
        var now = _clock.GetUtcNow();
        await Sessions.OpenAsync(new LoginSession("a", "DEMO01", "", "", now, now, now.AddHours(1)), 3, default);
        await Sessions.OpenAsync(new LoginSession("b", "DEMO01", "", "", now, now, now.AddHours(1)), 3, default);
        await Sessions.EndAsync("DEMO01", "a", null, default);

        _folder.Reopen();
        var again = new SqliteSessionStore(_folder.File, _clock);

        Assert.Null(await again.SeeAsync("a", now, default));
        Assert.NotNull(await again.SeeAsync("b", now, default));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder.Path, LoginFile.FileName)));
    }
}

public sealed class PostgresSessionStoreTests(SharedPostgres shared) : SessionConformance, IAsyncLifetime
{
    private JournalDatabase _database = null!;

    protected override ISessionStore Sessions => new PostgresSessionStore(_database);

    public async ValueTask InitializeAsync() => _database = await shared.OpenNewDatabaseAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}

/// <summary>The file of the logins in a folder of its own.</summary>
internal sealed class LoginFolder : IDisposable
{
    private readonly FolderLease _lease;

    internal LoginFolder()
    {
        _lease = FolderLease.Acquire(Path, "test", TimeProvider.System);
        File = new LoginFile(_lease);
    }

    internal string Path { get; } = Directory.CreateTempSubdirectory("logins-").FullName;

    internal LoginFile File { get; private set; }

    /// <summary>As after a restart.</summary>
    internal void Reopen()
    {
        File.Dispose();
        File = new LoginFile(_lease);
    }

    /// <summary>Makes the file what another release would have left. It is closed then, until it is opened again.</summary>
    internal void Change(string sql)
    {
        File.Dispose();
        using var connection = new SqliteConnection($"Data Source={System.IO.Path.Combine(Path, LoginFile.FileName)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // A constant of the tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        File.Dispose();
        _lease.Dispose();
        Directory.Delete(Path, recursive: true);
    }
}
