using System.Buffers;

namespace Backup.Actor.Kernel.Journal;

/// <summary>Turns a whole state into stored bytes and back, for snapshots.</summary>
/// <remarks>Safe for threads.</remarks>
public interface IStateCodec<TState>
{
    /// <summary>Of the format written now, the only one that is read: a state of another version is folded anew from its history.</summary>
    short Version { get; }

    /// <summary>Equal states give equal bytes, so that a snapshot can be held against a replay.</summary>
    void Encode(TState state, IBufferWriter<byte> payload);

    /// <summary>Throws whatever it likes when the bytes are no state.</summary>
    TState Decode(ReadOnlySpan<byte> payload);
}

/// <summary>Where a region keeps snapshots of its entities, and in which format.</summary>
public sealed record StateSnapshots<TState>(ISnapshotStore Store, IStateCodec<TState> Codec);
