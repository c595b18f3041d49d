using System.CommandLine;
using System.Text.Json.Nodes;

namespace Backup.Operator.Cli;

/// <summary><c>pbm cluster-sharding list-regions|list-shards|list-entities</c>, in the words of Petabridge.Cmd.</summary>
internal static class ShardingCommands
{
    internal static Command ClusterSharding(SharedOptions shared) => new("cluster-sharding", "The shards of accounts, as one node has them.")
    {
        MembershipCommands.Reading(
            shared, "list-regions", "The kinds of entities that are sharded, and how many of them this node has.", "/manage/cluster/regions", regions => Terminal.Table(
                null,
                ["region", "node", "shards", "shards here", "entities in memory", "quarantined"],
                Rows(regions, "region", "node", "shards", "shards_here", "entities_in_memory", "quarantined"))),
        MembershipCommands.Reading(
            shared, "list-shards", "Every shard, its owner, and the epoch under which he writes.", "/manage/cluster/shards", shards =>
                Terminal.Table(null, ["shard", "owner", "epoch"], Rows(shards["shards"]!, "shard", "owner", "epoch"))),
        Entities(shared),
    };

    private static Command Entities(SharedOptions shared)
    {
        var shard = new Option<int?>("--shard") { Description = "Only those of this shard." };
        var command = new Command("list-entities", "The entities that this node has in memory; the others wake when they are asked.") { shard };
        command.SetAction((parsed, stop) => Terminal.RunAsync(() => NodeClient.ShowAsync(
            shared.Data(parsed),
            parsed.GetValue(shard) is { } one ? $"/manage/cluster/entities?shard={one}" : "/manage/cluster/entities",
            shared.Json(parsed),
            entities => Terminal.Table(null, ["shard", "entity"], Rows(entities, "shard", "entity")),
            stop)));
        return command;
    }

    private static IEnumerable<string[]> Rows(JsonNode rows, params string[] fields) => rows.AsArray().Select(row => Array.ConvertAll(fields, field => Terminal.Text(row![field])));
}
