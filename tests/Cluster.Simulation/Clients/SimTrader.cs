using Backup.Account.Domain;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Plans;
using Backup.Actor.Kernel.Entities;
using Backup.Cluster.Simulation.Exchange;
using Backup.Cluster.Simulation.Nodes;
using Backup.Cluster.Simulation.Time;

namespace Backup.Cluster.Simulation.Clients;

/// <summary>
/// A client of one account: exits, takes orders back, changes them, looks. What gets no answer he asks again under the same id, at whatever node
/// the front door leads him to.
/// </summary>
internal sealed class SimTrader(SimScheduler scheduler, string account, IReadOnlyList<SimNode> nodes, Market market, Dice dice, History history)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly Protection Protection = new(300, 500);
    private readonly List<(Act Act, AccountCommand Command)> _doubts = [];
    private readonly HashSet<string> _acknowledged = new(StringComparer.Ordinal);
    private AccountState? _seen;
    private int _asked;
    private int _node;
    private int _open;
    private bool _isActing = true;

    internal string Account => account;

    internal bool HasDoubts => _doubts.Count > 0;

    /// <summary>As he saw it last.</summary>
    internal AccountState? Seen => _seen;

    private SimClock Clock => scheduler.World.Clock;

    internal async Task RunAsync(Func<bool> isOver)
    {
        await Task.Delay(dice.Between(0, 3000), Clock);
        while (!isOver())
        {
            await LookAsync();
            if (_seen is { BusinessDate: not null })
            {
                await ActAsync(_seen);
            }

            await Task.Delay(dice.Between(20, 900), Clock);
        }

        _isActing = false;
    }

    /// <summary>Asks again about everything that is in doubt, and takes back every order that still works. True when nothing is left.</summary>
    internal async Task<bool> SettleAsync()
    {
        if (_isActing || _open > 0)
        {
            return false;
        }

        foreach (var (act, command) in _doubts.ToArray())
        {
            if (await AskAsync(act, command) == Told.Done || act.What != "exit" || await AskAsync(act, command) == Told.Refused)
            {
                _doubts.Remove((act, command));
            }
        }

        if (!await LookAsync())
        {
            return false;
        }

        foreach (var order in _seen!.WorkingOrders.Where(order => !order.Status.IsFinal() && !order.CancelWanted).ToArray())
        {
            await ChangeAsync("cancel", order, new AccountCommand.CancelOrder(order.Id, account));
        }

        return !HasDoubts && _seen.Working.IsEmpty && _seen.BusinessDate is not null;
    }

    private async Task ActAsync(AccountState state)
    {
        var working = state.WorkingOrders.Where(order => !order.Status.IsFinal()).ToArray();
        var choice = dice.Next(100);
        if (choice < 60 || working.Length == 0)
        {
            await ExitAsync(state);
        }
        else if (choice < 80)
        {
            var order = dice.Pick(working);
            await ChangeAsync("cancel", order, new AccountCommand.CancelOrder(order.Id, account));
        }
        else if (choice < 95)
        {
            var order = dice.Pick(working);
            var lot = state.Positions[order.Key].Contract.LotSize;
            await ChangeAsync("modify", order, new AccountCommand.ModifyOrder(
                order.Id, Math.Max(lot, order.Quantity + (lot * (dice.Next(4) - 2))), order.LimitPricePaise + ((dice.Next(3) - 1) * 100), account));
        }
    }

    private async Task ExitAsync(AccountState state)
    {
        var held = dice.Pick(market.Positions[account]);
        var position = state.Positions[Market.KeyOf(held)];
        var lot = held.Contract.LotSize;
        var closable = state.Closable(position);
        var units = dice.Next(12) switch
        {
            0 => closable + lot,
            1 => closable,
            _ => lot * (1 + dice.Next((int)Math.Max(closable / lot / 4, 1))),
        };
        if (units == 0)
        {
            return;
        }

        // At the market, or far enough away to rest.
        var isSell = position.Net > 0;
        long? limit = dice.Chance(60) ? null : Market.LastPaise + ((isSell ? 1 : -1) * 5 * dice.Next(1500));
        var price = new PriceSeen(Market.LastPaise, SimClock.Morning, "simulated");
        var id = $"{account}-{++_asked}";
        var command = new AccountCommand.StartPlan(
            id, [new PlanLineRequest(position.Key, new ExitAmount.Units(units), price, Protection, limit)], PlanOptions.Plain with { CancelBlocking = dice.Chance(15) }, account);
        var act = history.Begin(account, "exit", id, scheduler.Elapsed);
        if (dice.Chance(10))
        {
            // From two devices at once.
            _ = AskAsync(act, command, dice.Next(nodes.Count));
        }

        var takesNo = dice.Chance(50);
        for (var attempt = 0; attempt < 4; attempt++)
        {
            // Some take a no for a no, also when it only says that nothing could be done just now.
            if (await AskAsync(act, command) != Told.Nothing || (act.Told == Told.Refused && takesNo))
            {
                return;
            }

            await Task.Delay(dice.Between(10, 400), Clock);
        }

        _doubts.Add((act, command));
    }

    private async Task ChangeAsync(string what, Order order, AccountCommand command)
    {
        var act = history.Begin(account, what, $"{order.Id.Number}", scheduler.Elapsed);
        await AskAsync(act, command);
    }

    /// <summary>True when somebody showed the account; it must show everything that was acknowledged before it was asked for.</summary>
    private async Task<bool> LookAsync()
    {
        var known = _acknowledged.ToArray();
        var version = _seen?.Version ?? 0;
        var result = await AskOnceAsync(new AccountCommand.Show(), dice.Chance(25) ? dice.Next(nodes.Count) : NextNode());
        if (result.Reply is not AccountReply.Shown { State: var state })
        {
            _node = result.Status == AskStatus.OutcomeUnknown && dice.Chance(50) ? _node : dice.Next(nodes.Count);
            return false;
        }

        history.Reads++;
        history.StaleReads.AddRange(known.Where(id => !state.Plans.ContainsKey(id)).Select(id => $"I7 {account} was told that exit {id} is accepted, and was then shown his account without it"));
        if (state.Version < version)
        {
            history.StaleReads.Add($"I7 {account} saw {version} events, and then {state.Version}");
        }

        _seen = state;
        return true;
    }

    private async Task<Told> AskAsync(Act act, AccountCommand command, int? node = null)
    {
        act.Ask();
        var result = await AskOnceAsync(command, node ?? NextNode());
        var told = result switch
        {
            { Status: AskStatus.Answered, Reply: AccountReply.Refused } => Told.Refused,
            { Status: AskStatus.Answered } => Told.Done,
            { Status: AskStatus.OutcomeUnknown } => Told.Nothing,
            { Status: AskStatus.Quarantined or AskStatus.Failed } => Defect(act, result),
            _ => Told.Refused,
        };
        act.Hear(told, scheduler.Elapsed);
        if (told == Told.Done && act.What == "exit")
        {
            _acknowledged.Add(act.Key);
        }

        if (result.Status is AskStatus.NotOwner or AskStatus.OutcomeUnknown)
        {
            _node = dice.Next(nodes.Count);
        }

        // What was not done because nobody could do it just now is asked again.
        return told == Told.Refused && !result.IsAnswered ? Told.Nothing : told;
    }

    private Told Defect(Act act, AskResult<AccountReply> result)
    {
        history.Defects.Add($"P1 {act} was answered {result.Status}: {result.Detail}");
        return Told.Refused;
    }

    private int NextNode() => _node = dice.Chance(3) ? dice.Next(nodes.Count) : _node;

    private async Task<AskResult<AccountReply>> AskOnceAsync(AccountCommand command, int node)
    {
        _open++;
        var answer = new TaskCompletionSource<AskResult<AccountReply>>(TaskCreationOptions.RunContinuationsAsynchronously);
        nodes[node].Ask(account, command, Patience, result => answer.TrySetResult(result));
        scheduler.After(Patience + TimeSpan.FromMilliseconds(200), () => answer.TrySetResult(new AskResult<AccountReply>(AskStatus.OutcomeUnknown, default, "no answer")));
        var result = await answer.Task;
        _open--;
        return result;
    }
}
