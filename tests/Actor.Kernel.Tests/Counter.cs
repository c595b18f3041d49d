using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Backup.Actor.Kernel.Entities;
using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Regions;

namespace Backup.Actor.Kernel.Tests;

/// <summary>The smallest entity: a sum. "+3" adds, "?" asks, "poison" is a defect in deciding, "unfoldable" one in folding.</summary>
internal sealed record Sum(long Value, bool Unfinished);

internal sealed class SumBehavior : IEntityBehavior<Sum, string, string, long, string>, IEventCodec<string>
{
    public Sum Initial(string entityId) => new(0, false);

    public Decision<string, long> Decide(Sum state, string command, DateTimeOffset now) => command switch
    {
        "?" => new([], state.Value),
        "poison" => throw new InvalidOperationException("poisoned"),
        "nothing" => new([], -1),
        _ => new([command], state.Value),
    };

    public Sum Evolve(Sum state, string recorded, DateTimeOffset at) => recorded switch
    {
        "unfoldable" => throw new InvalidOperationException("cannot be folded"),
        "begin" => state with { Unfinished = true },
        "end" => state with { Unfinished = false },
        _ => state with { Value = state.Value + long.Parse(recorded) },
    };

    public ImmutableArray<string> EffectsOf(Sum before, Sum after) =>
        after.Unfinished && !before.Unfinished ? ["work"] : [];

    public bool HasPendingWork(Sum state) => state.Unfinished;

    public (short Type, short Version) Encode(string recorded, IBufferWriter<byte> payload)
    {
        payload.Write(Encoding.UTF8.GetBytes(recorded));
        return (1, 1);
    }

    public string Decode(short type, short version, ReadOnlySpan<byte> payload) =>
        type == 1 ? Encoding.UTF8.GetString(payload) : throw new UnknownEventException(type, version);
}

/// <summary>Writes down what a region tells its owner.</summary>
internal sealed class Notes : IRegionObserver<string>
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];

    public string[] Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    public void Handle(string entityId, ImmutableArray<string> effects) => Add($"effect {entityId} {string.Join(',', effects)}");

    public void Quarantined(string entityId, string reason) => Add($"quarantined {entityId}");

    public void Defect(string entityId, Exception defect) => Add($"defect {entityId} {defect.Message}");

    public void Fenced(int shard) => Add("fenced");

    private void Add(string line)
    {
        lock (_gate)
        {
            _lines.Add(line);
        }
    }
}

/// <summary>A journal whose appends wait until the test lets them go, with the outcome the test wants.</summary>
internal sealed class HeldJournal(MemoryJournal inner) : IJournal
{
    private readonly SemaphoreSlim _entered = new(0);
    private TaskCompletionSource<AppendOutcome?>? _held;

    /// <summary>When set, appends are held.</summary>
    public bool Holding { get; set; }

    /// <summary>When set, nothing can be read, as from a database that restarts.</summary>
    public bool IsAway { get; set; }

    public int ReadsInVain { get; private set; }

    public int Appends { get; private set; }

    /// <summary>Records handed out to entities that woke.</summary>
    public int RecordsRead { get; private set; }

    public void ForgetReads() => RecordsRead = 0;

    public Task WaitForAppendAsync() => _entered.WaitAsync();

    /// <summary>Lets the held append go: null stores it; an outcome is answered without storing; Unknown stores and then loses the answer.</summary>
    public void Release(AppendOutcome? outcome = null) => _held!.SetResult(outcome);

    public async ValueTask<IReadOnlyList<AppendOutcome>> AppendAsync(IReadOnlyList<EntityAppend> batch, CancellationToken cancellationToken)
    {
        Appends++;
        if (!Holding)
        {
            return await inner.AppendAsync(batch, cancellationToken);
        }

        _held = new TaskCompletionSource<AppendOutcome?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _entered.Release();
        switch (await _held.Task)
        {
            case null:
                return await inner.AppendAsync(batch, cancellationToken);
            case AppendOutcome.Unknown:
                await inner.AppendAsync(batch, cancellationToken);
                throw new IOException("the answer was lost");
            case { } outcome:
                return [.. batch.Select(_ => outcome)];
        }
    }

    public ValueTask<IReadOnlyDictionary<string, IReadOnlyList<JournalRecord>>> ReadAsync(
        IReadOnlyCollection<string> entities, CancellationToken cancellationToken) => ReadAsync(() => inner.ReadAsync(entities, cancellationToken));

    public ValueTask<IReadOnlyDictionary<string, IReadOnlyList<JournalRecord>>> ReadFromAsync(
        IReadOnlyDictionary<string, long> sequences, CancellationToken cancellationToken) => ReadAsync(() => inner.ReadFromAsync(sequences, cancellationToken));

    public ValueTask<JournalHead> ReadHeadAsync(string entity, CancellationToken cancellationToken) =>
        IsAway ? throw new JournalException("the database is away") : inner.ReadHeadAsync(entity, cancellationToken);

    public ValueTask<IReadOnlyList<string>> ReadPendingWorkAsync(CancellationToken cancellationToken) => inner.ReadPendingWorkAsync(cancellationToken);

    public ValueTask<IReadOnlyList<string>> ReadPendingWorkAsync(IReadOnlyCollection<int> shards, CancellationToken cancellationToken) =>
        inner.ReadPendingWorkAsync(shards, cancellationToken);

    public ValueTask<IReadOnlyList<string>> ReadEntitiesAsync(CancellationToken cancellationToken) => inner.ReadEntitiesAsync(cancellationToken);

    public IAsyncEnumerable<StoredRecord> ReadAllAsync(CancellationToken cancellationToken) => inner.ReadAllAsync(cancellationToken);

    private async ValueTask<IReadOnlyDictionary<string, IReadOnlyList<JournalRecord>>> ReadAsync(
        Func<ValueTask<IReadOnlyDictionary<string, IReadOnlyList<JournalRecord>>>> read)
    {
        if (IsAway)
        {
            ReadsInVain++;
            throw new JournalException("the database is away");
        }

        var histories = await read();
        RecordsRead += histories.Values.Sum(history => history.Count);
        return histories;
    }
}
