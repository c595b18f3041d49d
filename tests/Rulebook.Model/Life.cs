using System.Collections.Immutable;
using Backup.Account.Domain;
using Backup.Account.Domain.Market;
using Backup.Account.Domain.Orders;

namespace Backup.Rulebook.Model;

/// <summary>
/// Lives one interleaving: the rulebook on one side, two segments of an exchange on the other, and the model looking at both after every
/// step. A life is a function of its steps.
/// </summary>
internal sealed partial class Life
{
    private readonly BookUnderTest _book;
    private readonly TradingRules _rules;
    private readonly Link[] _links;
    private readonly AccountCommand.OpenDay _morning;
    private readonly Truth _truth;
    private readonly TruePlans _plans;
    private readonly Tally _tally;
    private readonly List<string>? _story;
    private readonly HashSet<long> _entered = [];
    private readonly StepKind[] _muted;
    private Chance _chance;

    /// <param name="story">Is told in words what happens; null when nobody reads it.</param>
    private Life(int opening, Tally tally, List<string>? story)
    {
        _tally = tally;
        _story = story;
        _rules = Morning.Rules(opening);
        _book = new BookUnderTest(_rules);
        _links = [new(MarketSegment.Cash), new(MarketSegment.Derivatives)];
        _morning = Morning.Open(opening);
        _truth = new Truth(_morning, _links);
        _plans = new TruePlans(_truth, tally, _rules.Policy);
        _muted = Muted(opening);
        Do(_morning);
    }

    /// <exception cref="BrokenPromiseException">A promise did not hold.</exception>
    internal static void Live(Interleaving interleaving, Tally tally, List<string>? story = null)
    {
        var life = new Life(interleaving.Opening, tally, story);
        foreach (var step in interleaving.Steps)
        {
            life.Take(step);
        }

        life.ComeToRest();
    }

    /// <summary>Half of the lives are spared some of the faults, so that others are met in peace and more often.</summary>
    private static StepKind[] Muted(int opening)
    {
        var chance = new Chance((ulong)opening ^ 0xABCDEF);
        StepKind[] faults =
        [
            StepKind.ExchangeCancels, StepKind.ExchangeRefreshes, StepKind.DeskReduces, StepKind.LoseLink, StepKind.Outage, StepKind.Crash,
            StepKind.Foreign, StepKind.StopPlan, StepKind.ReleaseHedges, StepKind.Review, StepKind.Recount, StepKind.MainSite,
        ];
        return chance.OneIn(2) ? [] : [.. faults.Where(_ => chance.OneIn(3))];
    }

    private void Take(Step step)
    {
        _chance = new Chance((ulong)step.Chance);
        var kind = _muted.Contains(step.Kind) ? StepKind.Deliver : step.Kind;
        switch (kind)
        {
            case StepKind.Exit: Exit(); break;
            case StepKind.Cancel: Cancel(); break;
            case StepKind.Modify: Modify(); break;
            case StepKind.StopPlan: StopPlan(); break;
            case StepKind.ReleaseHedges: ReleaseHedges(); break;
            case StepKind.Review: Review(); break;
            case StepKind.Write: Write(); break;
            case StepKind.Arrive: Arrive(mayRefuse: true); break;
            case StepKind.Trade: Trade(); break;
            case StepKind.Deliver: Deliver(mayReorder: true); break;
            case StepKind.Foreign: Foreign(); break;
            case StepKind.ExchangeCancels or StepKind.ExchangeRefreshes or StepKind.DeskReduces: ActByItself(kind); break;
            case StepKind.LoseLink: LoseLink(_chance.Of(_links)); break;
            case StepKind.Reconnect: Reconnect(_chance.Of(_links), mayBreak: true); break;
            case StepKind.Outage: Outage(); break;
            case StepKind.Crash: Crash(); break;
            case StepKind.Lapse: Lapse(); break;
            case StepKind.Recount: Recount(); break;
            case StepKind.Wait: _book.Now += TimeSpan.FromMinutes(2); break;
            case StepKind.MainSite: MainSite(); break;
            case StepKind.Trigger: Trigger(); break;
            case StepKind.OpenAgain: Expect(Do(_morning).IsEmpty, "the day opens once", "the same day was opened again"); break;
        }

        CheckAll();
    }

    /// <summary>One command, its events seen by the model, and the promises of every position that it touched.</summary>
    private ImmutableArray<AccountEvent> Do(AccountCommand command)
    {
        var before = _book.State;
        var version = before.Version;
        var events = _book.Do(command);
        _story?.Add($"    {Words(command)} -> {(events.IsEmpty ? Words(_book.Reply) : string.Join(", ", events.Select(Words)))}");
        foreach (var recorded in events)
        {
            _plans.Hear(recorded, ++version, command, _book.Now);
            Note(recorded);
        }

        CheckRate(command, events);
        foreach (var holding in _truth.All)
        {
            // What a download repeats changes little; positions that nobody touched are looked at when the step is over.
            if (!ReferenceEquals(before.Positions.GetValueOrDefault(holding.Key), _book.State.Positions[holding.Key]))
            {
                CheckAfter(holding.Key);
            }
        }

        return events;
    }

    /// <summary>Something that happened at the exchange alone may break a promise too.</summary>
    private void CheckAfter(PositionKey key) => _truth.Check(_book.State, key);

    private void CheckAll()
    {
        foreach (var holding in _truth.All)
        {
            CheckAfter(holding.Key);
        }

        Expect(_book.State.WorkingOrders.All(order => order.Leaves >= 0), "closable never negative", "an order has less than nothing left");
    }

    private void Note(AccountEvent recorded)
    {
        Danger? danger = recorded switch
        {
            AccountEvent.OrderBecameUnknown => Danger.Unknown,
            AccountEvent.OrderProvenAbsent => Danger.Absent,
            AccountEvent.OrderUnprovable => Danger.Unprovable,
            AccountEvent.OrderLapsed => Danger.Lapsed,
            AccountEvent.OrderRejected => Danger.OrderRejected,
            AccountEvent.CancelRejected => Danger.CancelRefused,
            AccountEvent.ModifyRejected { ErrorCode: > 0 } => Danger.ModifyRefused,
            AccountEvent.OrderLostInOutage => Danger.LostInOutage,
            AccountEvent.OrderModified { Reference: not null } => Danger.Modified,
            AccountEvent.OrderRefreshed => Danger.Refreshed,
            AccountEvent.ForeignOrderFound => Danger.ForeignOrder,
            AccountEvent.ForeignTradeRecorded => Danger.ForeignTrade,
            AccountEvent.OrderCarried => Danger.MainOrder,
            AccountEvent.OrderAttributed => Danger.Attributed,
            AccountEvent.ModifyRequested { TriggerPaise: > 0 } => Danger.StopMoved,
            AccountEvent.TradeBusted => Danger.Bust,
            AccountEvent.TradeCorrected => Danger.Correction,
            _ => null,
        };
        if (danger is { } met)
        {
            _tally.Meet(met);
        }
    }

    /// <summary>The links come back, everything is written, answered and downloaded; then both sides must say the same (P6).</summary>
    private void ComeToRest()
    {
        _story?.Add("-- everything heals");
        _chance = new Chance((ulong)_book.State.Version);
        foreach (var link in _links)
        {
            LoseLink(link);
            Reconnect(link, mayBreak: false);
        }

        // What the main site named and the exchange does not have, only somebody who asks there can settle.
        Lapse();
        TellUnseen();
        const int roundsMax = 2000;
        for (var round = 0; _book.Tickets.Count > 0 || _links.Any(link => link.ToExchange.Count + link.ToAccount.Count > 0); round++)
        {
            Expect(round < roundsMax, "it comes to rest", "there was always something left to do");
            Write();
            Arrive(mayRefuse: false);
            Deliver(mayReorder: false);
        }

        foreach (var link in _links)
        {
            LoseLink(link);
            Reconnect(link, mayBreak: false);
        }

        CheckAll();
        CheckAtRest();
        _plans.CheckAtRest(_book.State);
        Expect(SameState.DifferenceOf(_book.State, _book.Replay()) is not { } differs, "P8 replay", $"a replay gives another state: {SameState.DifferenceOf(_book.State, _book.Replay())}");
    }

    private void CheckAtRest()
    {
        foreach (var holding in _truth.All)
        {
            var net = _book.State.Positions[holding.Key].Net;
            Expect(net == holding.Net, "P6 agreement", $"the exchange made {holding.Net} of {holding.Key}, the books say {net}");
        }

        foreach (var order in _book.State.Orders.Values)
        {
            var name = $"order {order.Id.Number} ({order.Status})";
            Expect(order.Status != OrderStatus.Unknown || order.IsUnprovable, "nothing stays unknown", name);
            Expect(order.Status is not (OrderStatus.Sent or OrderStatus.CancelSent or OrderStatus.ModifySent), "every answer comes", name);
            Expect(order.Status != OrderStatus.Accepted || IsBehindUnprovable(order), "what may go goes", name);
            Expect(order is not { Status: OrderStatus.Open, CancelWanted: true }, "a cancel goes out", $"{name} is to be cancelled and nobody does it");
            Expect(order is not { Status: OrderStatus.Open, ModifyWanted: not null }, "a change goes out", $"{name} is to be changed and nobody does it");
            if (order.Exchange is { } reference && _links[order.Segment == MarketSegment.Cash ? 0 : 1].Exchange.Find(reference.OrderNumber) is { } real)
            {
                Expect(real.Filled == order.Filled, "P6 agreement", $"{name} traded {real.Filled} at the exchange, {order.Filled} in the books");
                Expect(real.IsGone == order.Status.IsFinal() || order.IsUnprovable, "P6 agreement", $"{name} is {(real.IsGone ? "gone" : "open")} at the exchange");
                Expect(real.IsGone || order.IsUnprovable || (real.Quantity == order.Quantity && real.Price == order.LimitPricePaise),
                    "P6 agreement", $"{name} is for {real.Quantity} at {real.Price} at the exchange");
                Expect(real.IsGone || order.IsUnprovable || (real.Waits == order.IsStop && (!real.Waits || real.Trigger == order.TriggerPaise)),
                    "P6 agreement", $"{name} {(real.Waits ? $"waits for {real.Trigger}" : "rests")} at the exchange");
            }
        }
    }

    private bool IsBehindUnprovable(Order order) => _book.State.WorkingOrders.Any(other =>
        other.IsUnprovable && other.Side == order.Side && other.Key.Token == order.Key.Token);

    private static void Expect(bool holds, string promise, string facts)
    {
        if (!holds)
        {
            throw new BrokenPromiseException(promise, facts);
        }
    }
}
