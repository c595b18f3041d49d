using System.Buffers;
using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Regions;

namespace Backup.Actor.Kernel.Entities;

/// <summary>
/// Writes snapshots beside everything else: one batch at a time, each when the one before is done. What finds no place in the queue is
/// dropped; the cache then is older, and nothing waits.
/// </summary>
internal sealed class SnapshotWriter<TState>(StateSnapshots<TState> snapshots, TimeProvider clock, RegionOptions options) : IDisposable
{
    private const int BatchMax = 16;

    /// <summary>A tail may be an eighth of its history: what is written for one event in all stays within bounds, however large a state grows.</summary>
    private const int TailShare = 8;

    private readonly Lock _gate = new();
    private readonly Queue<(string Entity, JournalHead Head, TState State)> _waiting = new();
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly CancellationTokenSource _stopping = new();
    private int _inHand;
    private bool _running;
    private bool _stopped;
    private Task _pump = Task.CompletedTask;

    /// <summary>States not stored yet: those in the queue and those in the batch under way.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count + _inHand;
            }
        }
    }

    public long Stored { get; private set; }

    public long Dropped { get; private set; }

    /// <summary>Why the last batch was not stored; null when it was.</summary>
    public string? Trouble { get; private set; }

    /// <param name="kept">The sequence of the last snapshot.</param>
    /// <param name="keptAt">Timestamp of when it was made.</param>
    public bool IsDue(long sequence, long kept, long keptAt) =>
        options.SnapshotEvery > 0 && sequence - kept >= Math.Max(options.SnapshotEvery, sequence / TailShare)
        && clock.GetElapsedTime(keptAt) >= options.SnapshotInterval;

    /// <summary>Whether an entity that leaves memory is worth one.</summary>
    public bool IsDueAtLeaving(long sequence, long kept) => options.SnapshotEvery > 0 && sequence - kept >= options.SnapshotIdleMin;

    /// <summary>False when it was dropped.</summary>
    public bool Offer(string entity, JournalHead head, TState state)
    {
        lock (_gate)
        {
            if (_stopped || _waiting.Count >= options.SnapshotsWaitingMax)
            {
                Dropped++;
                return false;
            }

            _waiting.Enqueue((entity, head, state));
            if (!_running)
            {
                _running = true;
                _pump = PumpAsync();
            }

            return true;
        }
    }

    /// <summary>Drops what waits, and returns when nothing is being written.</summary>
    public async Task StopAsync()
    {
        Task pump;
        lock (_gate)
        {
            _stopped = true;
            _waiting.Clear();
            pump = _pump;
        }

        _stopping.Cancel();
        await pump;
    }

    public void Dispose() => _stopping.Dispose();

    private async Task PumpAsync()
    {
        await Task.Yield();
        while (TakeBatch() is { Count: > 0 } batch)
        {
            try
            {
                await snapshots.Store.StoreAsync(batch.ConvertAll(Seal), _stopping.Token);
                Stored += batch.Count;
                Trouble = null;
            }
            catch (Exception failure)
            {
                // A state that cannot be written today is written another day, or not: the journal has it.
                Trouble = failure.Message;
                await RestAsync();
            }
        }
    }

    private async Task RestAsync()
    {
        try
        {
            await Task.Delay(options.SnapshotInterval, clock, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // Stopping: nothing more is taken.
        }
    }

    private EntitySnapshot Seal((string Entity, JournalHead Head, TState State) waiting)
    {
        _buffer.ResetWrittenCount();
        snapshots.Codec.Encode(waiting.State, _buffer);
        return EntitySnapshot.Seal(waiting.Entity, waiting.Head, snapshots.Codec.Version, _buffer.WrittenSpan);
    }

    private List<(string Entity, JournalHead Head, TState State)> TakeBatch()
    {
        var batch = new List<(string, JournalHead, TState)>();
        lock (_gate)
        {
            while (batch.Count < BatchMax && _waiting.TryDequeue(out var next))
            {
                batch.Add(next);
            }

            _inHand = batch.Count;
            _running = batch.Count > 0;
        }

        return batch;
    }
}
