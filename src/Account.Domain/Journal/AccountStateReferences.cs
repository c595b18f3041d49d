using System.Runtime.CompilerServices;

namespace Backup.Account.Domain.Journal;

/// <summary>What a state names must be in it: the rules look things up without asking whether they are there.</summary>
internal static class AccountStateReferences
{
    internal static void Check(AccountState state)
    {
        Must(state.Orders.Values.All(order => state.Positions.ContainsKey(order.Key)), "$.orders", "a position for each");
        Must(state.Working.All(state.Orders.ContainsKey), "$.working", "orders of the account");
        Must(state.ByExchangeNumber.Values.All(state.Orders.ContainsKey), "$.byExchangeNumber", "orders of the account");
        Must(state.Plans.Values.All(plan => plan.Lines.All(line => state.Positions.ContainsKey(line.Key) && line.WaitsFor.All(state.Orders.ContainsKey))), "$.plans.lines", "positions and orders of the account");
        Must(state.Plans.Values.All(plan => plan.Orders.All(state.Orders.ContainsKey)), "$.plans.orders", "orders of the account");
        Must(state.RunningPlans.All(state.Plans.ContainsKey), "$.runningPlans", "plans of the account");
        Must(state.SeenTrades.Values.All(seen => seen.Key is not { } key || state.Positions.ContainsKey(key)), "$.seenTrades", "positions of the account");
        Must(IsChain(state), "$.lastPlan", "plans of the account, each before the next");
    }

    /// <summary>Plans name the one before them: a ring of them would be walked for ever.</summary>
    private static bool IsChain(AccountState state)
    {
        var steps = 0;
        for (var id = state.LastPlan; id is not null; id = state.Plans[id].Previous)
        {
            if (!state.Plans.ContainsKey(id) || ++steps > state.Plans.Count)
            {
                return false;
            }
        }

        return true;
    }

    private static void Must(bool holds, string place, string expected, [CallerArgumentExpression(nameof(holds))] string rule = "")
    {
        if (!holds)
        {
            throw new AccountFormatException(place, $"a name of something else (not {rule})", expected);
        }
    }
}
