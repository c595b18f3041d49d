using Backup.Actor.Kernel.Journal;
using Backup.Journal.Postgres;
using Xunit;

namespace Backup.Journal.Conformance;

/// <summary>The common suite over PostgreSQL, and what this journal's tables promise.</summary>
public sealed class PostgresJournalTests(SharedPostgres shared) : JournalConformance, IAsyncLifetime
{
    private string _name = "";
    private JournalDatabase _database = null!;
    private PostgresJournal _journal = null!;

    protected override IJournal Journal => _journal;

    protected override long Epoch => 5;

    public async ValueTask InitializeAsync()
    {
        _name = await shared.NewDatabaseAsync();
        _database = new JournalDatabase(shared.Server.ConnectionString(_name));
        _journal = await PostgresJournal.OpenAsync(_database, "test", TimeProvider.System);
        await ExecuteAsync("insert into backup.shard_lease (shard, epoch, owner) values (7, 5, 'test'), (8, 5, 'test')");
    }

    public async ValueTask DisposeAsync()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"the journal's last trouble: {_journal.Trouble ?? "none"}");
        await _journal.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Records_lie_in_the_partition_of_their_day_in_India()
    {
        var before = Link(JournalHead.Empty, "A", "{}", new DateTimeOffset(2026, 11, 20, 18, 29, 59, TimeSpan.Zero));
        var after = Link(new JournalHead(1, before.Hash), "A", "{}", new DateTimeOffset(2026, 11, 20, 18, 30, 0, TimeSpan.Zero));

        Assert.Equal([AppendOutcome.Stored], await AppendAsync(Append("A", [before, after])));

        Assert.Equal("1", await shared.Server.AskAsync<string>("select string_agg(sequence::text, ',') from backup.event_20261120", _name));
        Assert.Equal("2", await shared.Server.AskAsync<string>("select string_agg(sequence::text, ',') from backup.event_20261121", _name));
    }

    [Fact]
    public async Task A_history_goes_on_over_midnight_and_no_sequence_is_given_twice()
    {
        var friday = Link(JournalHead.Empty, "A", "{}", new DateTimeOffset(2026, 11, 20, 6, 0, 0, TimeSpan.Zero));
        var monday = new DateTimeOffset(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);
        await AppendAsync(Append("A", [friday]));

        Assert.Equal([AppendOutcome.Conflict], await AppendAsync(Append("A", [Link(JournalHead.Empty, "A", "{}", monday)])));
        Assert.Equal([AppendOutcome.Stored], await AppendAsync(Append("A", [Link(new JournalHead(1, friday.Hash), "A", "{}", monday)])));

        Assert.Equal(2, (await Journal.ReadHeadAsync("A", default)).Sequence);
        Assert.Equal(2, (await Journal.ReadAsync(["A"], default))["A"].Count);
    }

    [Fact]
    public async Task Days_are_made_ahead_so_that_no_append_waits_for_its_partition()
    {
        var today = DateOnly.FromDateTime((DateTimeOffset.UtcNow + new TimeSpan(5, 30, 0)).UtcDateTime);

        Assert.Equal(8, await shared.Server.AskAsync<long>(
            $"select count(*) from generate_series('{today:yyyy-MM-dd}'::date, '{today:yyyy-MM-dd}'::date + 7, '1 day') d where to_regclass('backup.event_' || to_char(d, 'YYYYMMDD')) is not null",
            _name));
    }

    [Fact]
    public async Task A_record_that_somebody_wrote_past_the_heads_is_a_conflict_of_its_account_alone()
    {
        var history = Chain("A", 2);
        await AppendAsync(Append("A", history[..1]));
        await ExecuteAsync("insert into backup.event select position + 1000, day, entity, 2, shard, epoch, at, type, version, payload, hash from backup.event where entity = 'A'");

        var outcomes = await AppendAsync(Append("A", history[1..]), Append("B", Chain("B", 1)));

        Assert.Equal([AppendOutcome.Conflict, AppendOutcome.Stored], outcomes);
    }

    [Fact]
    public async Task An_account_does_not_move_to_another_shard()
    {
        var history = Chain("A", 2);
        await AppendAsync(Append("A", history[..1]));

        Assert.Equal([AppendOutcome.Conflict], await AppendAsync(Append("A", history[1..]) with { Shard = 8 }));
    }

    [Fact]
    public async Task Two_appends_of_one_account_in_a_batch_follow_each_other()
    {
        var history = Chain("A", 2);

        Assert.Equal(
            [AppendOutcome.Stored, AppendOutcome.Stored, AppendOutcome.Stored],
            await AppendAsync(Append("A", history[..1]), Append("B", Chain("B", 1)), Append("A", history[1..])));
    }

    [Fact]
    public async Task A_shard_that_nobody_ever_took_stores_nothing()
    {
        Assert.Equal([AppendOutcome.Fenced], await AppendAsync(Append("A", Chain("A", 1)) with { Shard = 63, Epoch = 0 }));
    }

    [Fact]
    public async Task Of_two_processes_that_write_under_one_name_the_older_is_fenced()
    {
        await using var second = await PostgresJournal.OpenAsync(_database, "test", TimeProvider.System);

        Assert.Equal([AppendOutcome.Fenced], await AppendAsync(Append("A", Chain("A", 1))));
        Assert.Equal([AppendOutcome.Stored], await second.AppendAsync([Append("A", Chain("A", 1))], default));
    }

    [Fact]
    public async Task An_epoch_never_shrinks_and_a_lease_row_is_never_deleted_whoever_tries()
    {
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => ExecuteAsync("update backup.shard_lease set epoch = 4 where shard = 7"));
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => ExecuteAsync("delete from backup.shard_lease"));
    }

    private Task ExecuteAsync(string sql) => shared.Server.ExecuteAsync(sql, _name);
}
