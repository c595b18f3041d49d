using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Backup.Account.Domain;
using Backup.Rulebook.Bench;

var (count, milliseconds) = (11, 300);
for (var at = 0; at < args.Length; at += 2)
{
    var value = args.ElementAtOrDefault(at + 1);
    if (args[at] == "--rounds" && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) && rounds is >= 1 and <= 1000)
    {
        count = rounds;
    }
    else if (args[at] == "--milliseconds" && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var time) && time is >= 10 and <= 60_000)
    {
        milliseconds = time;
    }
    else
    {
        Console.WriteLine("Rulebook.Bench [--rounds N] [--milliseconds N]: what a decision costs, what an account weighs; the last line is JSON.");
        return args[at] is "--help" or "-h" ? 0 : 2;
    }
}

const double exitNsMax = 5_000;
const double accountBytesMax = 400e6 / IdleAccounts.Accounts;
const double fillRatioMax = 2;

var load = File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "not known";
Console.WriteLine($"{Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}, load {load}; {count} rounds of {milliseconds} ms of the processor's time each");
var timed = new Rounds(count, TimeSpan.FromMilliseconds(milliseconds));

// First of all, in a process that holds nothing yet.
var (accountBytes, stateBytes) = await IdleAccounts.MeasureAsync();
Console.WriteLine(
    $"{IdleAccounts.Accounts} idle accounts with 5 positions in the kernel's region, states read from the journal's format: {accountBytes:F0} B each, {accountBytes * IdleAccounts.Accounts / 1e6:F0} MB in all; the state alone {stateBytes:F0} B");

// All of these are repeated on the same state: a decision is a function, so the state never wears out.
var morning = Samples.Holding(10);
var exit = Samples.Exit();
var open = Samples.WithOpenOrder(10);
var trade = new AccountCommand.RecordReport(Samples.Trade(500, 750, 75, 1, 75));
var known = Samples.Do(open, trade);
var exited = timed.Time("exit: decide + fold", () => Samples.Do(morning, exit));
var refused = timed.Time("exit refused (more than is closable)", () => Samples.Do(open, Samples.Exit("exit-2")));
var traded = timed.Time("trade report: decide + fold", () => Samples.Do(open, trade));
var repeated = timed.Time("trade report heard again", () => Samples.Do(known, trade));
var cancelled = timed.Time("cancel: decide + fold", () => Samples.Do(open, new AccountCommand.CancelOrder(new ClientOrderId(3), "DEMO01")));

ManyFills.Run();
var fills = Enumerable.Range(0, count).Select(_ => ManyFills.Run()).ToArray();
Array.ForEach(fills, round => Console.WriteLine($"{ManyFills.Fills} fills of one order: first {round.First:F0} ns each, last {round.Last:F0} ns each, ratio {round.Last / round.First:F2}"));
var fillRatio = Math.Round(Rounds.Middle(fills.Select(round => round.Last / round.First)), 2);
var isGood = exited.Nanoseconds <= exitNsMax && accountBytes <= accountBytesMax && fillRatio <= fillRatioMax;
Console.WriteLine(isGood ? "goals met" : $"GOAL MISSED (exit <= {exitNsMax} ns, account <= {accountBytesMax} B, fills <= {fillRatioMax} x)");
Console.WriteLine(JsonSerializer.Serialize(new
{
    bench = "rulebook",
    figures = new
    {
        exitNs = exited.Nanoseconds,
        exitBytes = exited.Bytes,
        refusedExitNs = refused.Nanoseconds,
        tradeNs = traded.Nanoseconds,
        tradeBytes = traded.Bytes,
        repeatedTradeNs = repeated.Nanoseconds,
        cancelNs = cancelled.Nanoseconds,
        cancelBytes = cancelled.Bytes,
        fillNsFirst = Math.Round(Rounds.Middle(fills.Select(round => round.First))),
        fillNsLast = Math.Round(Rounds.Middle(fills.Select(round => round.Last))),
        fillRatio,
        accountBytes = Math.Round(accountBytes),
        accountStateBytes = Math.Round(stateBytes),
        accountsMegabytes = Math.Round(accountBytes * IdleAccounts.Accounts / 1e6),
    },
}));
return isGood ? 0 : 1;
