using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Backup.Account.Domain;
using Backup.Account.Domain.Journal;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Positions;
using Backup.Actor.Kernel.Journal;

namespace Backup.Operator.Cli;

/// <summary>Rebuilds an account from its records with the same functions that ran on the day, and shows it without prices of today.</summary>
internal static class AccountReplay
{
    /// <exception cref="CommandFailedException">A record does not follow the one before, or cannot be read; names it.</exception>
    internal static AccountState Run(string account, IReadOnlyList<JournalRecord> records, DateTimeOffset until)
    {
        var state = AccountDecider.Initial(account);
        var head = JournalHead.Empty;
        foreach (var record in records)
        {
            if (!HashChain.Follows(head, account, record))
            {
                throw new CommandFailedException(
                    $"{account}: record {record.Sequence} does not follow record {head.Sequence}: changed, missing or out of order. Nothing after it can be trusted");
            }

            if (record.At > until)
            {
                break;
            }

            var recorded = AccountEventCodec.Decode(record.Type, record.Version, record.Payload.Span)
                ?? throw new CommandFailedException($"{account}: record {record.Sequence} is of type {record.Type} version {record.Version}, which this build does not know");
            state = AccountDecider.Evolve(state, recorded, record.At);
            head = new JournalHead(record.Sequence, record.Hash);
        }

        return state;
    }

    /// <summary>The state in the words of the API. Figures are at the previous close: a journal holds no prices of later.</summary>
    internal static JsonObject Show(AccountState state, DateTimeOffset until)
    {
        var shown = new JsonObject
        {
            ["account"] = state.AccountId,
            ["at"] = until.ToString("O", CultureInfo.InvariantCulture),
            ["events"] = state.Version,
            ["business_date"] = state.BusinessDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["working"] = state.Working.Count,
            ["positions"] = new JsonArray([.. state.Positions.Values.Select(JsonNode (position) => ShowPosition(state, position))]),
            ["orders"] = new JsonArray([.. state.Orders.Values.Select(JsonNode (order) => ShowOrder(state, order))]),
        };
        shown["digest"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(shown.ToJsonString())));
        return shown;
    }

    private static JsonObject ShowPosition(AccountState state, Position position)
    {
        var figures = PositionFigures.Of(position, position.Contract.ClosePaise);
        return new JsonObject
        {
            ["tradingsymbol"] = position.Contract.TradingSymbol,
            ["exchange"] = position.Contract.Exchange,
            ["product"] = position.Key.Product,
            ["quantity"] = position.Net,
            ["overnight_quantity"] = position.OvernightQuantity,
            ["day_buy_quantity"] = position.DayBuyQuantity,
            ["day_sell_quantity"] = position.DaySellQuantity,
            ["average_price"] = Rupees(figures.AveragePricePaise),
            ["last_price"] = Rupees(position.Contract.ClosePaise),
            ["pnl"] = Rupees(figures.PnlPaise),
            ["closable_quantity"] = state.Closable(position),
            ["pending_exit_quantity"] = state.PendingExit(position),
            ["t1_quantity"] = position.Lock?.T1Quantity ?? 0,
            ["holding_quantity"] = position.Lock?.HoldingQuantity ?? 0,
            ["source"] = "previous close",
        };
    }

    private static JsonObject ShowOrder(AccountState state, Order order) => new JsonObject
    {
        ["order_id"] = order.Id.In(state.AccountId),
        ["status"] = order.Status.ToString(),
        ["order_type"] = order.IsStop ? "SL" : "LIMIT",
        ["variety"] = order.Origin?.Variety ?? "regular",
        ["placed_by"] = order.PlacedBy,
        ["evidence"] = order.ExitId is { } exit ? state.Plans[exit].Evidence : null,
        ["transaction_type"] = order.Side == OrderSide.Buy ? "BUY" : "SELL",
        ["tradingsymbol"] = state.Positions[order.Key].Contract.TradingSymbol,
        ["product"] = order.Key.Product,
        ["quantity"] = order.Quantity,
        ["filled_quantity"] = order.Filled,
        ["pending_quantity"] = order.Leaves,
        ["price"] = Rupees(order.LimitPricePaise),
        ["trigger_price"] = Rupees(order.TriggerPaise),
        ["average_price"] = order.Filled == 0 ? "0.00" : Rupees(order.FilledValuePaise / order.Filled),
        ["exchange_order_id"] = order.Exchange?.OrderNumber.ToString(CultureInfo.InvariantCulture),
        ["trades"] = new JsonArray([.. order.Trades.Select(trade => (JsonNode)trade.Key.TradeNumber)]),
        ["status_message"] = order.Note,
    };

    private static string Rupees(long paise) => (paise / 100m).ToString("F2", CultureInfo.InvariantCulture);
}

/// <summary>Reads the moments that operators and QA type.</summary>
internal static class ReplayTime
{
    internal static readonly TimeSpan India = new(5, 30, 0);

    /// <param name="option">Where it was typed.</param>
    /// <param name="text">An instant with its offset, or a time of day in India on the day of <paramref name="last"/>; null means the end.</param>
    internal static DateTimeOffset Parse(string option, string? text, DateTimeOffset last)
    {
        if (text is null)
        {
            return last;
        }

        if (TimeOnly.TryParse(text, CultureInfo.InvariantCulture, out var time))
        {
            return new DateTimeOffset(DateOnly.FromDateTime(last.ToOffset(India).DateTime).ToDateTime(time), India);
        }

        var hasOffset = text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T', StringComparison.Ordinal);
        return hasOffset && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
            ? instant
            : throw new CommandFailedException($"{option}: found \"{text}\", expected 2026-11-20T10:21:07+05:30 or a time of day such as 10:21:07");
    }
}
