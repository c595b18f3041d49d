using Backup.Actor.Kernel.Journal;
using Backup.Journal.Postgres;
using Xunit;

namespace Backup.Journal.Conformance;

public sealed class MemorySnapshotTests : SnapshotConformance
{
    private readonly MemoryJournal _journal = new();

    public MemorySnapshotTests()
    {
        _journal.TakeShard(Shard, Epoch);
        Snapshots = new MemorySnapshotStore(_journal);
    }

    protected override IJournal Journal => _journal;

    protected override ISnapshotStore Snapshots { get; }

    protected override long Epoch => 5;
}

public sealed class PostgresSnapshotTests(SharedPostgres shared) : SnapshotConformance, IAsyncLifetime
{
    private PostgresUse _use = null!;
    private long _epoch;

    protected override IJournal Journal => _use.Journal;

    protected override ISnapshotStore Snapshots => new PostgresSnapshotStore(_use.Database);

    protected override long Epoch => _epoch;

    public async ValueTask InitializeAsync()
    {
        var name = await shared.NewDatabaseAsync();
        _use = await PostgresUse.OpenAsync(shared.Server, name);
        _epoch = (await _use.TakeAsync(Shard)).Epoch;
    }

    public ValueTask DisposeAsync() => _use.DisposeAsync();

    [Fact]
    public async Task All_of_them_can_be_read_in_order()
    {
        foreach (var name in new[] { "B", "A" })
        {
            var history = JournalConformance.Chain(name, 1);
            await Journal.AppendAsync([new EntityAppend(name, Shard, Epoch, false, history)], default);
            await Snapshots.StoreAsync([EntitySnapshot.Seal(name, new JournalHead(1, history[0].Hash), 1, "{}"u8)], default);
        }

        var read = new List<EntitySnapshot>();
        await foreach (var snapshot in new PostgresSnapshotStore(_use.Database).ReadAllAsync(default))
        {
            read.Add(snapshot);
        }

        Assert.Equal(["A", "B"], read.Select(snapshot => snapshot.Entity));
        Assert.All(read, snapshot => Assert.True(snapshot.TryOpen(out _)));
    }
}
