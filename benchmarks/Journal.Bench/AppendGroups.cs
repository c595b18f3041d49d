using System.Diagnostics;
using Backup.Actor.Kernel.Journal;

namespace Backup.Journal.Bench;

/// <summary>Groups of records of many accounts, one record each, as group commit hands them to a store.</summary>
internal sealed class AppendGroups(int accounts, int records, long epoch)
{
    private readonly byte[] _payload = new byte[LedgerBehavior.PayloadBytes];
    private readonly JournalHead[] _heads = [.. Enumerable.Repeat(JournalHead.Empty, accounts)];
    private int _next;

    /// <summary>Stores one group after the other for so long.</summary>
    public async Task<Reading> RunAsync(TimeSpan time, Func<List<EntityAppend>, Task<IReadOnlyList<AppendOutcome>>> store)
    {
        var watch = new Stopwatches();
        var began = Stopwatch.GetTimestamp();
        var spent = TimeSpan.Zero;
        while (Stopwatch.GetElapsedTime(began) < time)
        {
            // Making the records (their hashes above all) is the actors' work, not the store's: it is not counted.
            var making = Stopwatch.GetTimestamp();
            var group = Next();
            spent += Stopwatch.GetElapsedTime(making);

            var at = Stopwatch.GetTimestamp();
            var outcomes = await store(group);
            watch.Add(at);
            RequireStored(outcomes);
        }

        var reading = watch.Read();
        return reading with { Seconds = reading.Seconds - spent.TotalSeconds };
    }

    public static void RequireStored(IReadOnlyList<AppendOutcome> outcomes)
    {
        if (outcomes.Any(outcome => outcome != AppendOutcome.Stored))
        {
            throw new InvalidOperationException("an append was not stored");
        }
    }

    public List<EntityAppend> Next()
    {
        var group = new List<EntityAppend>(records);
        var now = HashChain.FromMicroseconds(HashChain.MicrosecondsOf(TimeProvider.System.GetUtcNow()));
        for (var i = 0; i < records; i++)
        {
            // A stride that shares no factor with the number of accounts visits all of them, scattered.
            _next = (_next + 617) % _heads.Length;
            var entity = $"C{_next:D5}";
            var head = _heads[_next];
            var hash = HashChain.Next(head.Hash.Span, entity, head.Sequence + 1, now, 1, 1, _payload);
            var record = new JournalRecord(head.Sequence + 1, now, 1, 1, _payload, hash);
            _heads[_next] = new JournalHead(record.Sequence, hash);
            group.Add(new EntityAppend(entity, 0, epoch, false, [record]));
        }

        return group;
    }
}
