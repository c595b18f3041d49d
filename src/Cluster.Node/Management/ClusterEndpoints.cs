using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Cluster.SplitBrain;
using Backup.Actor.Kernel.Leases;
using Backup.Cluster.Node.Ownership;
using Backup.Cluster.Node.Settings;
using Backup.Gateway.Api.Kite;

namespace Backup.Cluster.Node.Management;

/// <summary>The cluster as this node sees it, for an operator: who is a member, who has what, what moves, what happened, and who would survive a cut.</summary>
internal static class ClusterEndpoints
{
    internal static void MapCluster(this RouteGroupBuilder manage)
    {
        manage.MapGet("/cluster/members", (IOwnership ownership) => OfCluster(ownership, Members));
        manage.MapGet("/cluster/shards", (IOwnership ownership) => OfCluster(ownership, Shards));
        manage.MapGet("/cluster/events", (IOwnership ownership, ClusterNews news) => OfCluster(ownership, _ => news.Newest.Select(one => new { one.At, one.Text })));
        manage.MapGet("/cluster/split-brain", (IOwnership ownership, NodeSettings settings) => OfCluster(ownership, cluster => Verdict(cluster, settings.Cluster!.SplitBrain)));
        manage.MapPost("/cluster/leave", (IOwnership ownership, NodeSettings settings, OrderlyStop stop) => OfCluster(ownership, _ =>
        {
            stop.Begin();
            return new { settings.Name };
        }));
        manage.MapPost("/cluster/down/{node}", DownAsync);
    }

    private static IResult OfCluster(IOwnership ownership, Func<ClusterMember, object> show) =>
        ownership.Cluster is { } cluster ? Envelope.Data(show(cluster)) : NoCluster();

    private static IResult NoCluster() => Envelope.Refuse(
        StatusCodes.Status409Conflict, "InputException",
        "This node is no member of a cluster: its journal is the embedded one, and it has all accounts. Set journal.kind = postgres to run several nodes.");

    private static object Members(ClusterMember cluster)
    {
        var leases = Leases(cluster).ToArray();
        return cluster.Membership.Members.Select(member => new
        {
            member.Name,
            member.Id.Incarnation,
            Status = member switch { { Status: MemberStatus.Left } => "left", { Status: MemberStatus.Down } => "down", { IsLive: true } => "live", _ => "expired" },
            IsThis = member.Id == cluster.Self,
            member.Address,
            Roles = member.Roles.Order(StringComparer.Ordinal),
            Reaches = member.Reaches.Order(StringComparer.Ordinal),
            member.JoinedAt,
            ExpiresInSeconds = Math.Round(member.ExpiresIn.TotalSeconds, 1),
            Shards = leases.Count(lease => lease.Key.Singleton is null && lease.Owner == member.Id.ToString()),
            Boxes = leases.Where(lease => lease.Key.Singleton is not null && lease.Owner == member.Id.ToString()).Select(lease => lease.Key.Singleton),
            member.Reason,
        });
    }

    private static object Shards(ClusterMember cluster) => new
    {
        Shards = Enumerable.Range(0, cluster.Directory.Shards).Select(shard => new
        {
            Shard = shard,
            cluster.Directory.OfShard(shard)?.Owner,
            cluster.Directory.OfShard(shard)?.Epoch,
        }),
        Unowned = cluster.Shards?.Plan?.Claims.Length ?? cluster.Directory.Shards,
        Moves = cluster.Shards?.Plan?.Moves.Select(move => new { move.Shard, move.From, move.To }) ?? [],
        MovesLeft = cluster.Shards?.Plan?.MovesLeft ?? 0,
        cluster.Shards?.Trouble,
    };

    private static object Verdict(ClusterMember cluster, SplitBrainOptions options)
    {
        var verdict = cluster.Membership.Verdict;
        return new
        {
            Strategy = SplitBrainResolver.NameOf(options.Strategy),
            StableAfterSeconds = options.StableAfter.TotalSeconds,
            IsWhole = verdict?.Decision.IsWhole ?? true,
            StableForSeconds = Math.Round(verdict?.StableFor.TotalSeconds ?? 0, 1),
            Survivors = verdict?.Decision.Survivors.Select(survivor => survivor.ToString()) ?? [],
            Losers = verdict?.Decision.Losers.Select(loser => loser.Id.ToString()) ?? [],
            Explanation = verdict?.Decision.Explanation ?? "The members have not been read yet.",
        };
    }

    private static async Task<IResult> DownAsync(string node, DownRequest request, IOwnership ownership)
    {
        if (ownership.Cluster is not { } cluster)
        {
            return NoCluster();
        }

        if (cluster.Membership.Members.FirstOrDefault(member => member.Name == node && member.IsLive) is not { } member)
        {
            return Envelope.Refuse(
                StatusCodes.Status404NotFound, "InputException",
                $"{node} is no live member; live are {string.Join(", ", cluster.Membership.Members.Where(one => one.IsLive).Select(one => one.Name))}.");
        }

        return await cluster.Membership.DownAsync(member.Id, $"an operator downed it: {request.By ?? "unnamed"}") switch
        {
            EndAnswer.Ended => Envelope.Data(new { Node = member.Id.ToString() }),
            EndAnswer.Refused refused => Envelope.Refuse(StatusCodes.Status409Conflict, "GeneralException", refused.Reason),
            EndAnswer.CouldNotTell unclear => Envelope.Refuse(StatusCodes.Status503ServiceUnavailable, "GeneralException", $"It is not known whether {node} was downed: {unclear.Reason}"),
            _ => throw new InvalidOperationException("an answer of no known kind"),
        };
    }

    private static IEnumerable<LeaseState> Leases(ClusterMember cluster) => Enumerable.Range(0, cluster.Directory.Shards).Select(cluster.Directory.OfShard)
        .Concat(cluster.Directory.Singletons).OfType<LeaseState>();
}

/// <summary>Who downs a node.</summary>
internal sealed record DownRequest(string? By);
