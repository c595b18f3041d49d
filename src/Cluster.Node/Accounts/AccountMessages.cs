using System.Buffers;
using Backup.Account.Domain;
using Backup.Account.Domain.Journal;
using Backup.Actor.Kernel.Regions;

namespace Backup.Cluster.Node.Accounts;

/// <summary>How what is asked of accounts, and what they answer, travels between nodes.</summary>
internal sealed class AccountMessages : IEntityMessages<AccountCommand, AccountReply, AccountState>
{
    /// <remarks>
    /// Not: a change asked for twice is refused the second time, and the go-ahead for an order is given once. All others name what they want by an id
    /// or a place in the exchange's journal, or change nothing.
    /// </remarks>
    public bool MayRepeat(AccountCommand command) => command is not (
        AccountCommand.ModifyOrder or AccountCommand.AuthorizeSend or AccountCommand.AuthorizeCancel or AccountCommand.AuthorizeModify or AccountCommand.LapseOrder
        or AccountCommand.CancelOrder or AccountCommand.StopPlan or AccountCommand.ReleaseHedges);

    public void WriteCommand(AccountCommand command, IBufferWriter<byte> writer) => AccountMessageCodec.EncodeCommand(command, writer);

    public AccountCommand ReadCommand(ReadOnlySpan<byte> bytes) => AccountMessageCodec.DecodeCommand(bytes);

    public void WriteReply(AccountReply reply, IBufferWriter<byte> writer) => AccountMessageCodec.EncodeReply(reply, writer);

    public AccountReply ReadReply(ReadOnlySpan<byte> bytes) => AccountMessageCodec.DecodeReply(bytes);

    public void WriteView(AccountState view, IBufferWriter<byte> writer) => AccountStateCodec.Encode(view, writer);

    public AccountState ReadView(ReadOnlySpan<byte> bytes) => AccountStateCodec.Decode(bytes);
}
