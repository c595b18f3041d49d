using System.Buffers;
using Backup.Account.Domain;
using Backup.Account.Domain.Journal;
using Backup.Actor.Kernel.Journal;

namespace Backup.Operator.Cli;

/// <summary>
/// Holds every snapshot against the state that the journal gives at its event. One that is damaged, of another version or of another history is
/// only counted: no account wakes from it. One that an account does wake from must be that state, to the last byte.
/// </summary>
internal sealed class SnapshotVerification
{
    /// <summary>By account: what is claimed of which event. The states themselves are not kept; their seal stands for them.</summary>
    private readonly Dictionary<string, (JournalHead Head, byte[] Seal)> _claims = new(StringComparer.Ordinal);
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private int _all;

    /// <summary>Those that are the state of their event.</summary>
    internal int Good { get; private set; }

    /// <summary>Those that no account would wake from.</summary>
    internal int Unusable => _all - Good - Wrong;

    /// <summary>Those that an account would wake from, and that are not the state of their event.</summary>
    internal int Wrong { get; private set; }

    internal static async Task<SnapshotVerification> ReadAsync(IAsyncEnumerable<EntitySnapshot> snapshots, CancellationToken stop)
    {
        var verification = new SnapshotVerification();
        await foreach (var snapshot in snapshots.WithCancellation(stop))
        {
            verification._all++;
            if (snapshot.Version == AccountStateCodec.Version && snapshot.TryOpen(out _))
            {
                verification._claims[snapshot.Entity] = (snapshot.Head, snapshot.State.Span[..HashChain.HashLength].ToArray());
            }
        }

        return verification;
    }

    /// <summary>What is wrong with the snapshot of this very event; null when it is right, or there is none.</summary>
    internal string? Judge(string account, JournalHead head, AccountState state)
    {
        if (!_claims.TryGetValue(account, out var claim) || !claim.Head.IsSameAs(head))
        {
            return null;
        }

        _buffer.ResetWrittenCount();
        AccountStateCodec.Encode(state, _buffer);
        var told = EntitySnapshot.Seal(account, head, AccountStateCodec.Version, _buffer.WrittenSpan);
        if (told.State.Span[..HashChain.HashLength].SequenceEqual(claim.Seal))
        {
            Good++;
            return null;
        }

        Wrong++;
        return "its snapshot is not the state that the events up to it give: delete it from the table snapshot, then restart the node that has the account";
    }
}
