using Backup.Actor.Kernel.Sessions;
using Backup.Journal.Postgres;
using Backup.Journal.Sqlite;
using Xunit;

namespace Backup.Journal.Conformance;

public sealed class MemoryStaffStoreTests : StaffConformance
{
    protected override IStaffStore Staff { get; } = new MemoryStaffStore();
}

public sealed class SqliteStaffStoreTests : StaffConformance, IDisposable
{
    private readonly LoginFolder _folder = new();

    public SqliteStaffStoreTests() => Staff = new SqliteStaffStore(_folder.File);

    protected override IStaffStore Staff { get; }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_from_before_there_were_staff_keeps_its_sessions_and_takes_staff()
    {
        var now = new DateTimeOffset(2026, 11, 20, 4, 0, 0, TimeSpan.Zero);
        await new SqliteSessionStore(_folder.File, TimeProvider.System).OpenAsync(new LoginSession("a", "DEMO01", "", "", now, now, now.AddHours(1)), 3, default);
        _folder.Change("drop table login_staff; pragma user_version=2");

        _folder.Reopen();
        var staff = new SqliteStaffStore(_folder.File);

        Assert.True(await staff.AddAsync(new StaffMember("asha", "auditor", "AQ==", now, false), default));
        Assert.NotNull(await new SqliteSessionStore(_folder.File, TimeProvider.System).SeeAsync("a", now, default));
        _folder.Reopen();
        Assert.NotNull(await new SqliteStaffStore(_folder.File).FindAsync("asha", default));
    }
}

public sealed class PostgresStaffStoreTests(SharedPostgres shared) : StaffConformance, IAsyncLifetime
{
    private JournalDatabase _database = null!;

    protected override IStaffStore Staff => new PostgresStaffStore(_database);

    public async ValueTask InitializeAsync() => _database = await shared.OpenNewDatabaseAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
