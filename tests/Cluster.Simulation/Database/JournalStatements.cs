using System.Collections.Immutable;
using Backup.Actor.Kernel.Journal;

namespace Backup.Cluster.Simulation.Database;

/// <summary>The statements of src/Journal.Postgres on journal and writers, as functions of the rows.</summary>
internal sealed class JournalStatements(DatabaseFlaws flaws)
{
    /// <summary>The barrier: the writer's row counts up, and an append under way of an earlier session of the writer is waited for.</summary>
    internal Statement Barrier(string writer) => new("barrier", flaws.NoBarrier ? [] : [new RowLock(RowKey.Writer(writer), IsShared: false)], rows =>
    {
        var row = new WriterRow((rows.Find<WriterRow>(RowKey.Writer(writer))?.Incarnation ?? 0) + 1);
        return flaws.NoBarrier
            ? Work.Read(rows.Find<WriterRow>(RowKey.Writer(writer))?.Incarnation ?? 0)
            : Work.Write(row.Incarnation, (RowKey.Writer(writer), row));
    });

    internal Statement Append(string writer, long incarnation, IReadOnlyList<EntityAppend> batch)
    {
        var heads = batch.Select(append => new RowLock(RowKey.Head(append.Entity), IsShared: false)).Distinct();
        var fences = batch.Select(append => new RowLock(ShardOf(append), IsShared: true)).Distinct().Prepend(new RowLock(RowKey.Writer(writer), IsShared: true));
        return new Statement(
            $"append of {batch.Count}", flaws.FenceWithoutLock || flaws.NoFence ? [.. heads] : [.. fences, .. heads], rows => Append(rows, writer, incarnation, batch));
    }

    internal static Statement Read(IReadOnlyCollection<string> entities) => new("histories", [], rows => Work.Read(
        entities.Distinct(StringComparer.Ordinal).ToDictionary(entity => entity, rows.History, StringComparer.Ordinal)));

    internal static Statement Heads(IReadOnlyCollection<string> entities) => new("heads", [], rows => Work.Read(
        entities.ToDictionary(entity => entity, entity => rows.Find<HeadRow>(RowKey.Head(entity))?.Head ?? JournalHead.Empty, StringComparer.Ordinal)));

    internal static Statement Pending(IReadOnlyCollection<int>? shards) => new("pending", [], rows => Work.Read(
        rows.All<HeadRow>(Table.Head).Where(head => head.Pending && (shards?.Contains(head.Shard) ?? true)).Select(head => head.Entity).ToList()));

    internal static Statement Entities { get; } = new("entities", [], rows => Work.Read(rows.Entities.ToList()));

    internal static Statement All { get; } = new("journal", [], rows => Work.Read(rows.Events.ToList()));

    private Work Append(Rows rows, string writer, long incarnation, IReadOnlyList<EntityAppend> batch)
    {
        var outcomes = new AppendOutcome[batch.Count];
        var heads = new Dictionary<string, HeadRow>(StringComparer.Ordinal);
        var appends = ImmutableArray.CreateBuilder<EntityAppend>();
        var isWriter = rows.Find<WriterRow>(RowKey.Writer(writer))?.Incarnation == incarnation || flaws.NoFence || flaws.NoBarrier;
        for (var i = 0; i < batch.Count; i++)
        {
            var append = batch[i];
            var head = heads.GetValueOrDefault(append.Entity) ?? rows.Find<HeadRow>(RowKey.Head(append.Entity));
            var isHeld = flaws.NoFence || (isWriter && rows.Find<LeaseRow>(ShardOf(append))?.Epoch == append.Epoch);
            outcomes[i] = !isHeld ? AppendOutcome.Fenced
                : append.Records[0].Sequence != (head?.Head.Sequence ?? 0) + 1 || (head is not null && head.Shard != append.Shard) ? AppendOutcome.Conflict
                : AppendOutcome.Stored;
            if (outcomes[i] == AppendOutcome.Stored)
            {
                heads[append.Entity] = new HeadRow(append.Entity, append.Shard, append.Epoch, append.HeadAfter, append.PendingWork);
                appends.Add(append);
            }
        }

        return new Work(outcomes, [.. heads.Select(head => (RowKey.Head(head.Key), (object)head.Value))], appends.ToImmutable());
    }

    private static RowKey ShardOf(EntityAppend append) => RowKey.Of(Actor.Kernel.Leases.LeaseKey.ForShard(append.Shard));
}
