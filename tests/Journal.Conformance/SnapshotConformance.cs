using System.Text;
using Backup.Actor.Kernel.Journal;
using Xunit;

namespace Backup.Journal.Conformance;

/// <summary>What every store of snapshots must do.</summary>
public abstract class SnapshotConformance
{
    private protected const int Shard = 7;

    /// <summary>Whose appends under <see cref="Epoch"/> are accepted.</summary>
    protected abstract IJournal Journal { get; }

    protected abstract ISnapshotStore Snapshots { get; }

    protected abstract long Epoch { get; }

    [Fact]
    public async Task A_snapshot_reads_back_as_it_was_written_and_opens()
    {
        var history = await StoredAsync("A", 3);
        await StoreAsync(Snapshot("A", history[1], "state at 2"));

        var loaded = (await Snapshots.LoadAsync(["A", "B"], default)).Single();

        Assert.Equal("A", loaded.Key);
        Assert.True(loaded.Value.Head.IsSameAs(HeadOf(history[1])));
        Assert.Equal(1, loaded.Value.Version);
        Assert.True(loaded.Value.TryOpen(out var state));
        Assert.Equal("state at 2", Encoding.UTF8.GetString(state));
    }

    [Fact]
    public async Task Of_many_the_newest_is_kept_in_whatever_order_they_come()
    {
        var history = await StoredAsync("A", 3);

        await StoreAsync(Snapshot("A", history[1], "two"));
        await StoreAsync(Snapshot("A", history[0], "one"), Snapshot("A", history[2], "three"), Snapshot("A", history[1], "two"));
        await StoreAsync(Snapshot("A", history[0], "one"));

        Assert.Equal(3, (await Snapshots.LoadAsync(["A"], default))["A"].Head.Sequence);
    }

    [Fact]
    public async Task One_of_another_version_takes_the_place_of_the_one_that_nobody_reads()
    {
        var history = await StoredAsync("A", 3);
        await StoreAsync(Snapshot("A", history[2], "old form"));

        await StoreAsync(EntitySnapshot.Seal("A", HeadOf(history[1]), 2, "new form"u8));

        Assert.Equal(2, (await Snapshots.LoadAsync(["A"], default))["A"].Version);
    }

    [Fact]
    public async Task One_ahead_of_the_journal_is_not_given_out()
    {
        var history = JournalConformance.Chain("A", 3);
        await AppendAsync("A", history[..2]);
        await StoreAsync(Snapshot("A", history[2], "three"), Snapshot("B", history[0], "of nobody"));

        Assert.Empty(await Snapshots.LoadAsync(["A", "B"], default));

        await AppendAsync("A", history[2..]);
        Assert.Equal(["A"], (await Snapshots.LoadAsync(["A", "B"], default)).Keys);
    }

    private async Task<JournalRecord[]> StoredAsync(string entity, int count)
    {
        var history = JournalConformance.Chain(entity, count);
        await AppendAsync(entity, history);
        return history;
    }

    private async Task AppendAsync(string entity, JournalRecord[] records) =>
        Assert.Equal([AppendOutcome.Stored], await Journal.AppendAsync([new EntityAppend(entity, Shard, Epoch, false, records)], default));

    private async Task StoreAsync(params EntitySnapshot[] snapshots) => await Snapshots.StoreAsync(snapshots, default);

    private static EntitySnapshot Snapshot(string entity, JournalRecord at, string state) => EntitySnapshot.Seal(entity, HeadOf(at), 1, Encoding.UTF8.GetBytes(state));

    private static JournalHead HeadOf(JournalRecord record) => new(record.Sequence, record.Hash);
}
