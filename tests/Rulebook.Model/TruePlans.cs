using Backup.Account.Domain;
using Backup.Account.Domain.Market;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Plans;

namespace Backup.Rulebook.Model;

/// <summary>What the plans promise, from what was asked, what was recorded and what the exchange truly traded.</summary>
internal sealed class TruePlans(Truth truth, Tally tally, ExitPolicy policy)
{
    private readonly Dictionary<string, TruePlan> _plans = new(StringComparer.Ordinal);

    private readonly List<(DateTimeOffset At, PositionKey Key, OrderSide Side, long Quantity)> _accepted = [];

    private sealed class TrueLine(PlanLine line)
    {
        internal PositionKey Key { get; } = line.Key;

        internal OrderSide Side { get; } = line.Side;

        internal long SeenPaise { get; } = line.Price.Paise;

        internal long Quantity { get; set; } = line.Quantity;

        internal long Released { get; set; }

        internal long FirstLimit { get; set; }
    }

    private sealed record TruePlan(PlanOptions Options, Dictionary<PositionKey, TrueLine> Lines)
    {
        internal bool IsStopped { get; set; }

        internal bool IsEnded { get; set; }

        internal bool AreHedgesReleased { get; set; }

        internal HashSet<long> Orders { get; } = [];
    }

    internal void Hear(AccountEvent recorded, long version, AccountCommand command, DateTimeOffset now)
    {
        switch (recorded)
        {
            case AccountEvent.PlanAccepted accepted:
                Accept(accepted, (AccountCommand.StartPlan)command, now);
                break;
            case AccountEvent.PlanLineReduced reduced:
                _plans[reduced.PlanId].Lines[reduced.Key].Quantity = reduced.Quantity;
                tally.Meet(Danger.PlanReduced);
                break;
            case AccountEvent.PlanHedgesReleased released:
                _plans[released.PlanId].AreHedgesReleased = true;
                tally.Meet(Danger.HedgesReleased);
                break;
            case AccountEvent.PlanStopped stopped:
                _plans[stopped.PlanId].IsStopped = true;
                tally.Meet(Danger.PlanStopped);
                break;
            case AccountEvent.PlanEnded ended:
                _plans[ended.PlanId].IsEnded = true;
                break;
            case AccountEvent.OrderAccepted accepted:
                Release(accepted, version);
                break;
            case AccountEvent.OrderRepriced repriced:
                Reprice(repriced);
                break;
        }
    }

    private void Accept(AccountEvent.PlanAccepted accepted, AccountCommand.StartPlan asked, DateTimeOffset now)
    {
        var plan = new TruePlan(accepted.Options, accepted.Lines.ToDictionary(line => line.Key, line => new TrueLine(line)));
        if (!_plans.TryAdd(accepted.PlanId, plan))
        {
            throw new BrokenPromiseException("one plan an id", $"plan {accepted.PlanId} was taken on twice");
        }

        foreach (var line in accepted.Lines)
        {
            var amount = asked.Lines.Single(one => one.Key == line.Key).Amount;
            var held = Math.Abs(truth[line.Key].Heard);
            var isRight = amount switch
            {
                ExitAmount.Units units => line.Quantity == units.Quantity,
                ExitAmount.Percent percent => line.Quantity * 100 <= held * percent.Value,
                _ => true,
            };
            if (!isRight || line.Quantity <= 0 || line.Quantity > held)
            {
                throw new BrokenPromiseException("exactly what was asked", $"{amount} of {held} {line.Key} became {line.Quantity}");
            }

            if (_plans.Any(other => other.Key != accepted.PlanId && IsReleasing(other.Value, line.Key)))
            {
                throw new BrokenPromiseException("one plan a position", $"plan {accepted.PlanId} was taken on while another releases orders of {line.Key}");
            }

            CheckRepeat(accepted, line, amount, now);
            CheckPrice(line.Key, line.LimitPaise, asked.Lines.Single(one => one.Key == line.Key).Price);
            tally.Meet(Danger.OwnLimit, asked.Lines.Single(one => one.Key == line.Key).LimitPaise is null ? 0 : 1);
            tally.Meet(Danger.PercentRounded, amount is ExitAmount.Percent { Value: < 100 } part && line.Quantity * 100 < held * part.Value ? 1 : 0);
        }

        tally.Meet(Danger.PlanOfMany, accepted.Lines.Length > 1 ? 1 : 0);
        tally.Meet(Danger.PlanWaits, accepted.Lines.Any(line => line.WaitsFor.Length > 0) ? 1 : 0);
    }

    /// <summary>The same again within the window goes only when the client has said that he means it.</summary>
    private void CheckRepeat(AccountEvent.PlanAccepted accepted, PlanLine line, ExitAmount amount, DateTimeOffset now)
    {
        if (amount is ExitAmount.Units or ExitAmount.Percent { Value: < 100 } && !accepted.Options.Confirmed.Contains(PlanWarning.LooksRepeated)
            && _accepted.Any(earlier => earlier.Key == line.Key && earlier.Side == line.Side && earlier.Quantity == line.Quantity && now - earlier.At < policy.RepeatWindow))
        {
            throw new BrokenPromiseException("a repeat is asked about", $"plan {accepted.PlanId} repeats an exit of {line.Quantity} {line.Key}");
        }

        _accepted.Add((now, line.Key, line.Side, line.Quantity));
    }

    /// <summary>A limit that the exchange takes: on a tick, near enough to the last price, inside of the day's band.</summary>
    private void CheckPrice(PositionKey key, long limit, PriceSeen? price)
    {
        var contract = truth[key].Contract;
        var (basisPoints, minimum) = Morning.ReachOf(contract.Kind);
        var isNear = price is null || Math.Abs(limit - price.Paise) <= Math.Max(price.Paise * basisPoints / 10_000, minimum);
        var isInBand = contract.Segment != MarketSegment.Cash || Math.Abs(limit - contract.ClosePaise) * 10_000 <= contract.ClosePaise * Morning.BandBasisPoints;
        var isOnTick = limit > 0 && limit % contract.TickPaise == 0;

        // Where the market has left the band, the band counts.
        if (!isOnTick || !isInBand || (!isNear && contract.Segment != MarketSegment.Cash))
        {
            throw new BrokenPromiseException("a price that the exchange takes", $"{limit} for {key} with the last price at {price?.Paise}");
        }

        tally.Meet(Danger.PriceHeldInRange, contract.Kind == Account.Domain.Positions.ContractKind.Future ? 1 : 0);
    }

    private static bool IsReleasing(TruePlan plan, PositionKey key) =>
        plan is { IsStopped: false, IsEnded: false } && plan.Lines.TryGetValue(key, out var line) && line.Released < line.Quantity;

    private void Release(AccountEvent.OrderAccepted accepted, long version)
    {
        var plan = _plans[accepted.ExitId];
        var line = plan.Lines[accepted.Key];
        tally.Meet(Danger.Sliced, line.Released > 0 ? 1 : 0);
        line.Released += accepted.Quantity;
        line.FirstLimit = line.FirstLimit == 0 ? accepted.LimitPricePaise : line.FirstLimit;
        plan.Orders.Add(version);
        if (line.Released > line.Quantity || plan.IsStopped || plan.IsEnded || accepted.Side != line.Side)
        {
            throw new BrokenPromiseException("no more than the plan", $"plan {accepted.ExitId} made orders for {line.Released} of {line.Quantity} {accepted.Key}");
        }

        CheckHedge(accepted.ExitId, plan, line);
    }

    /// <summary>What covers a short leaves only as its shorts are bought back.</summary>
    private void CheckHedge(string id, TruePlan plan, TrueLine line)
    {
        var symbol = truth[line.Key].Contract.Symbol;
        var shorts = plan.Lines.Values.Where(other => other.Side == OrderSide.Buy && truth[other.Key].Contract.Symbol == symbol).ToArray();
        if (line.Side != OrderSide.Sell || shorts.Length == 0 || plan.AreHedgesReleased)
        {
            return;
        }

        var wanted = shorts.Sum(other => other.Quantity);
        var bought = shorts.Sum(other => truth[other.Key].Orders.Where(order => plan.Orders.Contains(order.Written)).Sum(order => order.Filled));
        if ((Int128)line.Released * wanted > (Int128)line.Quantity * bought && bought < wanted)
        {
            throw new BrokenPromiseException(
                "hedges follow their shorts", $"plan {id} released {line.Released} of {line.Quantity} {line.Key} with {bought} of {wanted} shorts bought back");
        }

        tally.Meet(Danger.HedgeInProportion, bought < wanted ? 1 : 0);
    }

    private void Reprice(AccountEvent.OrderRepriced repriced)
    {
        tally.Meet(Danger.Reprice);
        CheckPrice(_plans[repriced.PlanId].Lines.Values.Single(one => truth[one.Key].Orders.Any(order => order.Written == repriced.OrderId.Number)).Key, repriced.LimitPricePaise, repriced.Price);
        var plan = _plans[repriced.PlanId];
        var line = plan.Lines.Values.Single(one => truth[one.Key].Orders.Any(order => order.Written == repriced.OrderId.Number));
        var moved = line.Side == OrderSide.Sell ? line.FirstLimit - repriced.LimitPricePaise : repriced.LimitPricePaise - line.FirstLimit;
        if (plan.Options.Repricing != Repricing.Automatic || plan.IsStopped || moved * 10_000 > line.SeenPaise * plan.Options.MoveMaxBasisPoints)
        {
            throw new BrokenPromiseException("within the agreed distance", $"order {repriced.OrderId.Number} of plan {repriced.PlanId} moved {moved} paise from its first price");
        }
    }

    /// <summary>When nothing is left to happen: every plan has ended, or it is plain what it waits for.</summary>
    internal void CheckAtRest(AccountState state)
    {
        foreach (var (id, plan) in _plans)
        {
            var shown = state.Plans[id];
            var works = shown.Orders.Any(order => !state.Orders[order].Status.IsFinal());
            if (plan.IsEnded)
            {
                if (works || (!plan.IsStopped && plan.Lines.Values.Any(line => line.Released < line.Quantity)))
                {
                    throw new BrokenPromiseException("plans end when all is done", $"plan {id} has ended and is not done");
                }

                continue;
            }

            var waits = shown.Lines.Any(line => line.WaitsFor.Any(order => !state.Orders[order].Status.IsFinal()));
            var holds = !plan.AreHedgesReleased && !plan.IsStopped && plan.Lines.Values.Any(line => line.Released < line.Quantity && IsHeld(plan, line));
            tally.Meet(Danger.HedgeHeld, holds ? 1 : 0);
            if (!works && !waits && !holds)
            {
                throw new BrokenPromiseException("plans end or say why not", $"plan {id} runs and nothing shows what for");
            }
        }
    }

    private bool IsHeld(TruePlan plan, TrueLine line) =>
        line.Side == OrderSide.Sell
        && plan.Lines.Values.Any(other => other.Side == OrderSide.Buy && truth[other.Key].Contract.Symbol == truth[line.Key].Contract.Symbol);
}
