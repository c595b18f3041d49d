using System.CommandLine;
using System.Text.Json.Nodes;

namespace Backup.Operator.Cli;

/// <summary><c>pbm cluster show</c>, <c>pbm account show</c>, <c>pbm tap status</c>: what a running node says of itself.</summary>
internal static class ClusterCommands
{
    internal static Command Cluster(SharedOptions shared)
    {
        var show = new Command("show", "The node that is asked, what it holds, how its links to the exchange stand, and the live members of its cluster.");
        show.SetAction((parsed, stop) => Terminal.RunAsync(() => NodeClient.ShowAsync(shared.Data(parsed), "/manage/cluster", shared.Json(parsed), PrintCluster, stop)));
        return new Command("cluster", "The cluster.")
        {
            show, MembershipCommands.Members(shared), MembershipCommands.Shards(shared), MembershipCommands.Events(shared), MembershipCommands.SplitBrain(shared),
            MembershipCommands.WaitStable(shared), MembershipCommands.Leave(shared), MembershipCommands.Down(shared), MembershipCommands.Move(shared),
            MembershipCommands.Rebalance(shared),
        };
    }

    internal static Command Account(SharedOptions shared)
    {
        var client = new Argument<string>("CLIENT") { Description = "Client id, such as DEMO01." };
        var show = new Command("show", "One account as its client sees it: positions and orders.") { client };
        show.SetAction((parsed, stop) => Terminal.RunAsync(() =>
        {
            var name = parsed.GetValue(client)!.ToUpperInvariant();
            return NodeClient.ShowAsync(
                shared.Data(parsed), $"/manage/accounts/{Uri.EscapeDataString(name)}", shared.Json(parsed), account => PrintAccount(name, account), stop);
        }));
        return new Command("account", "Client accounts.") { show, Lapse(shared) };
    }

    private static Command Lapse(SharedOptions shared)
    {
        var order = new Argument<string>("ORDER") { Description = "The order, such as DEMO01-17." };
        var by = new Option<string>("--by") { Description = "Who does it.", Required = true };
        var confirmation = new Option<string>("--confirmation") { Description = "The number under which the exchange confirmed that it has no such order.", Required = true };
        var lapse = new Command(
            "lapse", "Settle an unknown order that no download can settle (an outage of the exchange): only with the exchange's word that it has none. Frees the position for another exit.")
        { order, by, confirmation };
        lapse.SetAction((parsed, stop) => Terminal.RunAsync(() =>
        {
            var name = parsed.GetValue(order)!.ToUpperInvariant();
            var account = name.LastIndexOf('-') is > 0 and var at ? name[..at] : throw new CommandFailedException($"found \"{name}\", expected an order such as DEMO01-17");
            Terminal.Confirm(
                $"If the exchange does have {name}, it can still trade, and an exit placed afterwards can turn the position round.", $"lapse {name}");
            return NodeClient.DoAsync(
                shared.Data(parsed), $"/manage/accounts/{Uri.EscapeDataString(account)}/orders/{Uri.EscapeDataString(name)}/lapse",
                () => new JsonObject { ["by"] = parsed.GetValue(by), ["confirmation"] = parsed.GetValue(confirmation) }, $"{name} is lapsed.", stop);
        }));
        return lapse;
    }

    internal static Task<int> ShowTapAsync(string data, bool json, CancellationToken stop) => NodeClient.ShowAsync(data, "/manage/tap", json, PrintTap, stop);

    private static void PrintTap(JsonNode tap)
    {
        var links = tap.AsArray();
        Terminal.Table(
            "Exchange sessions",
            ["segment", "state", "box", "user", "gateway", "link", "rate used", "waiting", "sent", "received", "last heartbeat", "streams", "last break"],
            links.Select(link => link!["status"]!).Zip(links, (status, link) => new[]
            {
                Terminal.Text(link!["segment"]), Terminal.Text(link["state"]), Terminal.Text(status["box_id"]), Terminal.Text(status["user_id"]),
                Terminal.Text(status["gateway"]), Terminal.Text(link["link"]), $"{Terminal.Text(status["sent_in_last_second"])}/{Terminal.Text(status["messages_per_second"])}",
                $"{Terminal.Text(status["waiting"])}/{Terminal.Text(status["waiting_limit"])}", Terminal.Text(status["sent"]), Terminal.Text(status["received"]),
                Short(status["last_heartbeat_at"]),
                string.Join(' ', status["streams"]!.AsArray().Select(stream => $"{Terminal.Text(stream!["stream"])}@{Terminal.Text(stream["time_stamp1"])}")),
                Terminal.Text(status["last_break"]),
            }));
        foreach (var link in links.Where(link => (long)link!["status"]!["unread"]! > 0))
        {
            Terminal.Line($"  {Terminal.Text(link!["segment"])}: {Terminal.Text(link["status"]!["unread"])} downloaded messages could not be read, so accounts may lack facts. The last: {Terminal.Text(link["status"]!["last_unread"])}");
        }
    }

    private static void PrintCluster(JsonNode cluster)
    {
        Terminal.Table(
            null,
            ["node", "state", "roles", "pid", "version", "up (s)", "epoch", "shards", "accounts in memory", "quarantined", "records", "commits"],
            cluster["nodes"]!.AsArray().Select(one => new[]
            {
                Terminal.Text(one!["name"]), Terminal.Text(one["state"]), Terminal.Text(one["roles"]), Terminal.Text(one["pid"]), Terminal.Text(one["version"]),
                Terminal.Text(one["uptime_seconds"]), Terminal.Text(one["epoch"]), Terminal.Text(one["shards"]), Terminal.Text(one["accounts_in_memory"]),
                one["quarantined"]!.AsObject().Count.ToString(), Terminal.Text(one["journal_records"]), Terminal.Text(one["journal_commits"]),
            }));
        foreach (var (account, reason) in cluster["nodes"]!.AsArray().SelectMany(one => one!["quarantined"]!.AsObject()))
        {
            Terminal.Line($"  out of service: {account}: {Terminal.Text(reason)}");
        }

        foreach (var stalled in cluster["nodes"]!.AsArray().Where(one => one!["journal_trouble"] is not null))
        {
            Terminal.Line($"  {Terminal.Text(stalled!["name"])} stores nothing at the moment, so nothing new is accepted: {Terminal.Text(stalled["journal_trouble"])}");
        }

        foreach (var blocked in cluster["nodes"]!.AsArray().Where(one => one!["snapshots"]?["trouble"] is not null))
        {
            Terminal.Line($"  {Terminal.Text(blocked!["name"])} stores no snapshots, which costs time at the next takeover: {Terminal.Text(blocked["snapshots"]!["trouble"])}");
        }

        Terminal.Line($"  day {Terminal.Text(cluster["business_date"])}, {Terminal.Text(cluster["clients"])} clients, {Terminal.Text(cluster["positions"])} positions carried in (dataset {Terminal.Text(cluster["dataset_hash"])[..12]})");
        foreach (var link in cluster["exchange"]!.AsArray())
        {
            Terminal.Line($"  exchange {Terminal.Text(link!["segment"])}: {Terminal.Text(link["state"])}{(link["note"] is { } note ? $" ({Terminal.Text(note)})" : "")}");
        }

        if (cluster["members"] is { } members)
        {
            MembershipCommands.PrintMembers("Live members", members);
        }
    }

    private static void PrintAccount(string client, JsonNode account)
    {
        Terminal.Line($"{client}: positions of {Terminal.Text(account["business_date"])}, {Terminal.Text(account["events"])} events, {Terminal.Text(account["working"])} orders working");
        PrintPortfolio(account);
    }

    internal static void PrintPortfolio(JsonNode account)
    {
        Terminal.Table(
            "Positions",
            ["instrument", "product", "qty", "carried", "avg", "ltp", "P&L", "closable", "pending exit", "held back", "price source", "age (s)"],
            account["positions"]!.AsArray().Select(position => new[]
            {
                Terminal.Text(position!["tradingsymbol"]), Terminal.Text(position["product"]), Terminal.Text(position["quantity"]),
                Terminal.Text(position["overnight_quantity"]), Terminal.Text(position["average_price"]), Terminal.Text(position["last_price"]),
                Terminal.Text(position["pnl"]), Terminal.Text(position["closable_quantity"]), Terminal.Text(position["pending_exit_quantity"]), HeldBack(position),
                Terminal.Text(position["source"]), position["age_ms"] is { } age ? ((long)age / 1000).ToString() : "-",
            }));
        Terminal.Table(
            "Orders",
            ["order", "status", "side", "instrument", "product", "type", "qty", "filled", "pending", "price", "trigger", "avg", "exchange order", "placed by", "note"],
            account["orders"]!.AsArray().Select(order => new[]
            {
                Terminal.Text(order!["order_id"]), Terminal.Text(order["status"]), Terminal.Text(order["transaction_type"]), Terminal.Text(order["tradingsymbol"]),
                Terminal.Text(order["product"]), TypeOf(order), Terminal.Text(order["quantity"]), Terminal.Text(order["filled_quantity"]),
                Terminal.Text(order["pending_quantity"]), Terminal.Text(order["price"]), Terminal.Text(order["trigger_price"]), Terminal.Text(order["average_price"]),
                Terminal.Text(order["exchange_order_id"]), Terminal.Text(order["placed_by"]), Terminal.Text(order["status_message"]),
            }));
    }

    /// <summary>Units that a rule of delivery keeps from being exited, and the rule.</summary>
    private static string HeldBack(JsonNode position) => position["held_back_reason"] is { } reason
        ? $"{Terminal.Text(position["held_back_quantity"])} ({Terminal.Text(reason)})"
        : position["banned"] is { } banned && (bool)banned ? "in ban: reduce only" : "-";

    /// <summary>LIMIT or SL, and the variety where the main site made it one of its own.</summary>
    private static string TypeOf(JsonNode order) => Terminal.Text(order["variety"]) is var variety and not ("regular" or "-" or "")
        ? $"{Terminal.Text(order["order_type"])} {variety}"
        : Terminal.Text(order["order_type"]);

    private static string Short(JsonNode? time) => time is null ? "-" : Terminal.Text(time) is { Length: >= 19 } text ? text[11..19] : "-";
}
