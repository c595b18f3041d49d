using System.Diagnostics;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Positions;

namespace Backup.Account.Domain;

/// <summary>The state after an event. Reads nothing but its arguments, so a replay gives the same state bit for bit (P8).</summary>
internal static class AccountFold
{
    internal static AccountState Evolve(AccountState state, AccountEvent recorded, DateTimeOffset at)
    {
        var next = state with { Version = state.Version + 1 };
        return recorded switch
        {
            AccountEvent.DayOpened opened => Open(next, opened),
            AccountEvent.ExitAccepted accepted => next with
            {
                Exits = next.Exits.Add(
                    accepted.ExitId, new Exit(accepted.ExitId, accepted.Fingerprint, accepted.Key, accepted.Quantity, [], at)),
            },
            AccountEvent.OrderAccepted accepted => Accept(next, accepted, at),
            AccountEvent.SendIntended sent => Change(next, sent.OrderId, at, order => order with
            {
                Status = OrderStatus.Sent,
                SentEpoch = sent.SessionEpoch,
                SentAt = at,
            }),
            AccountEvent.OrderConfirmed confirmed => Confirm(next, confirmed, at),
            AccountEvent.OrderRejected rejected => Reject(next, rejected, at),
            AccountEvent.OrderRefreshed refreshed => Change(next, refreshed.OrderId, at, order => order with { Exchange = refreshed.Reference }),
            AccountEvent.OrderTraded traded => Fill(next, traded, at),
            AccountEvent.CancelRequested wanted => Change(next, wanted.OrderId, at, order => order with
            {
                CancelWanted = true,

                // A change that has not left yet is void; one on its way is answered first.
                ModifyWanted = order.Status == OrderStatus.Open ? null : order.ModifyWanted,
            }),
            AccountEvent.CancelIntended intended => Change(next, intended.OrderId, at, order => order with
            {
                Status = OrderStatus.CancelSent,
                SentEpoch = intended.SessionEpoch,
                CancelAttempts = order.CancelAttempts + 1,
            }),
            AccountEvent.OrderCancelled cancelled => Cancel(next, cancelled, at),
            AccountEvent.CancelRejected rejected => RejectCancel(next, rejected, at),
            AccountEvent.ModifyRequested wanted => Change(next, wanted.OrderId, at, order => order with
            {
                ModifyWanted = new OrderTerms(wanted.Quantity, wanted.LimitPricePaise),
                ModifyAttempts = 0,
            }),
            AccountEvent.ModifyIntended intended => Change(next, intended.OrderId, at, order => order with
            {
                Status = OrderStatus.ModifySent,
                SentEpoch = intended.SessionEpoch,
                ModifyAttempts = order.ModifyAttempts + 1,
            }),
            AccountEvent.OrderModified modified => Modify(next, modified, at),
            AccountEvent.ModifyRejected rejected => RejectModify(next, rejected, at),
            AccountEvent.OrderBecameUnknown unknown => Change(next, unknown.OrderId, at, order => order with
            {
                Status = OrderStatus.Unknown,
                UnknownSince = at,
                Note = "The link to the exchange was lost before it answered. Do not repeat this order; it is being looked for.",
            }),
            AccountEvent.OrderProvenAbsent absent => Change(next, absent.OrderId, at, order => order with
            {
                Status = OrderStatus.Absent,
                UnknownSince = null,
                Note = "The exchange never received this order. Nothing was traded; you may place it again.",
            }),
            AccountEvent.CancelProvenAbsent absent => Change(next, absent.OrderId, at, order => order with
            {
                Status = OrderStatus.Open,
                UnknownSince = null,
                Note = null,
            }),
            AccountEvent.ModifyProvenAbsent absent => Change(next, absent.OrderId, at, order => order with
            {
                Status = OpenOrFilled(order),
                ModifyWanted = null,
                UnknownSince = null,
                Note = "The change never reached the exchange; the order stands as it was.",
            }),
            AccountEvent.OrderLostInOutage lost => Change(next, lost.OrderId, at, order => order with
            {
                Status = OrderStatus.Cancelled,
                UnknownSince = null,
                Note = "The exchange lost this order in an outage of its own. Nothing of it can trade any more.",
            }),
            AccountEvent.OrderUnprovable unprovable => Change(next, unprovable.OrderId, at, order => order with
            {
                IsUnprovable = true,
                Note = "The exchange had an outage while this order was on its way. Its help desk has to say what became of it; do not repeat it.",
            }),
            AccountEvent.OrderLapsed lapsed => Change(next, lapsed.OrderId, at, order => order with
            {
                Status = OrderStatus.Absent,
                UnknownSince = null,
                Note = $"The exchange has confirmed that it has no such order ({lapsed.Confirmation}).",
            }),
            AccountEvent.ForeignOrderFound found => Adopt(next, found, at),
            AccountEvent.ForeignTradeRecorded foreign => Trade(next, foreign.Key, foreign.Trade, foreign.Quantity, foreign.PricePaise),
            AccountEvent.UnplacedReportRecorded unplaced => Unplaced(next, unplaced.Report),

            // An unknown event must stop the replay: skipping it would trade on a position that is not there.
            _ => throw new UnreachableException($"No fold for {recorded.GetType().Name}."),
        };
    }

    private static AccountState Reject(AccountState state, AccountEvent.OrderRejected rejected, DateTimeOffset at) =>
        Change(Refused(state, rejected.OrderId, rejected.Stream, rejected.StreamTime), rejected.OrderId, at, order => order with
        {
            Status = OrderStatus.Rejected,
            ErrorCode = rejected.ErrorCode,
            Note = rejected.ErrorText,
            UnknownSince = null,
        });

    private static AccountState RejectCancel(AccountState state, AccountEvent.CancelRejected rejected, DateTimeOffset at) =>
        Change(Refused(state, rejected.OrderId, rejected.Stream, rejected.StreamTime), rejected.OrderId, at, order => order with
        {
            Status = order.Status.IsFinal() ? order.Status : OrderStatus.Open,
            CancelWanted = rejected.TryAgain,
            ErrorCode = rejected.ErrorCode,
            Note = rejected.TryAgain ? null : rejected.ErrorText,
            UnknownSince = null,
        });

    private static AccountState Modify(AccountState state, AccountEvent.OrderModified modified, DateTimeOffset at) =>
        Change(state, modified.OrderId, at, order => order with
        {
            Quantity = modified.Quantity,
            LimitPricePaise = modified.LimitPricePaise,
            IsModified = true,
            TermsActivity = modified.Reference?.LastActivityReference ?? order.TermsActivity,
            Exchange = modified.Reference is { } reference ? Newer(order.Exchange, reference) : order.Exchange,
            Status = order.Filled >= modified.Quantity ? OrderStatus.Filled
                : order.Status is OrderStatus.Accepted or OrderStatus.CancelSent ? order.Status
                : OrderStatus.Open,
            ModifyWanted = null,
            UnknownSince = null,
            Note = null,
        });

    private static AccountState RejectModify(AccountState state, AccountEvent.ModifyRejected rejected, DateTimeOffset at) =>
        Change(rejected.ErrorCode == 0 ? state : Refused(state, rejected.OrderId, rejected.Stream, rejected.StreamTime), rejected.OrderId, at, order => order with
        {
            Status = order.Status.IsFinal() ? order.Status : OpenOrFilled(order),
            ModifyWanted = rejected.TryAgain ? order.ModifyWanted : null,
            ErrorCode = rejected.ErrorCode,
            Note = rejected.TryAgain ? null : rejected.ErrorText,
            UnknownSince = null,
        });

    private static AccountState Open(AccountState state, AccountEvent.DayOpened opened) => new AccountState(state.AccountId)
    {
        Version = state.Version,
        BusinessDate = opened.BusinessDate,
        DatasetHash = opened.DatasetHash,
        Positions = AccountState.NoPositions.AddRange(opened.Positions.Select(carried => KeyValuePair.Create(
            carried.Key,
            new Position(carried.Key, carried.Contract, carried.Quantity, carried.AveragePricePaise, 0, 0, 0, 0, state.Version)))),
    };

    private static AccountState Accept(AccountState state, AccountEvent.OrderAccepted accepted, DateTimeOffset at)
    {
        var id = new ClientOrderId(state.Version);
        var order = new Order(
            id, accepted.Key, accepted.Side, accepted.Quantity, accepted.LimitPricePaise, OrderStatus.Accepted,
            accepted.ExitId, accepted.PlacedBy, at, state.Version);
        var exit = state.Exits[accepted.ExitId];
        return Touch(state, accepted.Key) with
        {
            Orders = state.Orders.Add(id, order),
            Working = state.Working.Add(id),
            Exits = state.Exits.SetItem(exit.Id, exit with { Orders = exit.Orders.Add(id) }),
        };
    }

    private static AccountState Confirm(AccountState state, AccountEvent.OrderConfirmed confirmed, DateTimeOffset at)
    {
        var numbered = state with { ByExchangeNumber = state.ByExchangeNumber.SetItem(confirmed.Reference.OrderNumber, confirmed.OrderId) };
        return Change(numbered, confirmed.OrderId, at, order => order with
        {
            Status = AfterEntry(order),
            Exchange = Newer(order.Exchange, confirmed.Reference),
            TermsActivity = Math.Max(order.TermsActivity, confirmed.Reference.LastActivityReference),
            ConfirmedAt = order.ConfirmedAt ?? at,
            UnknownSince = null,
            Note = null,
        });
    }

    private static AccountState Fill(AccountState state, AccountEvent.OrderTraded traded, DateTimeOffset at)
    {
        var order = state.Orders[traded.OrderId];
        var moved = Trade(state, order.Key, traded.Trade, traded.Quantity, traded.PricePaise) with
        {
            ByExchangeNumber = state.ByExchangeNumber.SetItem(traded.Reference.OrderNumber, order.Id),
        };
        return Change(moved, order.Id, at, old =>
        {
            var filled = old.Filled + traded.Quantity;
            var status = filled >= UnitsAtMost(old) ? OrderStatus.Filled : AfterEntry(old);
            return old with
            {
                Filled = filled,
                FilledValuePaise = old.FilledValuePaise + (traded.Quantity * traded.PricePaise),
                Status = status,
                Exchange = Newer(old.Exchange, traded.Reference),
                ConfirmedAt = old.ConfirmedAt ?? at,
                UnknownSince = status == OrderStatus.Unknown ? old.UnknownSince : null,
                Note = status == OrderStatus.Unknown ? old.Note : null,
                Trades = old.Trades.Add(new Trade(traded.Trade, traded.Quantity, traded.PricePaise, traded.ExchangeTimeNanoseconds, at)),
            };
        });
    }

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

    private static AccountState Cancel(AccountState state, AccountEvent.OrderCancelled cancelled, DateTimeOffset at)
    {
        var numbered = cancelled.Reference is { } reference
            ? state with { ByExchangeNumber = state.ByExchangeNumber.SetItem(reference.OrderNumber, cancelled.OrderId) }
            : state;
        return Change(numbered, cancelled.OrderId, at, order => order with
        {
            Status = OrderStatus.Cancelled,
            Exchange = cancelled.Reference ?? order.Exchange,
            ErrorCode = cancelled.ErrorCode,
            UnknownSince = null,
            Note = cancelled.Reference is null ? "Cancelled here before it was sent."
                : cancelled.ByExchange ? "Cancelled by the exchange."
                : null,
        });
    }

    private static AccountState Adopt(AccountState state, AccountEvent.ForeignOrderFound found, DateTimeOffset at)
    {
        var id = new ClientOrderId(state.Version);
        var order = new Order(
            id, found.Key, found.Side, found.Reference.Volume, found.Reference.PricePaise, OrderStatus.Open, null, "exchange", at, state.Version)
        {
            Exchange = found.Reference,
            TermsActivity = found.Reference.LastActivityReference,
            Filled = found.Reference.Filled,
            ConfirmedAt = at,
            Note = "Not sent from here; found at the exchange.",
        };
        return Touch(state, found.Key) with
        {
            Orders = state.Orders.Add(id, order),
            Working = state.Working.Add(id),
            ByExchangeNumber = state.ByExchangeNumber.SetItem(found.Reference.OrderNumber, id),
        };
    }

    private static AccountState Trade(AccountState state, PositionKey key, TradeKey trade, long quantity, long pricePaise) => state with
    {
        Positions = state.Positions.SetItem(key, state.Positions[key].WithTrade(trade.Side, quantity, pricePaise, state.Version)),
        SeenTrades = state.SeenTrades.Add(trade),
    };

    private static AccountState Unplaced(AccountState state, OrderReport report) => report.Kind == OrderReportKind.Traded
        ? state with { SeenTrades = state.SeenTrades.Add(new TradeKey(report.Segment, report.TradeNumber, report.Reference.OrderNumber, report.Side)) }
        : state;

    private static AccountState Refused(AccountState state, ClientOrderId orderId, int stream, long streamTime) => state with
    {
        SeenRefusals = state.SeenRefusals.Add((state.Orders[orderId].Segment, stream, streamTime)),
    };

    private static AccountState Change(AccountState state, ClientOrderId id, DateTimeOffset at, Func<Order, Order> change)
    {
        var order = change(state.Orders[id]) with { ChangedAt = state.Version, UpdatedAt = at };
        order = order with
        {
            ModifyWanted = order.Status.IsFinal() ? null : order.ModifyWanted,
            IsUnprovable = order.IsUnprovable && order.Status.IsUnanswered(),
        };
        return Touch(state, order.Key) with
        {
            Orders = state.Orders.SetItem(id, order),
            Working = order.Status.IsFinal() ? state.Working.Remove(id) : state.Working.Add(id),
        };
    }

    /// <summary>An order's change also changes what its position shows: closable, pending exit, blocking orders.</summary>
    private static AccountState Touch(AccountState state, PositionKey key) => state with
    {
        Positions = state.Positions.SetItem(key, state.Positions[key] with { ChangedAt = state.Version }),
    };

    /// <summary>The newer of two references. Trades do not say when the order was entered, and a cancel must.</summary>
    private static ExchangeReference Newer(ExchangeReference? old, ExchangeReference reported) =>
        old is null ? reported
        : reported.LastActivityReference <= old.LastActivityReference ? old with { EntryDateTime = old.EntryDateTime != 0 ? old.EntryDateTime : reported.EntryDateTime }
        : reported.EntryDateTime != 0 ? reported
        : reported with { EntryDateTime = old.EntryDateTime };
}
