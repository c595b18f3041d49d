using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Backup.Operator.Cli;

/// <summary><c>pbm cluster members|shards|events|split-brain|wait-stable|leave|down|move|rebalance</c>: the cluster as one of its nodes sees it.</summary>
internal static class MembershipCommands
{
    internal static Command Members(SharedOptions shared) => Reading(
        shared, "members", "Every node that ever joined: how it stands, what it has, whom it reaches.", "/manage/cluster/members", members => PrintMembers(null, members));

    internal static void PrintMembers(string? title, JsonNode members)
    {
        Terminal.Table(
            title,
            ["node", "life", "status", "address", "roles", "shards", "boxes", "reaches", "lease (s)", "reason"],
            members.AsArray().Select(member => new[]
            {
                $"{Terminal.Text(member!["name"])}{((bool)member["is_this"]! ? " *" : "")}", Terminal.Text(member["incarnation"]), Terminal.Text(member["status"]),
                Terminal.Text(member["address"]), Terminal.Text(member["roles"]), Terminal.Text(member["shards"]), Terminal.Text(member["boxes"]),
                Terminal.Text(member["reaches"]), Terminal.Text(member["expires_in_seconds"]), Terminal.Text(member["reason"]),
            }));
        Terminal.Line("  * the node that was asked");
    }

    internal static Command Shards(SharedOptions shared) => Reading(
        shared, "shards", "Who has which shard, under which epoch, and what still moves.", "/manage/cluster/shards", shards =>
        {
            Terminal.Table(
                null,
                ["node", "shards", "which (epoch)"],
                shards["shards"]!.AsArray().GroupBy(shard => Terminal.Text(shard!["owner"]), StringComparer.Ordinal).OrderBy(owner => owner.Key, StringComparer.Ordinal).Select(owner => new[]
                {
                    owner.Key.Length > 0 ? owner.Key : "(nobody)", owner.Count().ToString(),
                    string.Join(' ', owner.Select(shard => $"{Terminal.Text(shard!["shard"])}({Terminal.Text(shard["epoch"])})")),
                }));
            foreach (var move in shards["moves"]!.AsArray())
            {
                Terminal.Line($"  shard {Terminal.Text(move!["shard"])} moves from {Terminal.Text(move["from"])} to {Terminal.Text(move["to"])}");
            }

            foreach (var placement in shards["placements"]!.AsArray())
            {
                Terminal.Line($"  shard {Terminal.Text(placement!["shard"])} was placed on {Terminal.Text(placement["node"])} by {Terminal.Text(placement["by"])}");
            }

            Terminal.Line($"  without an owner: {Terminal.Text(shards["unowned"])}; further moves: {Terminal.Text(shards["moves_left"])}{(shards["trouble"] is { } trouble ? $"; the database: {Terminal.Text(trouble)}" : "")}");
        });

    internal static Command Events(SharedOptions shared) => Reading(
        shared, "events", "What happened in the cluster since this node started, as it saw it.", "/manage/cluster/events", events =>
        {
            foreach (var one in events.AsArray())
            {
                Terminal.Line($"{Terminal.Text(one!["at"])}  {Terminal.Text(one["text"])}");
            }
        });

    internal static Command SplitBrain(SharedOptions shared) => new("split-brain", "Cuts between nodes.")
    {
        Reading(
            shared, "explain", "Who would survive the cluster as it is now, and why.", "/manage/cluster/split-brain", verdict =>
            {
                Terminal.Line(Terminal.Text(verdict["explanation"]));
                Terminal.Line($"  strategy {Terminal.Text(verdict["strategy"])}; so for {Terminal.Text(verdict["stable_for_seconds"])} s, {((bool)verdict["is_whole"]! ? "nothing to resolve" : $"resolved after {Terminal.Text(verdict["stable_after_seconds"])} s")}");
            }),
    };

    internal static Command WaitStable(SharedOptions shared)
    {
        var within = new Option<int>("--within") { Description = "Seconds to wait at most.", DefaultValueFactory = _ => 60 };
        var command = new Command("wait-stable", "Wait until every shard has its wanted owner and all live nodes reach each other. Status 1 when it does not come to that in time.") { within };
        command.SetAction((parsed, stop) => Terminal.RunAsync(() => WaitStableAsync(shared.Data(parsed), TimeSpan.FromSeconds(parsed.GetValue(within)), shared.Json(parsed), stop)));
        return command;
    }

    internal static Command Leave(SharedOptions shared)
    {
        var command = new Command("leave", "Tell the node to hand its accounts to the others, leave and stop, as SIGTERM does.");
        command.SetAction((parsed, stop) => Terminal.RunAsync(() => NodeClient.ShowAsync(
            shared.Data(parsed), "/manage/cluster/leave", shared.Json(parsed),
            left => Terminal.Line($"{Terminal.Text(left["name"])} hands its accounts over and leaves; watch it with pbm cluster members on another node."),
            stop, new JsonObject())));
        return command;
    }

    internal static Command Down(SharedOptions shared)
    {
        var name = new Argument<string>("NODE") { Description = "The node's name." };
        var by = By();
        var command = new Command("down", "End another node's membership: its process ends itself, and the others take its accounts at once.") { name, by };
        command.SetAction((parsed, stop) => Terminal.RunAsync(() =>
        {
            var node = parsed.GetValue(name)!;
            Terminal.Confirm($"{node} loses everything that it has under way; its clients' requests of this moment end unanswered.", $"down {node}");
            return NodeClient.ShowAsync(
                shared.Data(parsed), $"/manage/cluster/down/{Uri.EscapeDataString(node)}", shared.Json(parsed), downed => Terminal.Line($"{Terminal.Text(downed["node"])} is down."),
                stop, new JsonObject { ["by"] = parsed.GetValue(by) });
        }));
        return command;
    }

    internal static Command Move(SharedOptions shared)
    {
        var shard = new Argument<int>("SHARD") { Description = "The shard's number." };
        var to = new Argument<string>("NODE") { Description = "The node that shall have it." };
        var by = By();
        var command = new Command("move", "Place a shard on a node, for as long as that node is there and until pbm cluster rebalance.") { shard, to, by };
        command.SetAction((parsed, stop) => Terminal.RunAsync(() => NodeClient.ShowAsync(
            shared.Data(parsed), $"/manage/cluster/shards/{parsed.GetValue(shard)}/move", shared.Json(parsed),
            moved => Terminal.Line($"shard {Terminal.Text(moved["shard"])} goes from {Terminal.Text(moved["from"])} to {Terminal.Text(moved["to"])}; pbm cluster wait-stable waits until it is there."),
            stop, new JsonObject { ["to"] = parsed.GetValue(to), ["by"] = parsed.GetValue(by) })));
        return command;
    }

    internal static Command Rebalance(SharedOptions shared)
    {
        var by = By();
        var command = new Command("rebalance", "Drop every placement: the shards go back to where they are spread evenly.") { by };
        command.SetAction((parsed, stop) => Terminal.RunAsync(() => NodeClient.ShowAsync(
            shared.Data(parsed), "/manage/cluster/rebalance", shared.Json(parsed),
            answer => Terminal.Line($"{Terminal.Text(answer["dropped"])} placements dropped; pbm cluster wait-stable waits until the shards are where they should be."),
            stop, new JsonObject { ["by"] = parsed.GetValue(by) })));
        return command;
    }

    private static Option<string> By() => new("--by") { Description = "Who does it.", Required = true };

    private static async Task<int> WaitStableAsync(string data, TimeSpan within, bool json, CancellationToken stop)
    {
        using var node = new NodeClient(data);
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            var why = await WhyNotStableAsync(node, stop);
            if (why is null || Stopwatch.GetElapsedTime(since) > within)
            {
                if (json)
                {
                    Terminal.Json(new JsonObject { ["stable"] = why is null, ["why_not"] = why });
                }
                else
                {
                    Terminal.Line(why is null ? "stable" : $"not stable after {within.TotalSeconds} s: {why}");
                }

                return why is null ? 0 : 1;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250), stop);
        }
    }

    private static async Task<string?> WhyNotStableAsync(NodeClient node, CancellationToken stop)
    {
        var live = (await node.GetAsync("/manage/cluster/members", stop)).AsArray().Where(member => (string)member!["status"]! == "live").ToArray();
        var shards = await node.GetAsync("/manage/cluster/shards", stop);
        var apart = live.FirstOrDefault(member => member!["reaches"]!.AsArray().Count < live.Length - 1);
        return apart is not null ? $"{apart["name"]} does not reach every other node"
            : (int)shards["unowned"]! > 0 ? $"{shards["unowned"]} shards have no owner"
            : shards["moves"]!.AsArray().Count > 0 ? $"{shards["moves"]!.AsArray().Count + (int)shards["moves_left"]!} shards are on their way"
            : null;
    }

    internal static Command Reading(SharedOptions shared, string name, string description, string path, Action<JsonNode> show)
    {
        var command = new Command(name, description);
        command.SetAction((parsed, stop) => Terminal.RunAsync(() => NodeClient.ShowAsync(shared.Data(parsed), path, shared.Json(parsed), show, stop)));
        return command;
    }
}
