using System.Diagnostics;
using Backup.Actor.Kernel.Journal;
using Backup.Journal.Sqlite;

namespace Backup.Journal.Bench;

/// <summary>The embedded store alone: groups of 100 records of 100 accounts, one commit after the other.</summary>
internal sealed class JournalGroups : ISide
{
    private const int GroupRecords = 100;
    private readonly byte[] _payload = new byte[LedgerBehavior.PayloadBytes];
    private readonly JournalHead[] _heads;
    private readonly FolderLease _lease;
    private readonly SqliteJournal _journal;
    private int _next;

    public JournalGroups(string folder, int entities)
    {
        _lease = FolderLease.Acquire(folder, "bench", TimeProvider.System);
        _journal = new SqliteJournal(_lease);
        _heads = [.. Enumerable.Repeat(JournalHead.Empty, entities)];
    }

    public string Name => $"SQLite, groups of {GroupRecords}";

    public async Task<Reading> RunAsync(TimeSpan time)
    {
        var watch = new Stopwatches();
        var began = Stopwatch.GetTimestamp();
        var spent = TimeSpan.Zero;
        while (Stopwatch.GetElapsedTime(began) < time)
        {
            // Making the records (their hashes above all) is the actors' work, not the store's: it is not counted.
            var making = Stopwatch.GetTimestamp();
            var group = MakeGroup();
            spent += Stopwatch.GetElapsedTime(making);

            var at = Stopwatch.GetTimestamp();
            var outcomes = await _journal.AppendAsync(group, CancellationToken.None);
            watch.Add(at);
            if (outcomes.Any(outcome => outcome != AppendOutcome.Stored))
            {
                throw new InvalidOperationException("an append was not stored");
            }
        }

        var reading = watch.Read();
        return reading with { Seconds = reading.Seconds - spent.TotalSeconds };
    }

    public async ValueTask DisposeAsync()
    {
        await _journal.DisposeAsync();
        _lease.Dispose();
    }

    private List<EntityAppend> MakeGroup()
    {
        var group = new List<EntityAppend>(GroupRecords);
        var now = HashChain.FromMicroseconds(HashChain.MicrosecondsOf(TimeProvider.System.GetUtcNow()));
        for (var i = 0; i < GroupRecords; i++)
        {
            // A stride that shares no factor with the number of accounts visits all of them, scattered.
            _next = (_next + 617) % _heads.Length;
            var entity = $"C{_next:D5}";
            var head = _heads[_next];
            var hash = HashChain.Next(head.Hash.Span, entity, head.Sequence + 1, now, 1, 1, _payload);
            var record = new JournalRecord(head.Sequence + 1, now, 1, 1, _payload, hash);
            _heads[_next] = new JournalHead(record.Sequence, hash);
            group.Add(new EntityAppend(entity, 0, _lease.Epoch, false, [record]));
        }

        return group;
    }
}
