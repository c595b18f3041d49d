using System.Collections.Immutable;
using Backup.Account.Domain.Market;
using Backup.Account.Domain.Plans;
using Backup.Account.Domain.Positions;

namespace Backup.Account.Domain.Orders;

/// <summary>
/// One exit: always opposite to the position, never more than is closable (rulebook 1.1, 1.2). What does not fit is refused with the
/// orders that block it, never trimmed.
/// </summary>
public static class ExitRules
{
    /// <summary>Orders that one exit may be sliced into.</summary>
    public const int SlicesMax = 100;

    /// <summary>What an exit of one position would do now: for the preview, and for the decision itself.</summary>
    /// <param name="cancelBlocking">Working orders will be cancelled first, so that what they reserve can be exited.</param>
    public static ExitQuote Quote(AccountState state, PlanLineRequest line, bool cancelBlocking, TradingRules rules, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(rules);
        if (state.BusinessDate is null)
        {
            return ExitQuote.No(new Refusal(RefusalCode.DayNotOpen, "The day's positions have not been loaded for this account."));
        }

        var isHeld = state.Positions.TryGetValue(line.Key, out var position);
        if (line.Side is { } meant && !(isHeld && AccountState.Reduces(meant, position!.Net)))
        {
            return ExitQuote.No(NoExit(state, position, meant));
        }

        if (position is null)
        {
            return ExitQuote.No(new Refusal(RefusalCode.NoSuchPosition, "The account has no position in this instrument and product."));
        }

        if (position.Net == 0)
        {
            return ExitQuote.No(new Refusal(RefusalCode.AlreadyFlat, "The position is flat already; there is nothing to exit."));
        }

        var freed = cancelBlocking ? state.BlockingOrders(position).Where(order => !order.Status.IsFinal()).Sum(order => order.Leaves) : 0;
        var closable = DeliveryRules.Closable(rules, state, position, freed);
        var (quantity, wrong) = Quantity(state, position, line.Amount, closable);
        if (wrong is not null)
        {
            return ExitQuote.No(Explain(wrong, rules, state, position, freed));
        }

        var side = position.Net > 0 ? OrderSide.Sell : OrderSide.Buy;
        var (limit, wrongPrice) = Limit(rules.Market, state, position, side, line, now);
        if (wrongPrice is not null)
        {
            return ExitQuote.No(wrongPrice);
        }

        var slices = Slice(position.Contract, quantity);
        if (slices.Length > SlicesMax)
        {
            return ExitQuote.No(Facts(state, position, RefusalCode.TooManySlices,
                $"The exit needs {slices.Length} orders under the freeze quantity {position.Contract.FreezeQuantity}; at most {SlicesMax} go at a time. Exit a part first."));
        }

        return new ExitQuote(position, side, quantity, slices, limit, null);
    }

    /// <summary>What is no exit would open or enlarge a position, and nothing here does (rulebook 1.2).</summary>
    private static Refusal NoExit(AccountState state, Position? position, OrderSide meant)
    {
        var said = meant == OrderSide.Buy ? "Buying" : "Selling";
        return position is null
            ? new Refusal(RefusalCode.EntryNotAllowed, $"{said} this would open a position. Here positions can be exited and orders cancelled, nothing else.")
            : Facts(state, position, RefusalCode.EntryNotAllowed,
                $"{said} {position.Contract.TradingSymbol} would open or enlarge a position: {position.Net} units are held. Here positions can be exited and orders cancelled, nothing else.");
    }

    /// <summary>Moving a position to another product changes its margin and not its risk; it belongs to the main site (rulebook 1.2).</summary>
    public static Refusal ProductChange(AccountState state, PositionKey key)
    {
        ArgumentNullException.ThrowIfNull(state);
        const string Words = "A position cannot be moved to another product here. It can be exited.";
        return state.Positions.TryGetValue(key, out var position)
            ? Facts(state, position, RefusalCode.ProductChangeNotAllowed, Words)
            : new Refusal(RefusalCode.ProductChangeNotAllowed, Words);
    }

    /// <summary>The protected limit, inside of what the exchange takes.</summary>
    public static long LimitPrice(Contract contract, OrderSide side, long lastPaise, Protection protection, PriceRange range) =>
        range.Clamp(LimitPrice(contract, side, lastPaise, protection));

    /// <summary>
    /// The limit of an exit: the last price moved against us by the protection, on a tick, rounded toward execution, and at
    /// least one tick (rulebook 1.7, 6).
    /// </summary>
    public static long LimitPrice(Contract contract, OrderSide side, long lastPaise, Protection protection)
    {
        var distance = Math.Max(lastPaise * protection.BasisPoints / 10_000, protection.MinimumPaise);
        var tick = Math.Max(1, contract.TickPaise);
        if (side == OrderSide.Buy)
        {
            return (lastPaise + distance + tick - 1) / tick * tick;
        }

        return Math.Max(tick, (lastPaise - distance) / tick * tick);
    }

    /// <summary>The client's own limit if it is one that the exchange takes, else the protected one.</summary>
    private static (long Paise, Refusal? Wrong) Limit(
        MarketRules market, AccountState state, Position position, OrderSide side, PlanLineRequest line, DateTimeOffset now)
    {
        var contract = position.Contract;
        var last = line.Price is { Paise: > 0 } seen ? seen.Paise : 0;
        var range = market.RangeOf(contract, last, now);
        if (line.LimitPaise is { } own)
        {
            return (own, (MarketChecks.OffTick(contract, own) ?? MarketChecks.OutOfRange(range, contract, own)) is { } wrong
                ? Facts(state, position, wrong.Code, wrong.Message)
                : null);
        }

        return last == 0
            ? (0, Facts(state, position, RefusalCode.PriceUnavailable,
                "No live price is known for this instrument, so a protected limit cannot be set. Give a limit of your own, or try again when the price is shown live."))
            : (LimitPrice(contract, side, last, line.Protection, range), null);
    }

    /// <summary>Where a rule of delivery and no order is what holds the units back, the refusal says so.</summary>
    private static Refusal Explain(Refusal refusal, TradingRules rules, AccountState state, Position position, long freed) =>
        refusal.Code == RefusalCode.ExceedsClosable
            && DeliveryRules.HeldBy(rules, position) is { } heldBy
            && DeliveryRules.Closable(rules, state, position, freed) < Math.Abs(position.Net) - state.PendingExit(position) + freed
            ? refusal with
            {
                Code = heldBy,
                Message = $"{DeliveryRules.Words(heldBy, position)} {DeliveryRules.Closable(rules, state, position, freed)} units can be exited now.",
            }
            : refusal;

    private static (long Quantity, Refusal? Wrong) Quantity(AccountState state, Position position, ExitAmount amount, long closable)
    {
        var lot = Math.Max(1, position.Contract.LotSize);
        if (closable == 0)
        {
            return (0, Facts(state, position, RefusalCode.ExceedsClosable, state.BlockingOrders(position).Any() || state.ActingPlan(position.Key) is not { } acting
                ? $"All {Math.Abs(position.Net)} units are reserved by orders that are still working. Cancel those first, then exit."
                : $"All {Math.Abs(position.Net)} units are held by the exit {acting.Id}, which has not sent them yet. Wait for it or stop it first."));
        }

        switch (amount)
        {
            case { IsAll: true }:
                return (closable, null);
            case ExitAmount.Percent { Value: < 1 or > 100 } percent:
                return (0, Facts(state, position, RefusalCode.PercentOutOfRange, $"Percent must be 1 to 100; found {percent.Value}."));
            case ExitAmount.Percent percent:
                // Down to a lot, so that a percentage never exits more than was asked.
                var part = (long)((Int128)closable * percent.Value / 100) / lot * lot;
                return part > 0
                    ? (part, null)
                    : (0, Facts(state, position, RefusalCode.LessThanALot, $"{percent.Value} percent of {closable} is less than a lot of {lot}."));
            case ExitAmount.Units units when units.Quantity <= 0:
                return (0, Facts(state, position, RefusalCode.QuantityNotPositive, $"Quantity must be above zero; found {units.Quantity}."));
            case ExitAmount.Units units when units.Quantity > closable:
                return (0, Facts(state, position, RefusalCode.ExceedsClosable,
                    $"Only {closable} of {Math.Abs(position.Net)} units can be exited now; {units.Quantity} were asked for."));
            case ExitAmount.Units units when units.Quantity != closable && units.Quantity % lot != 0:
                return (0, Facts(state, position, RefusalCode.NotALotMultiple,
                    $"Quantity must be a multiple of the lot {lot}, or all {closable}; found {units.Quantity}."));
            case ExitAmount.Units units:
                return (units.Quantity, null);
            default:
                throw new System.Diagnostics.UnreachableException($"No rule for {amount.GetType().Name}.");
        }
    }

    internal static ImmutableArray<long> Slice(Contract contract, long quantity)
    {
        if (contract.FreezeQuantity <= 0 || quantity <= contract.FreezeQuantity)
        {
            return [quantity];
        }

        var lot = Math.Max(1, contract.LotSize);
        var slice = Math.Max(lot, contract.FreezeQuantity / lot * lot);
        var slices = ImmutableArray.CreateBuilder<long>();
        for (var left = quantity; left > 0; left -= slice)
        {
            slices.Add(Math.Min(left, slice));
            if (slices.Count > SlicesMax)
            {
                break;
            }
        }

        return slices.ToImmutable();
    }

    internal static Refusal Facts(AccountState state, Position position, RefusalCode code, string message) => new(
        code, message, position.Net, state.PendingExit(position), state.Closable(position),
        [.. state.BlockingOrders(position).Select(order => order.Id)]);
}

/// <summary>What an exit would send, or why it would not.</summary>
public sealed record ExitQuote(
    Position? Position, OrderSide Side, long Quantity, ImmutableArray<long> Slices, long LimitPricePaise, Refusal? Refusal)
{
    internal static ExitQuote No(Refusal refusal) => new(null, default, 0, [], 0, refusal);
}
