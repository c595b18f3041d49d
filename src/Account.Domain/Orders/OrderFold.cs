using System.Diagnostics;

namespace Backup.Account.Domain.Orders;

/// <summary>An event about one order, whatever else it may change.</summary>
internal interface IOrderEvent
{
    ClientOrderId OrderId { get; }
}

/// <summary>What an event makes of the order that it is about.</summary>
internal static class OrderFold
{
    internal static Order Evolve(Order order, AccountEvent recorded, DateTimeOffset at) => recorded switch
    {
        AccountEvent.SendIntended sent => order with { Status = OrderStatus.Sent, SentEpoch = sent.SessionEpoch, SentAt = at },
        AccountEvent.OrderConfirmed confirmed => Confirm(order, confirmed, at),
        AccountEvent.OrderRejected rejected => order with
        {
            Status = OrderStatus.Rejected,
            ErrorCode = rejected.ErrorCode,
            Note = rejected.ErrorText,
            UnknownSince = null,
        },
        AccountEvent.OrderRefreshed refreshed => order with { Exchange = refreshed.Reference, Status = AfterEntry(order) },
        AccountEvent.OrderTraded traded => Fill(
            order with { Exchange = Newer(order.Exchange, traded.Reference), ConfirmedAt = order.ConfirmedAt ?? at },
            new Trade(traded.Trade, traded.Quantity, traded.PricePaise, traded.ExchangeTimeNanoseconds, at)),
        AccountEvent.OrderCancelled cancelled => Cancel(order, cancelled),
        AccountEvent.CancelRequested or AccountEvent.CancelIntended or AccountEvent.CancelRejected or AccountEvent.CancelProvenAbsent =>
            EvolveCancel(order, recorded),
        AccountEvent.ModifyRequested or AccountEvent.ModifyIntended or AccountEvent.OrderModified or AccountEvent.ModifyRejected
            or AccountEvent.ModifyProvenAbsent => EvolveModify(order, recorded),
        _ => EvolveDoubt(order, recorded, at),
    };

    private static Order EvolveCancel(Order order, AccountEvent recorded) => recorded switch
    {
        AccountEvent.CancelRequested wanted => order with
        {
            CancelWanted = true,
            Assisted = AssistedBy(wanted.RequestedBy, wanted.Evidence),
            CancelRefusals = 0,

            // A change that has not left yet is void; one on its way is answered first.
            ModifyWanted = order.Status == OrderStatus.Open ? null : order.ModifyWanted,
        },
        AccountEvent.CancelIntended intended => order with
        {
            Status = OrderStatus.CancelSent,
            SentEpoch = intended.SessionEpoch,
        },
        AccountEvent.CancelRejected rejected => order with
        {
            Status = order.Status.IsFinal() ? order.Status : OrderStatus.Open,
            CancelWanted = rejected.TryAgain,
            CancelRefusals = order.CancelRefusals + 1,
            ErrorCode = rejected.ErrorCode,
            Note = rejected.TryAgain ? null : rejected.ErrorText,
            UnknownSince = null,
        },
        AccountEvent.CancelProvenAbsent => order with { Status = OrderStatus.Open, UnknownSince = null, Note = null },
        _ => throw new UnreachableException($"No fold for {recorded.GetType().Name}."),
    };

    private static Order EvolveModify(Order order, AccountEvent recorded) => recorded switch
    {
        AccountEvent.ModifyRequested wanted => order with { ModifyWanted = new OrderTerms(wanted.Quantity, wanted.LimitPricePaise, wanted.TriggerPaise), ModifyAttempts = 0, Assisted = AssistedBy(wanted.RequestedBy, wanted.Evidence) },
        AccountEvent.ModifyIntended intended => order with
        {
            Status = OrderStatus.ModifySent,
            SentEpoch = intended.SessionEpoch,
            ModifyNamed = order.Exchange?.LastActivityReference ?? 0,
            ModifyAttempts = order.ModifyAttempts + 1,
        },
        AccountEvent.OrderModified modified => Modify(order, modified),
        AccountEvent.ModifyRejected rejected => order with
        {
            Status = order.Status.IsFinal() ? order.Status : OpenOrFilled(order),
            ModifyWanted = rejected.TryAgain ? order.ModifyWanted : null,
            ErrorCode = rejected.ErrorCode,
            Note = rejected.TryAgain ? null : rejected.ErrorText,
            UnknownSince = null,
        },
        AccountEvent.ModifyProvenAbsent => order with
        {
            Status = OpenOrFilled(order),
            ModifyWanted = null,
            UnknownSince = null,
            Note = "The change never reached the exchange; the order stands as it was.",
        },
        _ => throw new UnreachableException($"No fold for {recorded.GetType().Name}."),
    };

    private static Order Modify(Order order, AccountEvent.OrderModified modified)
    {
        // Another hand at the exchange may change the order while the answer to our own change is owed: the wait goes on then.
        var isOwed = order is { Status: OrderStatus.ModifySent or OrderStatus.Unknown, ModifyWanted: { } wanted }
            && (wanted.Quantity != modified.Quantity || wanted.LimitPricePaise != modified.LimitPricePaise
                || (wanted.TriggerPaise > 0 && modified.Reference is { IsStop: true } told && told.TriggerPaise != wanted.TriggerPaise));
        var changed = order with
        {
            Quantity = modified.Quantity,
            LimitPricePaise = modified.LimitPricePaise,
            IsModified = true,
            TermsActivity = modified.Reference?.LastActivityReference ?? order.TermsActivity,
            Exchange = modified.Reference is { } reference ? Newer(order.Exchange, reference) : order.Exchange,
        };
        return isOwed ? changed : changed with
        {
            Status = order.Filled >= modified.Quantity ? OrderStatus.Filled
                : order.Status == OrderStatus.CancelSent || modified.Reference is null ? order.Status
                : OrderStatus.Open,
            ModifyWanted = null,
            UnknownSince = null,
            Note = null,
        };
    }

    private static Order EvolveDoubt(Order order, AccountEvent recorded, DateTimeOffset at) => recorded switch
    {
        AccountEvent.OrderBecameUnknown => order with
        {
            Status = OrderStatus.Unknown,
            UnknownSince = at,
            Note = "The link to the exchange was lost before it answered. Do not repeat this order; it is being looked for.",
        },
        AccountEvent.OrderProvenAbsent => order with
        {
            Status = OrderStatus.Absent,
            UnknownSince = null,
            Note = "The exchange never received this order. Nothing was traded; you may place it again.",
        },
        AccountEvent.OrderLostInOutage => order with
        {
            Status = OrderStatus.Cancelled,
            UnknownSince = null,
            Note = "The exchange lost this order in an outage of its own. Nothing of it can trade any more.",
        },
        AccountEvent.OrderUnprovable => order with
        {
            IsUnprovable = true,
            Note = "The exchange had an outage while this order was on its way. Its help desk has to say what became of it; do not repeat it.",
        },
        AccountEvent.OrderLapsed lapsed => order with
        {
            Status = OrderStatus.Absent,
            UnknownSince = null,
            Note = $"The exchange has confirmed that it has no such order ({lapsed.Confirmation}).",
        },

        // An unknown event must stop the replay: skipping it would trade on an order that is not there.
        _ => throw new UnreachableException($"No fold for {recorded.GetType().Name}."),
    };

    private static Order Confirm(Order order, AccountEvent.OrderConfirmed confirmed, DateTimeOffset at) => order with
    {
        Status = AfterEntry(order),
        Exchange = Newer(order.Exchange, confirmed.Reference),
        TermsActivity = Math.Max(order.TermsActivity, confirmed.Reference.LastActivityReference),
        ConfirmedAt = order.ConfirmedAt ?? at,
        UnknownSince = null,
        Note = null,
    };

    /// <summary>One execution more.</summary>
    internal static Order Fill(Order order, Trade traded)
    {
        var filled = order.Filled + traded.Quantity;
        var status = filled >= UnitsAtMost(order) ? OrderStatus.Filled : AfterEntry(order);
        return order with
        {
            Filled = filled,
            FilledValuePaise = order.FilledValuePaise + (traded.Quantity * traded.PricePaise),
            Status = status,
            UnknownSince = status == OrderStatus.Unknown ? order.UnknownSince : null,
            Note = status == OrderStatus.Unknown ? order.Note : null,
            Trades = order.Trades.Add(traded),
        };
    }

    private static Order Cancel(Order order, AccountEvent.OrderCancelled cancelled) => order with
    {
        Status = OrderStatus.Cancelled,
        Exchange = cancelled.Reference ?? order.Exchange,
        ErrorCode = cancelled.ErrorCode,
        UnknownSince = null,
        Note = cancelled.Reference is null ? "Cancelled here before it was sent."
            : cancelled.ByExchange ? "Cancelled by the exchange."
            : order.CancelWanted ? null
            : "Cancelled at the exchange in the broker's name, not by this client.",
    };

    /// <summary>The units that the exchange may believe the order has: with a change under way, the larger of the two.</summary>
    private static long UnitsAtMost(Order order) =>
        order is { ModifyWanted: { } wanted, Status: OrderStatus.ModifySent or OrderStatus.Unknown } ? Math.Max(order.Quantity, wanted.Quantity) : order.Quantity;

    private static OrderStatus OpenOrFilled(Order order) => order.Filled >= order.Quantity ? OrderStatus.Filled : OrderStatus.Open;

    /// <summary>A confirmation or a trade says that the order was entered. It does not answer a cancel or a change under way.</summary>
    private static OrderStatus AfterEntry(Order order) => order.Status switch
    {
        OrderStatus.CancelSent or OrderStatus.ModifySent => order.Status,
        OrderStatus.Unknown when order.ModifyWanted is not null => order.Status,
        _ => order.Status.IsFinal() ? order.Status : OrderStatus.Open,
    };

    /// <summary>The newer of two references. Trades do not say when the order was entered, and a cancel must.</summary>
    private static ExchangeReference Newer(ExchangeReference? old, ExchangeReference reported) =>
        old is null ? reported
        : reported.LastActivityReference <= old.LastActivityReference ? old with { EntryDateTime = old.EntryDateTime != 0 ? old.EntryDateTime : reported.EntryDateTime }
        : reported.EntryDateTime != 0 ? reported
        : reported with { EntryDateTime = old.EntryDateTime };

    private static AssistedChange? AssistedBy(string by, string? evidence) => evidence is null ? null : new AssistedChange(by, evidence);
}
