using System.Collections.Immutable;
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
    public static ExitQuote Quote(
        AccountState state, PositionKey key, ExitAmount amount, PriceSeen? price, Protection protection, bool cancelBlocking = false)
    {
        if (state.BusinessDate is null)
        {
            return ExitQuote.No(new Refusal(RefusalCode.DayNotOpen, "The day's positions have not been loaded for this account."));
        }

        if (!state.Positions.TryGetValue(key, out var position))
        {
            return ExitQuote.No(new Refusal(RefusalCode.NoSuchPosition, "The account has no position in this instrument and product."));
        }

        if (position.Net == 0)
        {
            return ExitQuote.No(new Refusal(RefusalCode.AlreadyFlat, "The position is flat already; there is nothing to exit."));
        }

        var closable = cancelBlocking ? state.Closable(position, state.BlockingOrders(position).Where(order => !order.Status.IsFinal())) : state.Closable(position);
        var (quantity, wrong) = Quantity(state, position, amount, closable);
        if (wrong is not null)
        {
            return ExitQuote.No(wrong);
        }

        if (price is null || price.Paise <= 0)
        {
            return ExitQuote.No(Facts(state, position, RefusalCode.PriceUnavailable,
                "No live price is known for this instrument, so a protected limit cannot be set. Try again when the price is shown live."));
        }

        var slices = Slice(position.Contract, quantity);
        if (slices.Length > SlicesMax)
        {
            return ExitQuote.No(Facts(state, position, RefusalCode.TooManySlices,
                $"The exit needs {slices.Length} orders under the freeze quantity {position.Contract.FreezeQuantity}; at most {SlicesMax} go at a time. Exit a part first."));
        }

        var side = position.Net > 0 ? OrderSide.Sell : OrderSide.Buy;
        return new ExitQuote(position, side, quantity, slices, LimitPrice(position.Contract, side, price.Paise, protection), null);
    }

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

    private static (long Quantity, Refusal? Wrong) Quantity(AccountState state, Position position, ExitAmount amount, long closable)
    {
        var lot = Math.Max(1, position.Contract.LotSize);
        if (closable == 0)
        {
            return (0, Facts(state, position, RefusalCode.ExceedsClosable,
                $"All {Math.Abs(position.Net)} units are reserved by orders that are still working. Cancel those first, then exit."));
        }

        switch (amount)
        {
            case ExitAmount.Full:
            case ExitAmount.Percent { Value: 100 }:
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
