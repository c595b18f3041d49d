using System.Diagnostics;
using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Regions;
using Backup.Journal.Postgres;

namespace Backup.Journal.Bench.Postgres;

/// <summary>Cold actors woken as fast as they answer, 256 askers; each round begins with nobody in memory.</summary>
/// <param name="batch">Accounts that one query loads at most.</param>
/// <param name="snapshots">Null: every history is folded from its beginning.</param>
internal sealed class Activations(PostgresJournal journal, int entities, int records, int batch, StateSnapshots<Ledger>? snapshots = null) : ISide
{
    private const int Askers = 256;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public string Name =>
        $"cold activations, {records} events each, {batch} account{(batch == 1 ? "" : "s")} a query{(snapshots is null ? "" : ", snapshots looked for")}";

    public async Task<Reading> RunAsync(TimeSpan time)
    {
        var watch = new Stopwatches();
        var until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() < until)
        {
            await using var region = new EntityRegion<Ledger, LedgerBehavior.Command, byte[], long, int>(
                new LedgerBehavior(), new LedgerBehavior(), journal, 1, TimeProvider.System, new RegionOptions { ActivationBatchMax = batch }, new TroubleOnly(), snapshots);
            var next = -1;
            await Task.WhenAll(Enumerable.Range(0, Askers).Select(_ => Task.Run(async () =>
            {
                while (Interlocked.Increment(ref next) is var i && i < entities && Stopwatch.GetTimestamp() is var at && at < until)
                {
                    var result = await region.AskAsync($"C{i:D5}", LedgerBehavior.Command.Show, Deadline);
                    if (result.Reply != records)
                    {
                        throw new InvalidOperationException($"an ask ended with {result.Status}: {result.Detail}");
                    }

                    watch.Add(at);
                }
            })));
            if (region.Snapshots.PassedOver > 0)
            {
                throw new InvalidOperationException("a snapshot was there and not used");
            }
        }

        return watch.Read();
    }

    /// <summary>Keeps a snapshot of every account, so many records before its end.</summary>
    public static async Task KeepSnapshotsAsync(PostgresJournal journal, StateSnapshots<Ledger> snapshots, int entities, int tail)
    {
        var encoded = new System.Buffers.ArrayBufferWriter<byte>();
        foreach (var some in Enumerable.Range(0, entities).Select(i => $"C{i:D5}").Chunk(100))
        {
            var histories = await journal.ReadAsync(some, CancellationToken.None);
            await snapshots.Store.StoreAsync(
                [
                    .. histories.Select(history =>
                    {
                        var last = history.Value[^(tail + 1)];
                        encoded.ResetWrittenCount();
                        snapshots.Codec.Encode(new Ledger(last.Sequence), encoded);
                        return EntitySnapshot.Seal(history.Key, new JournalHead(last.Sequence, last.Hash), snapshots.Codec.Version, encoded.WrittenSpan);
                    }),
                ],
                CancellationToken.None);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
