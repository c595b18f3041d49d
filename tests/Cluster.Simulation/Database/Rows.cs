using System.Collections.Immutable;
using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Leases;

namespace Backup.Cluster.Simulation.Database;

/// <summary>The tables of src/Journal.Postgres, as far as anybody locks or reads them.</summary>
internal enum Table
{
    Writer,
    Shard,
    Singleton,
    Head,
    Member,
    Snapshot,
    Placement,
}

/// <summary>One row of one table.</summary>
internal readonly record struct RowKey(Table Table, string Key)
{
    internal static RowKey Of(LeaseKey lease) => lease.Singleton is { } name ? new(Table.Singleton, name) : new(Table.Shard, $"{lease.Shard:D4}");

    internal static RowKey Writer(string name) => new(Table.Writer, name);

    internal static RowKey Head(string entity) => new(Table.Head, entity);

    internal static RowKey Snapshot(string entity) => new(Table.Snapshot, entity);

    internal static RowKey Placement(int shard) => new(Table.Placement, $"{shard:D4}");

    internal static RowKey Member(string name) => new(Table.Member, name);
}

internal sealed record WriterRow(long Incarnation);

/// <param name="ExpiresAt">By the database's clock.</param>
internal sealed record LeaseRow(LeaseKey Key, string Owner, long Epoch, DateTimeOffset ExpiresAt);

/// <param name="Placement">Null: it was dropped.</param>
internal sealed record PlacementRow(int Shard, ShardPlacement? Placement);

internal sealed record HeadRow(string Entity, int Shard, long Epoch, JournalHead Head, bool Pending);

/// <param name="SessionServer">The life of the server in which its session was recorded; 0: never.</param>
internal sealed record MemberRow(Member Member, string Instance, DateTimeOffset ExpiresAt, int SessionServer)
{
    internal Member At(DateTimeOffset now) => Member with { ExpiresIn = ExpiresAt > now ? ExpiresAt - now : TimeSpan.Zero };
}

/// <summary>A transaction as the write-ahead log has it.</summary>
/// <param name="Number">Its place in the log, from 1.</param>
/// <param name="At">When it was flushed, in the world's time.</param>
internal sealed record Commit(long Number, TimeSpan At, ImmutableArray<(RowKey Key, object Row)> Rows, ImmutableArray<EntityAppend> Appends);

/// <summary>What a replay of the log gives: rows, and the histories of entities.</summary>
internal sealed class Rows
{
    private readonly Dictionary<RowKey, object> _rows = [];
    private readonly Dictionary<string, List<StoredRecord>> _histories = new(StringComparer.Ordinal);
    private readonly List<StoredRecord> _events = [];

    internal IReadOnlyList<StoredRecord> Events => _events;

    internal IEnumerable<string> Entities => _histories.Keys.Order(StringComparer.Ordinal);

    internal T? Find<T>(RowKey key)
        where T : class => _rows.TryGetValue(key, out var row) ? (T)row : null;

    /// <summary>All rows of a table, ordered by key.</summary>
    internal IEnumerable<T> All<T>(Table table) =>
        _rows.Where(row => row.Key.Table == table).OrderBy(row => row.Key.Key, StringComparer.Ordinal).Select(row => (T)row.Value);

    internal IReadOnlyList<JournalRecord> History(string entity) =>
        _histories.TryGetValue(entity, out var history) ? [.. history.Select(stored => stored.Record)] : [];

    internal void Apply(Commit commit)
    {
        foreach (var (key, row) in commit.Rows)
        {
            _rows[key] = row;
        }

        foreach (var append in commit.Appends)
        {
            if (!_histories.TryGetValue(append.Entity, out var history))
            {
                _histories[append.Entity] = history = [];
            }

            foreach (var record in append.Records)
            {
                var stored = new StoredRecord(_events.Count + 1, append.Shard, append.Entity, append.Epoch, record);
                _events.Add(stored);
                history.Add(stored);
            }
        }
    }
}
