using System.Buffers;
using Backup.Account.Domain;
using Backup.Account.Domain.Journal;
using Backup.Actor.Kernel.Journal;

namespace Backup.Cluster.Simulation.Nodes;

/// <summary>States of accounts as snapshots keep them.</summary>
internal sealed class AccountSnapshots : IStateCodec<AccountState>
{
    public short Version => 1;

    public void Encode(AccountState state, IBufferWriter<byte> payload) => AccountStateCodec.Encode(state, payload);

    public AccountState Decode(ReadOnlySpan<byte> payload) => AccountStateCodec.Decode(payload);
}
