using System.Collections.Immutable;

namespace Backup.Account.Domain.Orders;

/// <summary>
/// The legs of a bracket or cover order (rulebook 1.3). At the exchange they are orders like any other: it was the main site that took the
/// one out when the other had traded. While the main site is down the account does that, or the second leg would turn the position round.
/// </summary>
internal static class BracketRules
{
    private const string ByBracket = "bracket";

    /// <summary>False when nothing that was said can have made a position smaller than a leg that rests on it.</summary>
    internal static bool MayFollow(AccountState state, ImmutableArray<AccountEvent> events)
    {
        foreach (var recorded in events)
        {
            if (recorded is AccountEvent.OrderTraded or AccountEvent.ForeignTradeRecorded or AccountEvent.OrderConfirmed or AccountEvent.OrderModified
                or AccountEvent.ForeignOrderFound or AccountEvent.OrderRefreshed or AccountEvent.TradeBusted or AccountEvent.TradeCorrected
                or AccountEvent.OrderAttributed)
            {
                return HasLegs(state) || recorded is AccountEvent.OrderAttributed;
            }
        }

        return false;
    }

    /// <summary>A leg never rests for more than is held: it is made smaller while that can be done, else it is taken out.</summary>
    internal static void Follow(Turn turn)
    {
        foreach (var leg in turn.State.WorkingOrders.Where(IsLeg).ToArray())
        {
            var held = Held(turn.State, leg);
            if (leg is not { Status: OrderStatus.Open, CancelWanted: false, ModifyWanted: null } || leg.Leaves <= held)
            {
                continue;
            }

            // What a new quantity means once something has traded differs between sources (NSE-TAP.md N10).
            turn.Add(held > 0 && leg.Filled == 0
                ? new AccountEvent.ModifyRequested(leg.Id, held, leg.LimitPricePaise, ByBracket, leg.TriggerPaise)
                : new AccountEvent.CancelRequested(leg.Id, ByBracket));
        }
    }

    private static bool HasLegs(AccountState state) => state.WorkingOrders.Any(IsLeg);

    private static bool IsLeg(Order order) => order is { Origin.ParentOrderId: not null };

    /// <summary>Units that the leg may still close; nothing when the position is flat or lies the other way.</summary>
    private static long Held(AccountState state, Order leg)
    {
        var net = state.Positions[leg.Key].Net;
        return AccountState.Reduces(leg.Side, net) ? Math.Abs(net) : 0;
    }
}
