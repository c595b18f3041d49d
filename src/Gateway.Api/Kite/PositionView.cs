using Backup.Account.Domain;
using Backup.Account.Domain.Market;
using Backup.Account.Domain.Positions;
using Backup.Gateway.Api.Live;
using Backup.Gateway.Api.Prices;

namespace Backup.Gateway.Api.Kite;

/// <summary>One position with Kite Connect's fields, and ours behind them: what may be closed, and how old the numbers are.</summary>
public sealed record PositionView
{
    public required string Tradingsymbol { get; init; }

    public required string Exchange { get; init; }

    public required long InstrumentToken { get; init; }

    public required string Product { get; init; }

    /// <summary>What a group of an exit names: the exchange's symbol, NIFTY or RELIANCE.</summary>
    public required string Underlying { get; init; }

    /// <summary>The contract's last day; null for a share.</summary>
    public required DateOnly? Expiry { get; init; }

    public required long Quantity { get; init; }

    public required long OvernightQuantity { get; init; }

    public int Multiplier { get; } = 1;

    public required decimal AveragePrice { get; init; }

    public required decimal ClosePrice { get; init; }

    public required decimal LastPrice { get; init; }

    public required decimal Value { get; init; }

    public required decimal Pnl { get; init; }

    public required decimal M2m { get; init; }

    public required decimal Unrealised { get; init; }

    public required decimal Realised { get; init; }

    public required long BuyQuantity { get; init; }

    public required decimal BuyPrice { get; init; }

    public required decimal BuyValue { get; init; }

    public required decimal BuyM2m { get; init; }

    public required long SellQuantity { get; init; }

    public required decimal SellPrice { get; init; }

    public required decimal SellValue { get; init; }

    public required decimal SellM2m { get; init; }

    public required long DayBuyQuantity { get; init; }

    public required decimal DayBuyPrice { get; init; }

    public required decimal DayBuyValue { get; init; }

    public required long DaySellQuantity { get; init; }

    public required decimal DaySellPrice { get; init; }

    public required decimal DaySellValue { get; init; }

    public required long ClosableQuantity { get; init; }

    public required long PendingExitQuantity { get; init; }

    public required IReadOnlyList<string> BlockingOrderIds { get; init; }

    /// <summary>Units that a rule of delivery keeps from being exited here.</summary>
    public required long HeldBackQuantity { get; init; }

    /// <summary>Which rule, as a refusal would name it; null when none does.</summary>
    public required string? HeldBackReason { get; init; }

    /// <summary>Of the quantity: bought and not credited yet.</summary>
    public required long T1Quantity { get; init; }

    /// <summary>Of the quantity: in the depository.</summary>
    public required long HoldingQuantity { get; init; }

    /// <summary>In the exchange's derivative ban today: positions may only be reduced.</summary>
    public required bool Banned { get; init; }

    public required int LotSize { get; init; }

    public required decimal TickSize { get; init; }

    public required long FreezeQuantity { get; init; }

    /// <summary>When the last price was made; the previous close has the day before's end.</summary>
    public required DateTimeOffset AsOf { get; init; }

    public required string Source { get; init; }

    public required long AgeMs { get; init; }

    /// <summary>confirmed: from trades and a live price. stale: the price is not live.</summary>
    public required string Confidence { get; init; }

    public static PositionView Of(AccountState state, Position position, PortfolioSources sources, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(position);
        ArgumentNullException.ThrowIfNull(sources);
        var price = ShownPrice.Of(state, position, sources.Prices, sources.Options.PriceAgeMax, now);
        var figures = PositionFigures.Of(position, price.Paise);
        var contract = position.Contract;
        return new PositionView
        {
            Tradingsymbol = contract.TradingSymbol,
            Exchange = contract.Exchange,
            InstrumentToken = contract.Token,
            Product = position.Key.Product,
            Underlying = contract.Symbol,
            Expiry = contract.Expiry,
            Quantity = figures.Quantity,
            OvernightQuantity = position.OvernightQuantity,
            AveragePrice = Rupees(figures.AveragePricePaise),
            ClosePrice = Rupees(contract.ClosePaise),
            LastPrice = Rupees(price.Paise),
            Value = Rupees(figures.ValuePaise),
            Pnl = Rupees(figures.PnlPaise),
            M2m = Rupees(figures.M2mPaise),
            Unrealised = Rupees(figures.UnrealisedPaise),
            Realised = Rupees(figures.RealisedPaise),
            BuyQuantity = figures.BuyQuantity,
            BuyPrice = Rupees(figures.BuyPricePaise),
            BuyValue = Rupees(figures.BuyValuePaise),
            BuyM2m = Rupees(figures.BuyM2mPaise),
            SellQuantity = figures.SellQuantity,
            SellPrice = Rupees(figures.SellPricePaise),
            SellValue = Rupees(figures.SellValuePaise),
            SellM2m = Rupees(figures.SellM2mPaise),
            DayBuyQuantity = position.DayBuyQuantity,
            DayBuyPrice = Rupees(figures.DayBuyPricePaise),
            DayBuyValue = Rupees(position.DayBuyValuePaise),
            DaySellQuantity = position.DaySellQuantity,
            DaySellPrice = Rupees(figures.DaySellPricePaise),
            DaySellValue = Rupees(position.DaySellValuePaise),
            ClosableQuantity = DeliveryRules.Closable(sources.Rules, state, position),
            PendingExitQuantity = state.PendingExit(position),
            BlockingOrderIds = [.. state.BlockingOrders(position).Select(order => order.Id.In(state.AccountId))],
            HeldBackQuantity = Math.Abs(position.Net) - DeliveryRules.Sellable(sources.Rules, position),
            HeldBackReason = DeliveryRules.HeldBy(sources.Rules, position)?.ToString(),
            T1Quantity = position.Lock?.T1Quantity ?? 0,
            HoldingQuantity = position.Lock?.HoldingQuantity ?? 0,
            Banned = sources.Rules.Market.IsBanned(contract, now),
            LotSize = contract.LotSize,
            TickSize = Rupees(contract.TickPaise),
            FreezeQuantity = contract.FreezeQuantity,
            AsOf = price.At,
            Source = price.Source,
            AgeMs = price.AgeMs,
            Confidence = price.Live ? "confirmed" : "stale",
        };
    }

    /// <summary>Paise as rupees for people; nothing computes with it.</summary>
    internal static decimal Rupees(long paise) => paise / 100m;
}

/// <summary>What changes on a position when only its price does.</summary>
public readonly record struct PriceView(
    string Exchange, string Tradingsymbol, string Product, decimal LastPrice, decimal Pnl, decimal M2m, decimal Value, decimal Unrealised,
    DateTimeOffset AsOf, long AgeMs, string Source)
{
    public static PriceView Of(AccountState state, Position position, PortfolioSources sources, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(position);
        ArgumentNullException.ThrowIfNull(sources);
        var price = ShownPrice.Of(state, position, sources.Prices, sources.Options.PriceAgeMax, now);
        var figures = PositionFigures.Of(position, price.Paise);
        return new PriceView(
            position.Contract.Exchange, position.Contract.TradingSymbol, position.Key.Product, PositionView.Rupees(price.Paise),
            PositionView.Rupees(figures.PnlPaise), PositionView.Rupees(figures.M2mPaise), PositionView.Rupees(figures.ValuePaise),
            PositionView.Rupees(figures.UnrealisedPaise), price.At, price.AgeMs, price.Source);
    }
}

/// <summary>The price a position is shown at: the last one the feed gave, else the previous close, said plainly.</summary>
internal readonly record struct ShownPrice(long Paise, DateTimeOffset At, string Source, long AgeMs, bool Live)
{
    internal static ShownPrice Of(AccountState state, Position position, PriceBook prices, TimeSpan staleAfter, DateTimeOffset now)
    {
        if (prices.Find(position.Contract) is { } last)
        {
            var age = now - last.At;
            return new ShownPrice(last.Paise, last.At, last.Source, Math.Max(0, (long)age.TotalMilliseconds), age <= staleAfter);
        }

        var close = position.Contract.ClosePaise > 0 ? position.Contract.ClosePaise : position.OvernightPricePaise;
        var at = new DateTimeOffset((state.BusinessDate ?? DateOnly.FromDateTime(now.UtcDateTime)).ToDateTime(new TimeOnly(15, 30)), IndiaTime.Offset);
        return new ShownPrice(close, at, "previous close", Math.Max(0, (long)(now - at).TotalMilliseconds), false);
    }
}
