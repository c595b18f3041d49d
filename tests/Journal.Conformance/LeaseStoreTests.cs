using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Leases;
using Backup.Journal.Postgres;
using Backup.Tests;
using Xunit;

namespace Backup.Journal.Conformance;

public sealed class MemoryLeaseStoreTests : LeaseConformance
{
    private readonly ManualClock _clock = new();
    private readonly MemoryJournal _journal = new();
    private readonly MemoryLeaseStore _leases;

    public MemoryLeaseStoreTests() => _leases = new MemoryLeaseStore(_clock, _journal);

    protected override ILeaseStore Leases => _leases;

    protected override Task AdvanceAsync(TimeSpan by)
    {
        _clock.Advance(by);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_shard_that_changes_hands_is_fenced_in_the_journal_too()
    {
        var record = JournalConformance.Link(JournalHead.Empty, "A", "{}");
        await HeldAsync("one", Shard);
        await AcquireAsync("two", Shard, takeOver: 1);

        Assert.Equal([AppendOutcome.Fenced], await _journal.AppendAsync([new EntityAppend("A", 7, 1, false, [record])], default));
        Assert.Equal([AppendOutcome.Stored], await _journal.AppendAsync([new EntityAppend("A", 7, 2, false, [record])], default));
    }
}

public sealed class PostgresLeaseStoreTests(SharedPostgres shared) : LeaseConformance, IAsyncLifetime
{
    private string _name = "";
    private JournalDatabase _database = null!;
    private PostgresLeaseStore _leases = null!;

    protected override ILeaseStore Leases => _leases;

    public async ValueTask InitializeAsync()
    {
        _name = await shared.NewDatabaseAsync();
        _database = new JournalDatabase(shared.Server.ConnectionString(_name));
        _leases = new PostgresLeaseStore(_database, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _leases.DisposeAsync();
        await _database.DisposeAsync();
    }

    protected override Task AdvanceAsync(TimeSpan by) =>
        shared.Server.ExecuteAsync($"update backup.lease_clock set shift = shift + interval '{by.TotalMilliseconds} ms'", _name);

    [Fact]
    public async Task A_database_in_which_an_epoch_has_shrunk_is_not_believed()
    {
        await HeldAsync("one", Shard);
        await shared.Server.ExecuteAsync("set session_replication_role = replica; update backup.shard_lease set epoch = 0, owner = ''", _name);

        var answer = Assert.IsType<LeaseAnswer.CouldNotTell>(await AcquireAsync("one", Shard));

        Assert.Contains("shard 7 was given under epoch 1 after epoch 1", answer.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_acquisition_that_waits_for_a_lock_says_so_in_time_and_a_renewal_of_another_shard_goes_on_beside_it()
    {
        var other = await HeldAsync("one", LeaseKey.ForShard(8));
        await HeldAsync("old", Shard);
        await using var frozen = new Npgsql.NpgsqlConnection(shared.Server.ConnectionString(_name) + ";Pooling=false");
        await frozen.OpenAsync();
        await using var transaction = await frozen.BeginTransactionAsync();
        await using (var append = new Npgsql.NpgsqlCommand("select 1 from backup.shard_lease where shard = 7 for share", frozen, transaction))
        {
            await append.ExecuteNonQueryAsync();
        }

        var acquiring = AcquireAsync("two", Shard, takeOver: 1);

        Assert.Equal(new LeaseAnswer.Held(other), await RenewAsync(other));
        Assert.Contains("lock timeout", Assert.IsType<LeaseAnswer.CouldNotTell>(await acquiring).Reason, StringComparison.Ordinal);
        await transaction.RollbackAsync();
        Assert.Equal(new LeaseAnswer.Held(new Lease(Shard, "two", 2)), await AcquireAsync("two", Shard, takeOver: 1));
    }
}
