using System.Text.Json.Nodes;
using Backup.Drills.Records;

namespace Backup.Drills;

/// <summary>One client who exits, takes back and changes orders for as long as things are being broken, and writes down what he was told.</summary>
internal sealed class FaultLoad(Trader trader, SeededDice dice, ClientRecord record, string run)
{
    private int _asked;

    /// <summary>Exits whose outcome nobody told him.</summary>
    internal List<(string Key, JsonNode Position, long Quantity)> Doubts { get; } = [];

    internal Trader Trader => trader;

    /// <summary>Answers that no client should ever see.</summary>
    internal List<string> Defects { get; } = [];

    internal async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await ActAsync();
            }
            catch (Exception gone) when (Trader.IsAway(gone))
            {
                // Looking failed: nothing was asked for, so there is nothing to settle.
            }

            // A person looks at the answer before the next step.
            await Task.Delay(TimeSpan.FromMilliseconds(50 + dice.Next(200)), CancellationToken.None);
        }
    }

    /// <summary>Asks again, with the same key, what became of exits without an answer: what the page does.</summary>
    internal async Task SettleDoubtsAsync()
    {
        var open = Doubts.ToArray();
        Doubts.Clear();
        foreach (var (key, position, quantity) in open)
        {
            await ExitAsync(key, position, quantity, isAgain: true);
        }
    }

    /// <summary>Takes back everything that still rests.</summary>
    /// <param name="hasHole">What waits behind an order that nobody can prove would wait for ever: it goes too.</param>
    internal async Task TakeBackAsync(bool hasHole)
    {
        foreach (var order in (await trader.OrdersAsync()).Where(order => (string)order!["status"]! == "OPEN" || (hasHole && (string)order["status"]! == "PUT ORDER REQ RECEIVED")))
        {
            await ChangeAsync("cancel", (string)order!["order_id"]!, id => trader.CancelAsync(id));
        }
    }

    private async Task ActAsync()
    {
        var choice = dice.Next(100);
        if (choice < 55)
        {
            var open = (await trader.PositionsAsync()).Where(held => (long)held!["closable_quantity"]! > 0).ToArray();
            if (open.Length == 0)
            {
                return;
            }

            var position = open[dice.Next(open.Length)]!;
            var (closable, lot) = ((long)position["closable_quantity"]!, (long)position["lot_size"]!);
            var part = Math.Min(closable, lot * (1 + dice.Next((int)Math.Max(closable / lot / 4, 1))));

            // Now and then everything, and now and then more than there is: the first presses on the reservation, the second must be refused.
            var quantity = dice.Next(12) switch { 0 => closable + lot, 1 => closable, _ => part };
            await ExitAsync($"{run}-{++_asked}", position, quantity);
            return;
        }

        var working = (await trader.OrdersAsync()).Where(order => (long)order!["pending_quantity"]! > 0 && !Reconciliation.IsFinal(order)).ToArray();
        if (working.Length == 0)
        {
            return;
        }

        var chosen = working[dice.Next(working.Length)]!;
        if (choice < 85)
        {
            await ChangeAsync("cancel", (string)chosen["order_id"]!, id => trader.CancelAsync(id));
            if (dice.Next(2) == 0)
            {
                await ExitRestAsync((string)chosen["tradingsymbol"]!);
            }

            return;
        }

        await ModifyAsync(chosen);
    }

    /// <summary>Who takes an order back often wants out at once by another: what the cancel still holds must not be given away.</summary>
    private async Task ExitRestAsync(string symbol)
    {
        var position = (await trader.PositionsAsync()).First(held => (string)held!["tradingsymbol"]! == symbol)!;
        if ((long)position["closable_quantity"]! is > 0 and var closable)
        {
            await ExitAsync($"{run}-{++_asked}", position, closable);
        }
    }

    /// <summary>A rupee up or down, which is on every tick, and sometimes a lot more or less.</summary>
    private async Task ModifyAsync(JsonNode order)
    {
        var lot = (long)(await trader.PositionsAsync()).First(held => (string)held!["tradingsymbol"]! == (string)order["tradingsymbol"]!)!["lot_size"]!;
        var quantity = (long)order["quantity"]! + (lot * (dice.Next(4) - 2));
        var price = (decimal)order["price"]! + (dice.Next(2) == 0 ? 1 : -1);
        await ChangeAsync($"modify {++_asked}", (string)order["order_id"]!, id => trader.ModifyAsync(id, Math.Max(quantity, lot), price));
    }

    /// <param name="isAgain">He may have changed by now what came of the first time.</param>
    private async Task ExitAsync(string key, JsonNode position, long quantity, bool isAgain = false)
    {
        record.Ask(trader.ClientId, "exit", key);
        Answer answer;
        try
        {
            answer = await trader.ExitAsync(key, position, "quantity", quantity);
        }
        catch (Exception gone) when (Trader.IsAway(gone))
        {
            record.Answer(trader.ClientId, "exit", key, Told.Nothing, gone.Message);
            Doubts.Add((key, position, quantity));
            return;
        }

        var told = Judge("exit " + key, answer);
        record.Answer(trader.ClientId, "exit", key, told, answer.Message);
        if (told == Told.Done && !isAgain && answer.Data["orders"]!.AsArray().Sum(order => (long)order!["quantity"]!) is var given && given != quantity)
        {
            Defects.Add($"P4 {trader.ClientId} asked to exit {quantity} as {key} and was given orders over {given}");
        }

        if (told == Told.Nothing)
        {
            Doubts.Add((key, position, quantity));
        }
    }

    private async Task ChangeAsync(string what, string order, Func<string, Task<Answer>> ask)
    {
        record.Ask(trader.ClientId, what, order);
        try
        {
            var answer = await ask(order);
            record.Answer(trader.ClientId, what, order, Judge($"{what} {order}", answer), answer.Message);
        }
        catch (Exception gone) when (Trader.IsAway(gone))
        {
            record.Answer(trader.ClientId, what, order, Told.Nothing, gone.Message);
        }
    }

    private Told Judge(string what, Answer answer)
    {
        switch ((int)answer.Status)
        {
            case 200:
                return Told.Done;
            case 504:
                return Told.Nothing;
            case 500:
                Defects.Add($"P1 {trader.ClientId} was answered 500 to {what}: {answer.Message}");
                return Told.Nothing;
            default:
                return Told.Refused;
        }
    }
}
