using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Backup.Drills;

/// <summary>One day in small: a trader squares off, an operator looks, QA audits, and all three records agree.</summary>
internal sealed class CheckDrill
{
    private const string Client = "DEMO01";
    private const string Mobile = "9000000001";
    private const string Contract = "NIFTY30DEC24300PE";

    internal int Steps { get; private set; }

    internal string Step { get; private set; } = "";

    internal async Task RunAsync()
    {
        await using var stack = new Stack();
        await DoAsync("the exchange's simulator starts on free ports", stack.StartSimulatorAsync);
        var mainSite = new MainSiteSteps(stack, DoAsync);
        await mainSite.LeaveAsync();
        await DoAsync("pbm data import brings the sample day in, with the main site's orders", () => stack.ImportAsync(mainSite.List));
        await DoAsync("the node starts on free ports in a temporary folder", stack.StartNodeAsync);
        await DoAsync("both exchange sessions sign on and recover", stack.WaitUntilTradingAsync);
        using var trader = new Trader(stack, Client, Mobile);
        await LoginStepsAsync(stack, trader);
        var before = DateTimeOffset.UtcNow;
        var violations = new List<string>();
        var reconciliation = new Reconciliation(stack, violations);
        using var protectedOne = new Trader(stack, "DEMO03", "9000000003");
        await protectedOne.LoginAsync();
        await reconciliation.RememberOpeningAsync([trader, protectedOne]);
        var exits = await TradingStepsAsync(stack, trader);
        await CancelStepsAsync(stack, trader, exits);
        await mainSite.TradeAsync(protectedOne);
        await OperatorStepsAsync(stack, trader, exits);
        await QaStepsAsync(stack, before);
        await DoAsync("journal, exchange ledger and page say the same", async () =>
        {
            var ledger = await reconciliation.CheckLedgerAsync();
            await reconciliation.CheckClientsAsync([trader], ledger, _ => exits);
            Expect.That(violations.Count == 0, $"no differences; found {string.Join("; ", violations)}");
        });
        await DoAsync("a second process on the same data folder is refused and told why", async () =>
        {
            await using var second = stack.StartAnotherNode();
            await second.WaitForLineAsync("is in use by process", TimeSpan.FromSeconds(30));
        });
        await DoAsync("the node stops in order within ten seconds", async () =>
            Expect.That(await stack.Node!.StopAsync(TimeSpan.FromSeconds(10)) == 0, "exit status 0"));
    }

    private async Task LoginStepsAsync(Stack stack, Trader trader)
    {
        await DoAsync("a request without a token is refused", async () =>
            Expect.That(await trader.GetAsync("/portfolio/positions") is { Status: HttpStatusCode.Forbidden, ErrorType: "TokenException" }, "403 TokenException"));
        await DoAsync("a wrong code is refused and counted", async () =>
        {
            await trader.PostAsync("/session/otp", new { client_id = Client });
            var wrong = await trader.PostAsync("/session/token", new { client_id = Client, code = "000000" });
            Expect.That(wrong is { Status: HttpStatusCode.Forbidden, ErrorType: "TwoFAException" } && wrong.Message.Contains('4', StringComparison.Ordinal), $"403 with 4 tries left; found {wrong.Message}");
        });
        await DoAsync("the trader logs in with the code from the SMS", trader.LoginAsync);
        await DoAsync("positions are shown with live prices and their age", () => Eventually.HoldsAsync("every price live", TimeSpan.FromSeconds(20), async () =>
            (await trader.PositionsAsync()).All(position => (string)position!["confidence"]! == "confirmed")));
        await DoAsync("five wrong codes lock a client out", async () =>
        {
            using var victim = new Trader(stack, "DEMO05", "9000000005");
            await victim.PostAsync("/session/otp", new { client_id = "DEMO05" });
            Answer last = null!;
            for (var i = 0; i < 5; i++)
            {
                last = await victim.PostAsync("/session/token", new { client_id = "DEMO05", code = "000000" });
            }

            Expect.That(last.Message.Contains("locked", StringComparison.Ordinal), $"a lockout; found {last.Message}");
            var right = await victim.PostAsync("/session/token", new { client_id = "DEMO05", code = await victim.NewestCodeAsync() });
            Expect.That(right.Status == HttpStatusCode.Forbidden, "even the right code is refused while locked");
        });
    }

    private async Task<List<string>> TradingStepsAsync(Stack stack, Trader trader)
    {
        var position = (await trader.PositionsAsync()).First(held => (string)held!["tradingsymbol"]! == Contract)!;
        var quantity = (long)position["quantity"]!;
        await using var live = await LiveStream.OpenAsync(stack.Gateway, trader.Token);
        JsonNode snapshot = null!;
        await DoAsync("the live stream begins with a snapshot", async () =>
            snapshot = await live.NextAsync("a snapshot", update => (string)update["kind"]! == "snapshot"));
        await DoAsync("prices arrive live", () => live.NextAsync("prices", update => (string)update["kind"]! == "prices"));
        await DoAsync("half of a position is exited", async () =>
            Expect.That((await trader.ExitAsync("check-half", position, "percent", percent: 50)) is { Ok: true } done && Quantity(done) == quantity / 2, "an order for one half"));
        await DoAsync("the live stream shows the half gone", () => live.NextAsync($"{quantity / 2} of {Contract}", update => Held(update) == quantity - (quantity / 2)));
        await DoAsync("the same request again gets the same answer and no second order", async () =>
        {
            var again = await trader.ExitAsync("check-half", position, "percent", percent: 50);
            Expect.That(again.Ok && (await trader.OrdersAsync()).Count == 1, "one order in all");
        });
        await DoAsync("an exit above closable is refused with the facts", async () =>
        {
            var refused = await trader.ExitAsync("check-above", position, "quantity", quantity);
            Expect.That(
                refused is { Status: HttpStatusCode.BadRequest, ErrorType: "ReduceOnlyException" } && (long)refused.Data["closable"]! == quantity - (quantity / 2),
                $"ReduceOnlyException with closable {quantity - (quantity / 2)}; found {refused.Status} {refused.Message}");
        });
        await DoAsync("the rest is exited and the position reaches zero", async () =>
        {
            Expect.That((await trader.ExitAsync("check-rest", position, "full")).Ok, "the exit is taken");
            await live.NextAsync($"zero of {Contract}", update => Held(update) == 0);
        });
        await DoAsync("a cash position is exited over the cash segment", async () =>
        {
            var share = (await trader.PositionsAsync()).First(held => (string)held!["exchange"]! == "NSE")!;
            Expect.That((await trader.ExitAsync("check-cash", share, "full")).Ok, "the exit is taken");
            var symbol = (string)share["tradingsymbol"]!;
            await live.NextAsync($"zero of {symbol}", update => update["positions"]!.AsArray().Any(held =>
                (string)held!["tradingsymbol"]! == symbol && (long)held["quantity"]! == 0));
        });
        await DoAsync("a browser that comes back resumes by sequence", async () =>
        {
            await using var resumed = await LiveStream.OpenAsync(stack.Gateway, trader.Token, (long)snapshot["sequence"]!, (string)snapshot["stream_id"]!);
            var delta = await resumed.NextAsync("the delta", update => (string)update["kind"]! is "delta" or "snapshot");
            Expect.That((string)delta["kind"]! == "delta" && (long)delta["from_sequence"]! == (long)snapshot["sequence"]! && delta["orders"]!.AsArray().Count == 3, "a delta with the three orders since");
        });
        return ["check-half", "check-rest", "check-cash"];
    }

    private async Task CancelStepsAsync(Stack stack, Trader trader, List<string> exits)
    {
        await DoAsync("an order that rests blocks a second exit by name, takes a new price, and is cancelled", async () =>
        {
            await stack.ControlAsync("liquidity", new { mode = "none" });
            var position = (await trader.PositionsAsync()).First(held => (string)held!["exchange"]! == "NFO" && (long)held["quantity"]! != 0)!;
            var resting = await trader.ExitAsync("check-rests", position, "full");
            exits.Add("check-rests");
            var order = (string)resting.Data["orders"]![0]!["order_id"]!;
            await Eventually.HoldsAsync("the order is open", TimeSpan.FromSeconds(20), async () => await StatusAsync(trader, order) == "OPEN");
            var blocked = await trader.ExitAsync("check-blocked", position, "full");
            Expect.That(
                blocked.ErrorType == "ReduceOnlyException" && blocked.Data["blocking_orders"]!.AsArray().Any(id => (string)id! == order),
                $"a refusal that names {order}; found {blocked.Body}");
            var terms = (await trader.OrdersAsync()).First(one => (string)one!["order_id"]! == order)!;
            var price = (decimal)terms["price"]! + (decimal)position["tick_size"]!;
            Expect.That((await trader.ModifyAsync(order, (long)terms["quantity"]!, price)).Ok, "the new price is taken");
            await Eventually.HoldsAsync("the exchange has the new price", TimeSpan.FromSeconds(20), async () =>
                (await trader.OrdersAsync()).First(one => (string)one!["order_id"]! == order) is { } changed
                && (decimal)changed["price"]! == price && (string)changed["status"]! == "OPEN");
            Expect.That((await trader.CancelAsync(order)).Ok, "the cancel is taken");
            await Eventually.HoldsAsync("the order is cancelled", TimeSpan.FromSeconds(20), async () => await StatusAsync(trader, order) == "CANCELLED");
            await stack.ControlAsync("liquidity", new { mode = "full" });
        });
    }

    private async Task OperatorStepsAsync(Stack stack, Trader trader, List<string> exits)
    {
        await DoAsync("pbm cluster show: the node is up", async () =>
            Expect.That((string)(await stack.PbmJsonAsync("cluster", "show"))["nodes"]![0]!["state"]! == "Up", "state Up"));
        await DoAsync("pbm account show: the trader's own numbers", async () =>
            Expect.That((await stack.PbmJsonAsync("account", "show", Client))["orders"]!.AsArray().Count == 4, "four orders"));
        await DoAsync("pbm tap status: both sessions trade", async () =>
            Expect.That((await stack.PbmJsonAsync("tap", "status")).AsArray().All(link => (string)link!["state"]! == "Trading"), "state Trading"));
        await DoAsync("pbm tap pause: an exit waits in the queue with its place; resume: it goes", async () =>
        {
            await stack.PbmJsonAsync("tap", "pause", "fo");
            var position = (await trader.PositionsAsync()).First(held => (string)held!["exchange"]! == "NFO" && (long)held["quantity"]! != 0)!;
            var order = (string)(await trader.ExitAsync("check-paused", position, "quantity", (long)position["lot_size"]!)).Data["orders"]![0]!["order_id"]!;
            exits.Add("check-paused");
            var waiting = (await trader.OrdersAsync()).First(one => (string)one!["order_id"]! == order)!;
            Expect.That((string)waiting["status"]! == "PUT ORDER REQ RECEIVED" && (int?)waiting["queue_place"] == 1, $"an order accepted and first in line; found {waiting}");
            await stack.PbmJsonAsync("tap", "resume", "fo");
            await Eventually.HoldsAsync("the order is complete", TimeSpan.FromSeconds(20), async () => await StatusAsync(trader, order) == "COMPLETE");
        });
        await DoAsync("pbm tap decode: the ledger's frames as readable JSON", async () =>
        {
            var (status, output) = await stack.PbmAsync("tap", "decode", "--ledger", stack.Simulator.ToString());
            Expect.That(status == 0 && output.Contains("20222", StringComparison.Ordinal) && output.Contains(Client, StringComparison.Ordinal), $"trades of {Client}; found status {status}: {output[..Math.Min(400, output.Length)]}");
            Expect.That(!output.Contains("Trade@26", StringComparison.Ordinal), "no password in the decoded frames");
        });
        await DoAsync("pbm tap capture: the last frames, which decode reads, without a secret", async () =>
        {
            var file = Path.Combine(stack.Folder, "capture.jsonl");
            Expect.That((await stack.PbmAsync("tap", "capture", "fo", "--out", file)).Status == 0, "status 0");
            var (status, output) = await stack.PbmAsync("tap", "decode", "--file", file);
            Expect.That(status == 0 && output.Contains("ORDER_MOD_IN_TR", StringComparison.Ordinal), "the change of an order among the frames");
            Expect.That(!output.Contains("Trade@26", StringComparison.Ordinal), "no password in the capture");
        });
        await DoAsync("pbm tap kill-switch: nothing is done until the phrase is typed", async () =>
            Expect.That(await stack.PbmAsync("tap", "kill-switch", "fo") is { Status: 1 }, "status 1 without the phrase"));
        await DoAsync("pbm tap decode: bytes that are no frame are refused in words", async () =>
            Expect.That(await stack.PbmAsync("tap", "decode", "00ff") is { Status: 1, Output.Length: > 10 }, "status 1 and a reason"));
    }

    private async Task QaStepsAsync(Stack stack, DateTimeOffset before)
    {
        await DoAsync("pbm journal show: every step of the exit", async () =>
        {
            var events = (await stack.PbmJsonAsync("journal", "show", Client)).AsArray().Select(record => (string)record!["event"]!).ToHashSet(StringComparer.Ordinal);
            Expect.That(
                events.IsSupersetOf(["DayOpened", "PlanAccepted", "OrderAccepted", "SendIntended", "OrderConfirmed", "OrderModified", "OrderTraded", "CancelIntended", "OrderCancelled"]),
                $"all kinds of events; found {string.Join(',', events)}");
        });
        await DoAsync("pbm journal replay --at: the state before the first exit", async () =>
        {
            var replayed = await stack.PbmJsonAsync("journal", "replay", Client, "--at", before.ToString("O", CultureInfo.InvariantCulture));
            Expect.That(
                replayed["orders"]!.AsArray().Count == 0
                && replayed["positions"]!.AsArray().All(held => (long)held!["quantity"]! == (long)held["overnight_quantity"]!),
                "no order, and every position as carried in");
        });
        await DoAsync("pbm journal verify: every chain holds", async () =>
            Expect.That((bool)(await stack.PbmJsonAsync("journal", "verify"))["ok"]!, "ok"));
    }

    private static async Task<string> StatusAsync(Trader trader, string order) =>
        (string)(await trader.OrdersAsync()).First(one => (string)one!["order_id"]! == order)!["status"]!;

    private static long? Held(JsonNode update) =>
        (long?)update["positions"]!.AsArray().FirstOrDefault(held => (string)held!["tradingsymbol"]! == Contract)?["quantity"];

    private static long Quantity(Answer exit) => exit.Data["orders"]!.AsArray().Sum(order => (long)order!["quantity"]!);

    private async Task DoAsync(string step, Func<Task> action)
    {
        Step = step;
        await action();
        Steps++;
        Console.WriteLine($"ok {Steps,2}  {step}");
    }
}
