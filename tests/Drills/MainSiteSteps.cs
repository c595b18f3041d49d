using System.Text.Json.Nodes;

namespace Backup.Drills;

/// <summary>A protective stop that the main site left at the exchange: seen as one, moved, and taken out after a question.</summary>
/// <param name="doAsync">Runs one named step.</param>
internal sealed class MainSiteSteps(Stack stack, Func<string, Func<Task>, Task> doAsync)
{
    private const string Client = "DEMO03";
    private const string Contract = "RELIANCE30DECFUT";
    private const int Units = 500;

    private string _list = "";

    /// <summary>Before the day is imported: the exchange has the order, and the main site's list names it.</summary>
    internal Task LeaveAsync() => doAsync("the main site leaves a protective stop at the exchange", async () =>
    {
        var instrument = Row("instruments.csv", fields => fields[2] == Contract);
        var client = Row("clients.csv", fields => fields[0] == Client);
        var close = (int)(decimal.Parse(Row("closes.csv", fields => fields[1] == Contract)[2], System.Globalization.CultureInfo.InvariantCulture) * 100);
        var trigger = close * 97 / 100 / 100 * 100;
        var answer = await stack.ControlAsync("main-site-order", new
        {
            segment = "fo",
            token = int.Parse(instrument[1], System.Globalization.CultureInfo.InvariantCulture),
            account = Client,
            pan = client[2],
            side = "sell",
            quantity = Units,
            price = trigger - 1000,
            trigger,
        });
        var number = (long)JsonNode.Parse(answer)!["orderNumber"]!;
        _list = FormattableString.Invariant($"""
            client_id,exchange,tradingsymbol,product,transaction_type,quantity,price,trigger_price,exchange_order_id,variety,order_id,parent_order_id,placed_by
            {Client},NFO,{Contract},NRML,SELL,{Units},{(trigger - 1000) / 100m},{trigger / 100m},{number},co,261119000002,261119000001,client

            """);
    });

    /// <summary>The main site's list, for the import.</summary>
    internal string List => _list;

    internal async Task TradeAsync(Trader trader)
    {
        JsonNode stop = null!;
        await doAsync("its stop is shown as one, and holds its part of the position", async () =>
        {
            await Eventually.HoldsAsync("the exchange has told of the stop", TimeSpan.FromSeconds(20), async () =>
                (string)(stop = await StopAsync(trader))["status"]! == "TRIGGER PENDING");
            var position = (await trader.PositionsAsync()).First(held => (string)held!["tradingsymbol"]! == Contract)!;
            Expect.That(
                (string)stop["order_type"]! == "SL" && (string)stop["variety"]! == "co" && (string)stop["placed_by"]! == "client"
                && (long)position["closable_quantity"]! == (long)position["quantity"]! - Units,
                $"a cover order's stop that holds {Units} units; found {stop} and {position}");
        });
        await doAsync("the stop's trigger and limit are moved", async () =>
        {
            var (price, trigger) = ((decimal)stop["price"]! - 5, (decimal)stop["trigger_price"]! - 5);
            Expect.That(await trader.MoveStopAsync((string)stop["order_id"]!, price, trigger) is { Ok: true }, "the change is taken");
            await Eventually.HoldsAsync("the exchange has the new trigger", TimeSpan.FromSeconds(20), async () =>
                await StopAsync(trader) is { } moved && (decimal)moved["trigger_price"]! == trigger && (decimal)moved["price"]! == price
                && (string)moved["status"]! == "TRIGGER PENDING");
        });
        await doAsync("the stop is cancelled after a question", async () =>
        {
            var asked = await trader.CancelAsync((string)stop["order_id"]!);
            Expect.That(!asked.Ok && (string?)asked.Data["confirm"]?[0] == "leaves_unprotected", $"a question about the protection; found {asked.Body}");
            Expect.That((await trader.CancelAsync((string)stop["order_id"]!, "leaves_unprotected")).Ok, "the confirmed cancel is taken");
            await Eventually.HoldsAsync("the order is cancelled", TimeSpan.FromSeconds(20), async () => (string)(await StopAsync(trader))["status"]! == "CANCELLED");
        });
    }

    private static async Task<JsonNode> StopAsync(Trader trader) => (await trader.OrdersAsync()).First(order => (string)order!["tradingsymbol"]! == Contract)!;

    private string[] Row(string file, Func<string[], bool> isWanted) =>
        File.ReadLines(Path.Combine(stack.Sample, file)).Select(line => line.Split(',')).First(isWanted);
}
