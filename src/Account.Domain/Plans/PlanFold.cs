using System.Diagnostics;
using Backup.Account.Domain.Orders;

namespace Backup.Account.Domain.Plans;

/// <summary>An event about one plan.</summary>
internal interface IPlanEvent
{
    string PlanId { get; }
}

/// <summary>What an event makes of a plan.</summary>
internal static class PlanFold
{
    internal static AccountState Evolve(AccountState state, IPlanEvent recorded, DateTimeOffset at) => recorded switch
    {
        AccountEvent.ExitAccepted old => Old(state, old, at),
        AccountEvent.PlanAccepted accepted => RequestRules.Counted(state, accepted.RequestedBy, at) with
        {
            Plans = state.Plans.Add(accepted.PlanId, new Plan(
                accepted.PlanId, accepted.Fingerprint, accepted.Options, accepted.Lines, accepted.Refused, accepted.RequestedBy, at)
            {
                Previous = state.LastPlan,
                Evidence = accepted.Evidence,
            }),
            LastPlan = accepted.PlanId,
            RunningPlans = state.RunningPlans.Add(accepted.PlanId),
        },
        AccountEvent.PlanLineReduced reduced => Evolve(state, reduced.PlanId, plan => WithLine(plan, reduced.Key, line => line with
        {
            Quantity = reduced.Quantity,
            Reduced = reduced.Reason,
        })),
        AccountEvent.PlanHedgesReleased released => Evolve(state, released.PlanId, plan => plan with { HedgesReleasedBy = released.RequestedBy, ReleaseEvidence = released.Evidence }),
        AccountEvent.PlanStopped stopped => Evolve(state, stopped.PlanId, plan => plan with { StoppedBy = stopped.RequestedBy, StopEvidence = stopped.Evidence }),
        AccountEvent.PlanEnded ended => Evolve(state, ended.PlanId, plan => plan with { EndedAt = at }) with
        {
            RunningPlans = state.RunningPlans.Remove(ended.PlanId),
        },
        _ => throw new UnreachableException($"No fold for {recorded.GetType().Name}."),
    };

    internal static AccountState Evolve(AccountState state, string id, Func<Plan, Plan> change) => state with
    {
        Plans = state.Plans.SetItem(id, change(state.Plans[id])),
    };

    /// <summary>An order of a plan: so much more of its line is released.</summary>
    internal static AccountState Release(AccountState state, AccountEvent.OrderAccepted accepted, ClientOrderId id) =>
        Evolve(state, accepted.ExitId, plan => WithLine(plan, accepted.Key, line => line with { Released = line.Released + accepted.Quantity }) with
        {
            Orders = plan.Orders.Add(id),
        });

    private static Plan WithLine(Plan plan, PositionKey key, Func<PlanLine, PlanLine> change) =>
        plan.LineOf(key) is { } line ? plan with { Lines = plan.Lines.Replace(line, change(line)) } : plan;

    /// <summary>An exit of a journal from before there were plans: its orders follow at once, and nothing of it is left to run.</summary>
    private static AccountState Old(AccountState state, AccountEvent.ExitAccepted old, DateTimeOffset at)
    {
        var side = state.Positions[old.Key].Net > 0 ? OrderSide.Sell : OrderSide.Buy;
        var line = new PlanLine(old.Key, side, old.Quantity, old.Price, old.Protection, IsHedge: false, []);
        var plan = new Plan(old.ExitId, old.Fingerprint, PlanOptions.Plain, [line], [], old.RequestedBy, at) { EndedAt = at };
        return state with { Plans = state.Plans.Add(plan.Id, plan) };
    }
}
