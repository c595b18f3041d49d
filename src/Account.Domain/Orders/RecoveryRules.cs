using System.Collections.Immutable;

namespace Backup.Account.Domain.Orders;

/// <summary>What a lost session leaves behind, and what a complete download settles.</summary>
internal static class RecoveryRules
{
    /// <summary>Everything that was owed an answer is unknown now; nothing is sent again by itself.</summary>
    internal static AccountDecision DecideLost(AccountState state, AccountCommand.LoseSession lost)
    {
        var events = state.WorkingOrders
            .Where(order => order.Segment == lost.Segment
                && order.SentEpoch <= lost.SessionEpoch
                && order.Status is OrderStatus.Sent or OrderStatus.CancelSent)
            .Select(AccountEvent (order) => new AccountEvent.OrderBecameUnknown(order.Id, lost.SessionEpoch))
            .ToImmutableArray();
        return AccountDecision.Record(events);
    }

    /// <summary>
    /// After the whole memory of the exchange was read in a newer session: an order it does not show was never taken, a
    /// cancel it does not show never arrived. With a hole in that memory nothing is concluded.
    /// </summary>
    internal static AccountDecision DecideConclusion(AccountState state, AccountCommand.ConcludeRecovery conclude)
    {
        var events = ImmutableArray.CreateBuilder<AccountEvent>();
        foreach (var order in state.WorkingOrders)
        {
            if (order.Segment != conclude.Segment || order.Status != OrderStatus.Unknown || order.SentEpoch >= conclude.SessionEpoch)
            {
                continue;
            }

            if (order.Exchange is not null)
            {
                events.Add(new AccountEvent.CancelProvenAbsent(order.Id, conclude.SessionEpoch));
            }
            else if (!conclude.StreamOutage)
            {
                events.Add(new AccountEvent.OrderProvenAbsent(order.Id, conclude.SessionEpoch));
            }
        }

        return AccountDecision.Record(events.ToImmutable());
    }
}
