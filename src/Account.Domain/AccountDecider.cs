using System.Collections.Immutable;
using System.Diagnostics;
using Backup.Account.Domain.Market;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Plans;

namespace Backup.Account.Domain;

/// <summary>The account as pure functions: which events follow from a command, and what the state is after an event.</summary>
public static class AccountDecider
{
    public static AccountState Initial(string accountId) => new(accountId);

    /// <summary>What follows from the command, and from that for the plans that run and for the legs of the main site's brackets.</summary>
    /// <param name="rules">What the exchange fixes and the broker chose; <see cref="TradingRules.Open"/> when null.</param>
    public static AccountDecision Decide(AccountState state, AccountCommand command, DateTimeOffset now, TradingRules? rules = null)
    {
        rules ??= TradingRules.Open;
        var decision = DecideCommand(state, command, now, rules);
        var moves = PlanProgress.MayFollow(state, decision.Events);
        var brackets = BracketRules.MayFollow(state, decision.Events);
        if (!moves && !brackets)
        {
            return decision;
        }

        var turn = new Turn(state, now, rules);
        turn.Add(decision.Events.AsSpan());
        if (brackets)
        {
            BracketRules.Follow(turn);
        }

        if (moves)
        {
            PlanProgress.Advance(turn);
        }
        return decision with { Events = turn.Events };
    }

    private static AccountDecision DecideCommand(AccountState state, AccountCommand command, DateTimeOffset now, TradingRules rules) => command switch
    {
        AccountCommand.OpenDay open => DecideOpenDay(state, open),
        AccountCommand.CarryOrders carry => CarriedRules.Decide(state, carry),
        AccountCommand.StartPlan start => PlanRules.Start(state, start, now, rules),
        AccountCommand.StopPlan stop => PlanRules.Stop(state, stop, now, rules),
        AccountCommand.ReleaseHedges release => PlanRules.ReleaseHedges(state, release, now, rules),
        AccountCommand.ReviewPlans review => PlanReview.Decide(state, review, now, rules),
        AccountCommand.CancelOrder cancel => CancelRules.Decide(state, cancel),
        AccountCommand.ModifyOrder modify => ModifyRules.Decide(state, modify, now, rules),
        AccountCommand.AuthorizeSend send => SendRules.DecideSend(state, send, now, rules),
        AccountCommand.AuthorizeCancel cancel => SendRules.DecideCancel(state, cancel),
        AccountCommand.AuthorizeModify modify => ModifyRules.DecideSend(state, modify),
        AccountCommand.RecordReport record => ReportRules.Decide(state, record.Report),
        AccountCommand.LoseSession lost => RecoveryRules.DecideLost(state, lost),
        AccountCommand.ConcludeRecovery conclude => RecoveryRules.DecideConclusion(state, conclude),
        AccountCommand.LoseStream lost => RecoveryRules.DecideStreamLost(state, lost),
        AccountCommand.LapseOrder lapse => RecoveryRules.DecideLapse(state, lapse),
        AccountCommand.Show => AccountDecision.Answer(new AccountReply.Shown(state)),
        _ => throw new UnreachableException($"No rule for {command.GetType().Name}."),
    };

    public static AccountState Evolve(AccountState state, AccountEvent recorded, DateTimeOffset at) =>
        AccountFold.Evolve(state, recorded, at);

    private static AccountDecision DecideOpenDay(AccountState state, AccountCommand.OpenDay open)
    {
        if (state.BusinessDate == open.BusinessDate && state.DatasetHash != open.DatasetHash)
        {
            return AccountDecision.Refuse(
                RefusalCode.DayOpenedFromOtherData,
                $"The day {open.BusinessDate:yyyy-MM-dd} was opened from the dataset {Short(state.DatasetHash)}; positions of {Short(open.DatasetHash)} cannot replace it, because orders may rest on it.");
        }

        if (state.BusinessDate >= open.BusinessDate)
        {
            return AccountDecision.NothingToDo;
        }

        var positions = open.Positions.Sort(static (a, b) => a.Key.CompareTo(b.Key));
        return AccountDecision.Record(new AccountEvent.DayOpened(open.BusinessDate, open.DatasetHash, positions));
    }

    private static string Short(string hash) => hash.Length > 12 ? hash[..12] : hash;

    /// <summary>
    /// What must happen outside because of the change: orders and cancels that may go now and could not before. With the
    /// initial state as <paramref name="before"/> this is everything that a new owner must drive again.
    /// </summary>
    public static ImmutableArray<AccountEffect> EffectsOf(AccountState before, AccountState after)
    {
        if (after.Working.IsEmpty)
        {
            return [];
        }

        var effects = ImmutableArray.CreateBuilder<AccountEffect>();
        if (after.FollowsPrices && !before.FollowsPrices)
        {
            effects.Add(new AccountEffect.FollowPrices());
        }

        foreach (var order in after.WorkingOrders)
        {
            var was = before.Orders.GetValueOrDefault(order.Id);
            if (SendRules.MaySend(after, order) && !(was is not null && SendRules.MaySend(before, was)))
            {
                effects.Add(new AccountEffect.SendOrder(order.Id, order.Segment));
            }

            if (SendRules.MaySendCancel(order) && !(was is not null && SendRules.MaySendCancel(was)))
            {
                effects.Add(new AccountEffect.SendCancel(order.Id, order.Segment));
            }

            if (ModifyRules.MaySend(order) && !(was is not null && ModifyRules.MaySend(was)))
            {
                effects.Add(new AccountEffect.SendModify(order.Id, order.Segment));
            }
        }

        return effects.ToImmutable();
    }
}
