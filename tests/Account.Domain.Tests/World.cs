using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Plans;
using Xunit;

namespace Backup.Account.Domain.Tests;

/// <summary>
/// One account, a small honest exchange, and a link between them that loses, repeats and reorders. The exchange knows
/// nothing of the account's rules: what it traded is the truth that the account is held against.
/// </summary>
internal sealed class World
{
    private readonly Dice _dice;
    private readonly long _opening;
    private readonly PlainExchange _exchange = new();
    private readonly Queue<Action> _toExchange = new();
    private readonly List<OrderReport> _toAccount = [];
    private readonly HashSet<(long Order, long Session)> _written = [];
    private long _session = 1;
    private int _exits;
    private bool _linkUp = true;

    internal World(ulong seed)
    {
        _dice = new Dice(seed);
        _opening = (_dice.Next(40) + 1) * 75 * (_dice.Next(2) == 0 ? 1 : -1);
        Book = Given.Holding(_opening);
        Seed = seed;
    }

    internal ulong Seed { get; }

    internal Book Book { get; }

    internal Dictionary<string, int> Seen { get; } = new(StringComparer.Ordinal);

    internal void Step()
    {
        switch (_dice.Next(17))
        {
            case 0:
                Exit();
                break;
            case 1:
                Cancel();
                break;
            case 2 or 3 or 4:
                Write();
                break;
            case 5 or 6:
                Arrive();
                break;
            case 7:
                _toAccount.AddRange(_exchange.TradeSome(_dice));
                break;
            case 8 or 9 or 10:
                Deliver();
                break;
            case 11 when _linkUp && _dice.Next(3) == 0:
                LoseLink();
                break;
            case 11 when !_linkUp:
                Recover();
                break;
            case 12 when _dice.Next(4) == 0:
                Note("foreign");
                // The account hears of it at once: against a trade that nobody has told it of, no rule can help.
                foreach (var report in _exchange.TradeForeign(_dice, Book.State.Closable(Book.Option), _opening).ToArray())
                {
                    Book.Hear(report);
                }

                break;
            case 13:
                Modify();
                break;
            case 15 when _exits > 0 && _dice.Next(3) == 0:
                Note("stop");
                Book.Do(new AccountCommand.StopPlan($"exit-{_dice.Next(_exits) + 1}", _dice.Next(2) == 0, Given.AccountId));
                break;
            case 16:
                Review();
                break;
            case 14 when _dice.Next(6) == 0:
                Outage();
                break;
        }

        Check();
    }

    /// <summary>Everything heals: the link comes back, all is downloaded, and both sides must say the same (P6).</summary>
    internal void SettleAndCompare()
    {
        LoseLink();
        Recover();
        for (var round = 0; round < 200 && (Tickets().Length > 0 || _toExchange.Count > 0 || _toAccount.Count > 0); round++)
        {
            Write();
            Arrive();
            Deliver();
            Check();
        }

        LoseLink();
        Recover();
        Assert.True(_opening + _exchange.Net == Book.Option.Net, $"seed {Seed}: the exchange traded {_exchange.Net} on {_opening}, the account holds {Book.Option.Net}");
        Assert.True(Book.State.Orders.Values.All(order => order.Status != OrderStatus.Unknown || order.IsUnprovable), $"seed {Seed}: an order stayed unknown");
        foreach (var order in Book.State.Orders.Values.Where(order => order.Exchange is not null))
        {
            Assert.True(_exchange.FilledOf(order.Exchange!.OrderNumber) == order.Filled, $"seed {Seed}: order {order.Id} filled {order.Filled}, the exchange says otherwise");
        }
    }

    /// <summary>The exchange loses its book without a word about any order, and says only that it did.</summary>
    private void Outage()
    {
        Note("outage");
        _exchange.LoseBook();
        if (_linkUp)
        {
            // The session ends with the announcement; what it means is told at its place in the next download.
            LoseLink();
        }
    }

    private void LoseStream(long place)
    {
        Book.Do(new AccountCommand.LoseStream(MarketSegment.Derivatives, 0, place, Book.Now));
        Seen["lost"] = Seen.GetValueOrDefault("lost") + Book.Events.Count(recorded => recorded is AccountEvent.OrderLostInOutage);
        Seen["unprovable"] = Seen.GetValueOrDefault("unprovable") + Book.Events.Count(recorded => recorded is AccountEvent.OrderUnprovable);
    }

    private void Exit()
    {
        ExitAmount amount = _dice.Next(3) switch
        {
            0 => new ExitAmount.Full(),
            1 => new ExitAmount.Percent(_dice.Next(120)),
            _ => new ExitAmount.Units((_dice.Next(45) - 2) * 75),
        };
        var repeat = _exits > 0 && _dice.Next(5) == 0;
        var exit = Given.Exit(amount, $"exit-{(repeat ? _dice.Next(_exits) + 1 : ++_exits)}");
        Book.Do(exit with
        {
            Options = new PlanOptions(
                _dice.Next(3) == 0, _dice.Next(2) == 0 ? Repricing.Automatic : Repricing.Offered, _dice.Next(600), [.. Enum.GetValues<PlanWarning>()]),
        });
        if (Book.State.RunningPlans.Select(id => Book.State.Plans[id]).Any(plan => plan.Unreleased(plan.Lines[0]) > 0))
        {
            Note("plan-waits");
        }
    }

    private void Review()
    {
        var price = new PriceSeen(11235 + ((_dice.Next(400) - 300) * 5), Book.Now, "test feed");
        Book.Do(new AccountCommand.ReviewPlans(System.Collections.Immutable.ImmutableDictionary<PositionKey, PriceSeen>.Empty.Add(Given.OptionKey, price)));
        Seen["reprice"] = Seen.GetValueOrDefault("reprice") + Book.Events.Count(recorded => recorded is AccountEvent.OrderRepriced);
    }

    private void Cancel()
    {
        if (Book.State.Orders.Count > 0)
        {
            var order = Book.State.Orders.Values.ElementAt(_dice.Next(Book.State.Orders.Count));
            Book.Do(new AccountCommand.CancelOrder(order.Id, Given.AccountId));
        }
    }

    private void Modify()
    {
        var working = Book.State.WorkingOrders.ToArray();
        if (working.Length > 0)
        {
            var order = working[_dice.Next(working.Length)];
            long? quantity = _dice.Next(2) == 0 ? _dice.Next(45) * 75 : null;
            Book.Do(new AccountCommand.ModifyOrder(order.Id, quantity, order.LimitPricePaise + ((_dice.Next(9) - 4) * 5), Given.AccountId));
        }
    }

    private AccountEffect.Send[] Tickets() =>
        [.. AccountDecider.EffectsOf(AccountDecider.Initial(Given.AccountId), Book.State).OfType<AccountEffect.Send>()];

    /// <summary>The stage takes a ticket: the intent is journaled, and then the bytes are on their way.</summary>
    private void Write()
    {
        var tickets = Tickets();
        if (tickets.Length == 0 || !_linkUp)
        {
            return;
        }

        var ticket = tickets[_dice.Next(tickets.Length)];
        if (ticket is AccountEffect.SendModify)
        {
            Book.Do(new AccountCommand.AuthorizeModify(ticket.OrderId, _session));
            if (Book.Reply is AccountReply.GoAhead { Order: { ModifyWanted: { } wanted } changed })
            {
                Note("modify");
                _toExchange.Enqueue(() => _toAccount.Add(_exchange.Modify(changed.Exchange!, wanted)));
            }

            return;
        }

        if (ticket is AccountEffect.SendCancel)
        {
            Book.Do(new AccountCommand.AuthorizeCancel(ticket.OrderId, _session));
            if (Book.Reply is AccountReply.GoAhead { Order: var cancelled })
            {
                _toExchange.Enqueue(() => _toAccount.Add(_exchange.Cancel(cancelled.Exchange!)));
            }

            return;
        }

        Book.Send(ticket.OrderId.Number, _session);
        if (Book.Reply is AccountReply.GoAhead { Order: var order })
        {
            Assert.True(_written.Add((order.Id.Number, 0)), $"seed {Seed}: order {order.Id} was written twice");
            _toExchange.Enqueue(() => _toAccount.AddRange(_exchange.Enter(order, _dice)));
        }
    }

    private void Arrive()
    {
        if (_toExchange.TryDequeue(out var message))
        {
            message();
        }
    }

    private void Deliver()
    {
        if (_toAccount.Count == 0)
        {
            return;
        }

        var place = _dice.Next(6) == 0 ? _dice.Next(_toAccount.Count) : 0;
        if (place > 0)
        {
            Note("reorder");
        }

        var report = _toAccount[place];
        if (_dice.Next(6) == 0)
        {
            Note("repeat");
        }
        else
        {
            _toAccount.RemoveAt(place);
        }

        if (report.Kind == OrderReportKind.Traded && Book.State.WorkingOrders.Any(order => order.Status == OrderStatus.ModifySent))
        {
            Note("modify-race");
        }

        if (report.Kind == OrderReportKind.Traded && Book.State.WorkingOrders.Any(order => order.Status == OrderStatus.CancelSent))
        {
            Note("cancel-race");
        }

        Book.Hear(report);
    }

    /// <summary>What was on its way to the exchange may or may not arrive; what was on its way back is lost.</summary>
    private void LoseLink()
    {
        while (_toExchange.TryDequeue(out var message))
        {
            if (_dice.Next(2) == 0)
            {
                message();
            }
        }

        _toAccount.Clear();
        _linkUp = false;
        if (_dice.Next(2) == 0)
        {
            Note("crash");
        }

        Book.Do(new AccountCommand.LoseSession(MarketSegment.Derivatives, _session));
        Seen["unknown"] = Seen.GetValueOrDefault("unknown") + Book.Events.Length;
        _session++;
    }

    /// <summary>A new session downloads the whole day and then concludes.</summary>
    private void Recover()
    {
        _linkUp = true;
        _toAccount.Clear();
        var unknown = Book.State.WorkingOrders.Where(order => order is { Status: OrderStatus.Unknown, Exchange: null }).Select(order => order.Id).ToArray();
        foreach (var report in _exchange.Journal.ToArray())
        {
            foreach (var place in _exchange.Outages.Where(place => place == report.StreamTime))
            {
                LoseStream(place);
            }

            // The download's form carries our reference or not, as the segment has it.
            Book.Hear(_dice.Next(2) == 0 ? report with { ClientReference = 0 } : report);
            Check();
        }

        foreach (var id in unknown.Where(id => Book.State.Orders[id].Status != OrderStatus.Unknown))
        {
            Note("found");
        }

        Book.Do(new AccountCommand.ConcludeRecovery(MarketSegment.Derivatives, _session, StreamOutage: false));
        Seen["absent"] = Seen.GetValueOrDefault("absent") + Book.Events.Count(recorded => recorded is AccountEvent.OrderProvenAbsent);
    }

    /// <summary>P4 against the exchange's truth: what is held, and what could still trade, never passes through zero.</summary>
    private void Check()
    {
        var held = _opening + _exchange.Net;
        var sign = Math.Sign(_opening);
        Assert.True(held * sign >= 0, $"seed {Seed}: the position turned round to {held}");
        Assert.True(Math.Abs(held) <= Math.Abs(_opening), $"seed {Seed}: the position grew to {held}");
        Assert.True(
            Math.Abs(held) >= _exchange.OpenQuantity,
            $"seed {Seed}: orders for {_exchange.OpenQuantity} are in the book against a position of {held}");
        foreach (var plan in Book.State.Plans.Values)
        {
            var line = plan.Lines[0];
            Assert.True(line.Released <= line.Quantity, $"seed {Seed}: plan {plan.Id} made orders for {line.Released} of {line.Quantity}");
        }

        Assert.True(Book.Option.Net * sign >= 0, $"seed {Seed}: the account believes it holds {Book.Option.Net}");
    }

    private void Note(string what) => Seen[what] = Seen.GetValueOrDefault(what) + 1;
}

/// <summary>SplitMix64: the same numbers for the same seed on every runtime.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = unchecked(seed * 0x9E3779B97F4A7C15UL);

    internal int Next(int below)
    {
        unchecked
        {
            var z = _state += 0x9E3779B97F4A7C15UL;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return (int)((z ^ (z >> 31)) % (ulong)below);
        }
    }
}
