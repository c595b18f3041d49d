using System.Collections.Immutable;
using System.Globalization;
using Backup.Account.Domain.Positions;

namespace Backup.Account.Domain.Orders;

/// <summary>
/// The exit: always opposite to the position, never more than is closable, decided and reserved in one turn (rulebook 1.1,
/// 1.2). What does not fit is refused with the orders that block it, never trimmed.
/// </summary>
public static class ExitRules
{
    /// <summary>Orders that one exit may be sliced into.</summary>
    public const int SlicesMax = 100;

    internal static AccountDecision Decide(AccountState state, AccountCommand.PlaceExit exit, DateTimeOffset now)
    {
        var fingerprint = FingerprintOf(exit);
        if (state.Exits.TryGetValue(exit.ExitId, out var earlier))
        {
            return earlier.Fingerprint == fingerprint
                ? AccountDecision.Answer(new AccountReply.ExitPlaced(earlier, state))
                : AccountDecision.Refuse(RefusalCode.ExitIdReused, "This request id was used before for another exit. Send a new one.");
        }

        var plan = Plan(state, exit.Key, exit.Amount, exit.Price, exit.Protection);
        if (plan.Refusal is { } refusal)
        {
            return AccountDecision.Refuse(refusal);
        }

        return Accept(state, exit, fingerprint, plan, now);
    }

    /// <summary>What an exit would do now: for the preview, and for the decision itself.</summary>
    public static ExitPlan Plan(AccountState state, PositionKey key, ExitAmount amount, PriceSeen? price, Protection protection)
    {
        if (state.BusinessDate is null)
        {
            return ExitPlan.No(new Refusal(RefusalCode.DayNotOpen, "The day's positions have not been loaded for this account."));
        }

        if (!state.Positions.TryGetValue(key, out var position))
        {
            return ExitPlan.No(new Refusal(RefusalCode.NoSuchPosition, "The account has no position in this instrument and product."));
        }

        if (position.Net == 0)
        {
            return ExitPlan.No(new Refusal(RefusalCode.AlreadyFlat, "The position is flat already; there is nothing to exit."));
        }

        var closable = state.Closable(position);
        var (quantity, wrong) = Quantity(state, position, amount, closable);
        if (wrong is not null)
        {
            return ExitPlan.No(wrong);
        }

        if (price is null || price.Paise <= 0)
        {
            return ExitPlan.No(Facts(state, position, RefusalCode.PriceUnavailable,
                "No live price is known for this instrument, so a protected limit cannot be set. Try again when the price is shown live."));
        }

        var slices = Slice(position.Contract, quantity);
        if (slices.Length > SlicesMax)
        {
            return ExitPlan.No(Facts(state, position, RefusalCode.TooManySlices,
                $"The exit needs {slices.Length} orders under the freeze quantity {position.Contract.FreezeQuantity}; at most {SlicesMax} go at a time. Exit a part first."));
        }

        var side = position.Net > 0 ? OrderSide.Sell : OrderSide.Buy;
        return new ExitPlan(position, side, quantity, slices, LimitPrice(position.Contract, side, price.Paise, protection), null);
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

    private static ImmutableArray<long> Slice(Contract contract, long quantity)
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

    private static AccountDecision Accept(
        AccountState state, AccountCommand.PlaceExit exit, string fingerprint, ExitPlan plan, DateTimeOffset now)
    {
        var events = ImmutableArray.CreateBuilder<AccountEvent>(plan.Slices.Length + 1);
        events.Add(new AccountEvent.ExitAccepted(
            exit.ExitId, fingerprint, exit.Key, plan.Quantity, exit.Price!, exit.Protection, plan.Slices.Length, exit.RequestedBy));
        foreach (var slice in plan.Slices)
        {
            events.Add(new AccountEvent.OrderAccepted(exit.ExitId, exit.Key, plan.Side, slice, plan.LimitPricePaise, exit.RequestedBy));
        }

        var recorded = events.MoveToImmutable();
        var next = recorded.Aggregate(state, (folded, recordedEvent) => AccountFold.Evolve(folded, recordedEvent, now));
        return AccountDecision.Record(new AccountReply.ExitPlaced(next.Exits[exit.ExitId], next), recorded);
    }

    private static Refusal Facts(AccountState state, Position position, RefusalCode code, string message) => new(
        code, message, position.Net, state.PendingExit(position), state.Closable(position),
        [.. state.BlockingOrders(position).Select(order => order.Id)]);

    private static string FingerprintOf(AccountCommand.PlaceExit exit) => string.Create(
        CultureInfo.InvariantCulture, $"{exit.Key}|{exit.Amount switch
        {
            ExitAmount.Full => "full",
            ExitAmount.Percent percent => $"{percent.Value}%",
            ExitAmount.Units units => $"{units.Quantity}",
            _ => "",
        }}");
}

/// <summary>What an exit would send, or why it would not.</summary>
public sealed record ExitPlan(
    Position? Position, OrderSide Side, long Quantity, ImmutableArray<long> Slices, long LimitPricePaise, Refusal? Refusal)
{
    internal static ExitPlan No(Refusal refusal) => new(null, default, 0, [], 0, refusal);
}
