using System.Buffers;
using System.Text;
using Backup.Actor.Kernel.Journal;

namespace Backup.Actor.Kernel.Tests;

/// <summary>A sum as text: 7 or 7!.</summary>
internal sealed class SumText(short version = 1) : IStateCodec<Sum>
{
    public short Version => version;

    public void Encode(Sum state, IBufferWriter<byte> payload) => payload.Write(Encoding.UTF8.GetBytes($"{state.Value}{(state.Unfinished ? "!" : "")}"));

    public Sum Decode(ReadOnlySpan<byte> payload)
    {
        var text = Encoding.UTF8.GetString(payload);
        return new Sum(long.Parse(text.TrimEnd('!')), text.EndsWith('!'));
    }
}

/// <summary>Snapshots that a test can hold back, lose the way to, and spoil.</summary>
internal sealed class Shelf(IJournalReader journal) : ISnapshotStore
{
    private readonly MemorySnapshotStore _inner = new(journal);
    private TaskCompletionSource _open = Opened();

    /// <summary>Nothing can be stored or read.</summary>
    public bool IsAway { get; set; }

    /// <summary>What happens to a snapshot on its way back.</summary>
    public Func<EntitySnapshot, EntitySnapshot> Spoil { get; set; } = snapshot => snapshot;

    /// <summary>Calls of the writer so far.</summary>
    public int Stores { get; private set; }

    public void Hold() => _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void LetGo() => _open.TrySetResult();

    public async ValueTask StoreAsync(IReadOnlyCollection<EntitySnapshot> snapshots, CancellationToken cancellationToken)
    {
        Stores++;
        await _open.Task.WaitAsync(cancellationToken);
        ThrowIfAway();
        await _inner.StoreAsync(snapshots, cancellationToken);
    }

    public async ValueTask<IReadOnlyDictionary<string, EntitySnapshot>> LoadAsync(IReadOnlyCollection<string> entities, CancellationToken cancellationToken)
    {
        ThrowIfAway();
        return (await _inner.LoadAsync(entities, cancellationToken)).ToDictionary(one => one.Key, one => Spoil(one.Value), StringComparer.Ordinal);
    }

    private void ThrowIfAway()
    {
        if (IsAway)
        {
            throw new JournalException("the shelf is away");
        }
    }

    private static TaskCompletionSource Opened()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }
}
