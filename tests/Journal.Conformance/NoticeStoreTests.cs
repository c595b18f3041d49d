using Backup.Actor.Kernel.Notices;
using Backup.Journal.Postgres;
using Backup.Journal.Sqlite;
using Xunit;

namespace Backup.Journal.Conformance;

public sealed class MemoryNoticeStoreTests : NoticeConformance
{
    protected override INoticeStore Notices { get; } = new MemoryNoticeStore();
}

public sealed class SqliteNoticeStoreTests : NoticeConformance, IDisposable
{
    private readonly LoginFolder _folder = new();

    public SqliteNoticeStoreTests() => Notices = new SqliteNoticeStore(_folder.File);

    protected override INoticeStore Notices { get; }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_notice_is_there_after_a_restart()
    {
        await Notices.SetAsync(Full, default);

        _folder.Reopen();

        Assert.Equal(Full, Assert.Single(await new SqliteNoticeStore(_folder.File).ReadAsync(1, default)));
    }

    [Fact]
    public async Task A_file_of_the_release_before_notices_takes_them_and_keeps_its_logins()
    {
        var now = Full.SetAt;
        await new SqliteSessionStore(_folder.File, TimeProvider.System).OpenAsync(new("a", "DEMO01", "", "", now, now, now.AddHours(1)), 3, default);
        _folder.Change("drop table main_site_notice; drop table login_staff; pragma user_version=1");

        _folder.Reopen();
        var notices = new SqliteNoticeStore(_folder.File);
        await notices.SetAsync(Full, default);

        Assert.Equal(Full, Assert.Single(await notices.ReadAsync(1, default)));
        Assert.Single(await new SqliteSessionStore(_folder.File, TimeProvider.System).ReadAsync("DEMO01", now, default));
    }

    [Fact]
    public void A_file_of_a_newer_release_is_refused_by_its_version()
    {
        _folder.Change("pragma user_version=99");

        var refused = Assert.Throws<Actor.Kernel.Journal.JournalException>(_folder.Reopen);

        Assert.Contains("schema version 99, expected at most 3", refused.Message, StringComparison.Ordinal);
    }
}

public sealed class PostgresNoticeStoreTests(SharedPostgres shared) : NoticeConformance, IAsyncLifetime
{
    private JournalDatabase _database = null!;

    protected override INoticeStore Notices => new PostgresNoticeStore(_database);

    public async ValueTask InitializeAsync() => _database = await shared.OpenNewDatabaseAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
