using System.Collections.Immutable;
using Backup.Account.Domain;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Plans;

namespace Backup.Rulebook.Model;

/// <summary>What the client, the price feed and the operator do.</summary>
internal sealed partial class Life
{
    private readonly List<AccountCommand.StartPlan> _asked = [];

    private void Exit()
    {
        if (_asked.Count > 0 && _chance.OneIn(7))
        {
            AskAgain();
            return;
        }

        var lines = ImmutableArray.CreateBuilder<PlanLineRequest>();
        var scope = _chance.Below(10);
        var one = _chance.Below(Math.Max(1, _truth.All.Count));
        for (var at = 0; at < _truth.All.Count; at++)
        {
            if (scope < 5 ? at == one : scope < 8 || _chance.OneIn(2))
            {
                var holding = _truth.All[at];
                // Now and then the feed is silent, and now and then the client sets his own limit.
                var price = _chance.OneIn(20) ? null : new PriceSeen(PriceNear(holding.Contract.ClosePaise, 300), _book.Now, "feed");
                long? own = _chance.OneIn(6) ? PriceNear(holding.Contract.ClosePaise, 1200) + (_chance.OneIn(8) ? 1 : 0) : null;
                lines.Add(new PlanLineRequest(holding.Key, Amount(holding), price, new Protection(1000, 500), own));
            }
        }

        var options = new PlanOptions(
            _chance.OneIn(3),
            _chance.OneIn(2) ? Repricing.Automatic : Repricing.Offered,
            _chance.Below(600),
            _chance.OneIn(4) ? [] : [.. Enum.GetValues<PlanWarning>()]);
        var ask = new AccountCommand.StartPlan($"plan-{_asked.Count + 1}", lines.ToImmutable(), options, Morning.Account);
        _asked.Add(ask);
        Do(ask);
        NoteAnswer(ask);
    }

    /// <summary>The same request again, as a browser does that got no answer; or another one under an old id.</summary>
    private void AskAgain()
    {
        var ask = _chance.Of(_asked);
        var known = _book.State.Plans.ContainsKey(ask.PlanId);
        if (_chance.OneIn(4))
        {
            ask = ask with { Lines = [.. ask.Lines.Select(line => line with { Amount = new ExitAmount.Percent(99) })] };
        }

        var events = Do(ask);
        Expect(!known || events.IsEmpty, "one plan an id", $"plan {ask.PlanId} was asked for again, and that recorded {events.Length} events");
        _tally.Meet(_book.Reply is AccountReply.Refused { Refusal.Code: RefusalCode.ExitIdReused } ? Danger.PlanIdReused : Danger.SamePlanAgain, known ? 1 : 0);
    }

    private void NoteAnswer(AccountCommand.StartPlan ask)
    {
        Danger? met = _book.Reply is AccountReply.Refused refused
            ? refused.Refusal.Code switch
            {
                RefusalCode.ConfirmationNeeded => Danger.Warned,
                RefusalCode.PlanRunning => Danger.PlanRefusedWhileOneRuns,
                RefusalCode.ExceedsClosable => Danger.MoreThanClosableRefused,
                RefusalCode.AwaitsDelivery or RefusalCode.HoldingNotExitable => Danger.HeldBack,
                RefusalCode.TooManyRequests => Danger.RateRefused,
                RefusalCode.PriceOutOfRange or RefusalCode.PriceNotATickMultiple => Danger.PriceRefused,
                RefusalCode.PriceUnavailable => Danger.NoPrice,
                _ => null,
            }
            : ask.Lines.Any(line => _truth.All.Any(other => other.Key != line.Key && other.Key.Token == line.Key.Token)) ? Danger.TwoProducts
            : null;
        if (met is { } danger)
        {
            _tally.Meet(danger);
        }

        _tally.Meet(Danger.RepeatAsked, _book.Reply is AccountReply.Refused { Refusal: var asked } && asked.Warnings.Contains(PlanWarning.LooksRepeated) ? 1 : 0);
    }

    private ExitAmount Amount(Holding holding)
    {
        var lot = holding.Contract.LotSize;
        var held = (int)Math.Abs(holding.Opening);
        return _chance.Below(10) switch
        {
            < 3 => new ExitAmount.Full(),
            < 6 => new ExitAmount.Percent(_chance.Below(102)),
            < 9 => new ExitAmount.Units((_chance.Below((held / lot) + 3) - 1) * (long)lot),
            _ => new ExitAmount.Units(_chance.Below(held + 10)),
        };
    }

    private void Cancel()
    {
        if (_book.State.Orders.Count > 0)
        {
            Do(new AccountCommand.CancelOrder(AnyOrder().Id, Morning.Account, Confirmed: _chance.OneIn(2)));
            _tally.Meet(Danger.UnprotectedAsked, _book.Reply is AccountReply.Refused { Refusal.Code: RefusalCode.ConfirmationNeeded } ? 1 : 0);
        }
    }

    private void Modify()
    {
        if (_book.State.Orders.Count > 0)
        {
            var order = AnyOrder();
            var lot = _truth[order.Key].Contract.LotSize;
            long? quantity = _chance.OneIn(3) ? null : (order.Quantity / lot + _chance.Below(9) - 4) * lot;
            long? price = _chance.OneIn(2) ? null : order.LimitPricePaise + ((_chance.Below(9) - 4) * 5);
            long? trigger = order.IsStop && !_chance.OneIn(3) ? order.TriggerPaise + ((_chance.Below(9) - 4) * 5) : null;
            Do(new AccountCommand.ModifyOrder(order.Id, quantity, price, Morning.Account, trigger, _chance.OneIn(2) ? 0 : order.LimitPricePaise));
        }
    }

    /// <summary>Mostly one that works, of which there are few; sometimes one that is done.</summary>
    private Order AnyOrder()
    {
        var working = _book.State.Working;
        return working.Count > 0 && !_chance.OneIn(6)
            ? _book.State.Orders[working[_chance.Below(working.Count)]]
            : _book.State.Orders.Values.ElementAt(_chance.Below(_book.State.Orders.Count));
    }

    private void StopPlan()
    {
        if (_asked.Count > 0)
        {
            Do(new AccountCommand.StopPlan(_chance.Of(_asked).PlanId, _chance.OneIn(2), Morning.Account));
        }
    }

    private void ReleaseHedges()
    {
        if (_asked.Count > 0)
        {
            Do(new AccountCommand.ReleaseHedges(_chance.Of(_asked).PlanId, Morning.Account));
        }
    }

    private void Review()
    {
        var prices = ImmutableDictionary.CreateBuilder<PositionKey, PriceSeen>();
        foreach (var holding in _truth.All.Where(_ => !_chance.OneIn(3)))
        {
            prices[holding.Key] = new PriceSeen(PriceNear(holding.Contract.ClosePaise, 1500), _book.Now, "feed");
        }

        Do(new AccountCommand.ReviewPlans(prices.ToImmutable()));
    }

    /// <summary>An operator asks the exchange about an order that nobody can account for, and lapses it when there never was one.</summary>
    private void Lapse()
    {
        foreach (var order in _book.State.WorkingOrders
            .Where(order => order is { Status: OrderStatus.Unknown, Exchange: null } and ({ IsUnprovable: true } or { Origin: not null })).ToArray())
        {
            var link = LinkOf(order.Segment);
            if (!link.IsUp || link.Exchange.Orders.Any(real => real.Written == order.Id.Number) || IsKnownThere(link, order))
            {
                continue;
            }

            Do(new AccountCommand.LapseOrder(order.Id, "operator", "the exchange's reference 4711"));
        }
    }

    private bool IsKnownThere(Link link, Order order) =>
        _book.State.ByExchangeNumber.Any(known => known.Value == order.Id && link.Exchange.Find(known.Key.Number) is not null);

    private long PriceNear(long paise, int basisPoints) =>
        Math.Max(5, (paise + (paise * (_chance.Below((2 * basisPoints) + 1) - basisPoints) / 10_000)) / 5 * 5);

    private Link LinkOf(MarketSegment segment) => _links[segment == MarketSegment.Cash ? 0 : 1];
}
