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
                && order.Status is OrderStatus.Sent or OrderStatus.CancelSent or OrderStatus.ModifySent)
            .Select(AccountEvent (order) => new AccountEvent.OrderBecameUnknown(order.Id, lost.SessionEpoch))
            .ToImmutableArray();
        return AccountDecision.Record(events);
    }

    /// <summary>
    /// After the whole memory of the exchange was read in a newer session: an order it does not show was never taken, a
    /// cancel or change it does not show never arrived. With a hole in that memory no absence is concluded, now or later.
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

            if (order is { IsUnprovable: true } or { Origin: not null, Exchange: null })
            {
                // What another user entered is not in our download: of it only the exchange's own word is proof.
                continue;
            }

            events.Add((order.Exchange, order.ModifyWanted, conclude.StreamOutage) switch
            {
                // A second cancel does no harm, so even a hole may be read as its absence.
                (not null, null, _) => new AccountEvent.CancelProvenAbsent(order.Id, conclude.SessionEpoch),
                (_, _, true) => new AccountEvent.OrderUnprovable(order.Id),
                (null, _, _) => new AccountEvent.OrderProvenAbsent(order.Id, conclude.SessionEpoch),
                _ => new AccountEvent.ModifyProvenAbsent(order.Id, conclude.SessionEpoch),
            });
        }

        return AccountDecision.Record(events.ToImmutable());
    }

    /// <summary>
    /// The orders that rested in the stream are gone. One that was on its way then may have been taken and lost, or never taken: that
    /// nobody can prove, so it keeps its reservation until somebody has asked the exchange.
    /// </summary>
    internal static AccountDecision DecideStreamLost(AccountState state, AccountCommand.LoseStream lost)
    {
        var events = ImmutableArray.CreateBuilder<AccountEvent>();
        foreach (var order in state.WorkingOrders.Where(order => order.Segment == lost.Segment && !order.Status.IsFinal()))
        {
            if (order.Exchange is { } reference)
            {
                if (reference.StreamTime < lost.StreamTime && (lost.Stream == 0 || reference.Stream == lost.Stream))
                {
                    events.Add(new AccountEvent.OrderLostInOutage(order.Id, lost.Stream, lost.StreamTime));
                }
            }
            else if (order.Status.IsUnanswered() && !order.IsUnprovable && order.SentAt <= lost.At + ClockDifferenceMax)
            {
                events.Add(new AccountEvent.OrderUnprovable(order.Id));
            }
        }

        return AccountDecision.Record(events.ToImmutable());
    }

    internal static AccountDecision DecideLapse(AccountState state, AccountCommand.LapseOrder lapse)
    {
        var name = lapse.OrderId.In(state.AccountId);
        if (!state.Orders.TryGetValue(lapse.OrderId, out var order))
        {
            return AccountDecision.Refuse(RefusalCode.NoSuchOrder, $"The account has no order {name}.");
        }

        if (order.Status != OrderStatus.Unknown)
        {
            return AccountDecision.Refuse(
                RefusalCode.OrderNotUnknown, $"Order {name} is {order.Status}, not unknown; only an order that nobody can account for may be lapsed.");
        }

        if (string.IsNullOrWhiteSpace(lapse.Confirmation) || string.IsNullOrWhiteSpace(lapse.RequestedBy))
        {
            return AccountDecision.Refuse(
                RefusalCode.ConfirmationMissing, "A lapse needs the name of who asks for it and the exchange's confirmation that it has no such order.");
        }

        return AccountDecision.Record(new AccountEvent.OrderLapsed(order.Id, lapse.RequestedBy, lapse.Confirmation));
    }

    /// <summary>How far the exchange's clock and ours may be apart.</summary>
    private static readonly TimeSpan ClockDifferenceMax = TimeSpan.FromSeconds(60);
}
