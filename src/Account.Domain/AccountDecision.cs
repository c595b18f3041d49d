using System.Collections.Immutable;

namespace Backup.Account.Domain;

/// <summary>Events to store and the answer to give once they are stored.</summary>
public readonly record struct AccountDecision(ImmutableArray<AccountEvent> Events, AccountReply Reply)
{
    public static AccountDecision NothingToDo { get; } = new([], AccountReply.Done.Instance);

    public static AccountDecision Answer(AccountReply reply) => new([], reply);

    public static AccountDecision Refuse(Refusal refusal) => new([], new AccountReply.Refused(refusal));

    public static AccountDecision Refuse(RefusalCode code, string message) => Refuse(new Refusal(code, message));

    public static AccountDecision Record(AccountReply reply, params ImmutableArray<AccountEvent> events) => new(events, reply);

    public static AccountDecision Record(params ImmutableArray<AccountEvent> events) => new(events, AccountReply.Done.Instance);
}
