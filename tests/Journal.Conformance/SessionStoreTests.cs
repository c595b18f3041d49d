using Backup.Actor.Kernel.Sessions;
using Backup.Journal.Postgres;
using Backup.Journal.Sqlite;
using Backup.Tests;
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
    private readonly string _folder = Directory.CreateTempSubdirectory("authenticators-").FullName;
    private readonly FolderLease _lease;
    private readonly LoginFile _file;

    public SqliteAuthenticatorStoreTests()
    {
        _lease = FolderLease.Acquire(_folder, "test", TimeProvider.System);
        _file = new LoginFile(_lease);
        Authenticators = new SqliteAuthenticatorStore(_file);
    }

    protected override IAuthenticatorStore Authenticators { get; }

    public void Dispose()
    {
        _file.Dispose();
        _lease.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

public sealed class PostgresAuthenticatorStoreTests(SharedPostgres shared) : AuthenticatorConformance, IAsyncLifetime
{
    private JournalDatabase _database = null!;

    protected override IAuthenticatorStore Authenticators => new PostgresAuthenticatorStore(_database);

    public async ValueTask InitializeAsync()
    {
        // The server runs once a database was asked for.
        var name = await shared.NewDatabaseAsync();
        _database = new JournalDatabase(shared.Server.ConnectionString(name));
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}

public sealed class SqliteSessionStoreTests : SessionConformance, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sessions-").FullName;
    private readonly ManualClock _clock = new();
    private readonly FolderLease _lease;
    private LoginFile _file;

    public SqliteSessionStoreTests()
    {
        _lease = FolderLease.Acquire(_folder, "test", TimeProvider.System);
        _file = new LoginFile(_lease);
        Sessions = new SqliteSessionStore(_file, _clock);
    }

    protected override ISessionStore Sessions { get; }

    public void Dispose()
    {
        _file.Dispose();
        _lease.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_session_that_was_ended_is_ended_after_a_restart_and_the_file_is_its_users_alone()
    {
        var now = _clock.GetUtcNow();
        await Sessions.OpenAsync(new LoginSession("a", "DEMO01", "", "", now, now, now.AddHours(1)), 3, default);
        await Sessions.OpenAsync(new LoginSession("b", "DEMO01", "", "", now, now, now.AddHours(1)), 3, default);
        await Sessions.EndAsync("DEMO01", "a", null, default);
        _file.Dispose();

        _file = new LoginFile(_lease);
        var again = new SqliteSessionStore(_file, _clock);

        Assert.Null(await again.SeeAsync("a", now, default));
        Assert.NotNull(await again.SeeAsync("b", now, default));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, LoginFile.FileName)));
    }
}

public sealed class PostgresSessionStoreTests(SharedPostgres shared) : SessionConformance, IAsyncLifetime
{
    private JournalDatabase _database = null!;

    protected override ISessionStore Sessions => new PostgresSessionStore(_database);

    public async ValueTask InitializeAsync()
    {
        // The server runs once a database was asked for.
        var name = await shared.NewDatabaseAsync();
        _database = new JournalDatabase(shared.Server.ConnectionString(name));
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
