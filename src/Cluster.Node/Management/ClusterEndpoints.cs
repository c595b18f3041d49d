using Backup.Actor.Kernel;
using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Cluster.SplitBrain;
using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Leases;
using Backup.Cluster.Node.Accounts;
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
        manage.MapPost("/cluster/shards/{shard:int}/move", MoveAsync);
        manage.MapPost("/cluster/rebalance", RebalanceAsync);
        manage.MapGet("/cluster/regions", (IOwnership ownership, AccountRegion accounts, NodeSettings settings) => Envelope.Data(new[] { Region(ownership, accounts, settings) }));
        manage.MapGet("/cluster/entities", (int? shard, AccountRegion accounts, NodeSettings settings) => Entities(shard, accounts, settings));
    }

    private static IResult OfCluster(IOwnership ownership, Func<ClusterMember, object> show) =>
        ownership.Cluster is { } cluster ? Envelope.Data(show(cluster)) : NoCluster();

    private static IResult NoCluster() => Envelope.Refuse(
        StatusCodes.Status409Conflict, "InputException",
        "This node is no member of a cluster: its journal is the embedded one, and it has all accounts. Set journal.kind = postgres to run several nodes.");

    /// <summary>Those that live, as <c>cluster/members</c> tells them.</summary>
    internal static object LiveMembers(ClusterMember cluster) => Describe(cluster, cluster.Membership.Members.Where(static member => member.IsLive));

    private static object Members(ClusterMember cluster) => Describe(cluster, cluster.Membership.Members);

    private static object Describe(ClusterMember cluster, IEnumerable<Member> members)
    {
        var leases = Leases(cluster).ToArray();
        return members.Select(member => new
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
        Placements = cluster.Shards?.Placements.Select(placement => new { placement.Shard, placement.Node, placement.By }) ?? [],
        cluster.Shards?.Trouble,
    };

    private static object Region(IOwnership ownership, AccountRegion accounts, NodeSettings settings) => new
    {
        Region = "account",
        Node = ownership.Cluster?.Self.ToString() ?? settings.Name,
        settings.Region.Shards,
        ShardsHere = accounts.Region.Shards.Count,
        EntitiesInMemory = accounts.Region.ActiveCount,
        Quarantined = accounts.Region.Quarantined.Count,
    };

    /// <summary>Of this node: what is in memory, by shard. What is not is in the journal and wakes when it is asked.</summary>
    private static IResult Entities(int? wanted, AccountRegion accounts, NodeSettings settings) =>
        wanted is { } asked && (asked < 0 || asked >= settings.Region.Shards)
            ? NoShard(asked, settings.Region.Shards)
            : Envelope.Data(accounts.Region.Active
                .Select(entity => new { Shard = StableHash.Shard(entity, settings.Region.Shards), Entity = entity })
                .Where(one => one.Shard == (wanted ?? one.Shard))
                .OrderBy(one => one.Shard).ThenBy(one => one.Entity, StringComparer.Ordinal));

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

    private static Task<IResult> MoveAsync(int shard, MoveRequest request, IOwnership ownership, ClusterNews news, CancellationToken stop) => PlanAnewAsync(ownership, async cluster =>
    {
        if (shard < 0 || shard >= cluster.Directory.Shards)
        {
            return NoShard(shard, cluster.Directory.Shards);
        }

        if (cluster.Membership.Members.FirstOrDefault(member => member.Name == request.To && cluster.Shards!.Owns(member)) is null)
        {
            return Envelope.Refuse(
                StatusCodes.Status404NotFound, "InputException",
                $"\"{request.To}\" is no live node that takes accounts; there are {string.Join(", ", cluster.Membership.Members.Where(cluster.Shards!.Owns).Select(one => one.Name))}.");
        }

        var from = cluster.Directory.OfShard(shard)?.Owner;
        await cluster.PlaceAsync(new ShardPlacement(shard, request.To, request.By ?? "unnamed"), stop);
        news.Tell($"{request.By ?? "unnamed"} placed shard {shard} on {request.To}");
        return Envelope.Data(new { Shard = shard, From = from, request.To });
    });

    private static Task<IResult> RebalanceAsync(RebalanceRequest request, IOwnership ownership, ClusterNews news, CancellationToken stop) => PlanAnewAsync(ownership, async cluster =>
    {
        var dropped = await cluster.RebalanceAsync(stop);
        news.Tell($"{request.By ?? "unnamed"} dropped {dropped} placements");
        return Envelope.Data(new { Dropped = dropped });
    });

    private static async Task<IResult> PlanAnewAsync(IOwnership ownership, Func<ClusterMember, Task<IResult>> plan)
    {
        if (ownership.Cluster is not { } cluster)
        {
            return NoCluster();
        }

        if (cluster.Shards is null)
        {
            return Envelope.Refuse(StatusCodes.Status503ServiceUnavailable, "GeneralException", "This node has not joined the cluster yet; try again shortly, or ask another node.");
        }

        try
        {
            return await plan(cluster);
        }
        catch (JournalException unclear)
        {
            return Envelope.Refuse(StatusCodes.Status503ServiceUnavailable, "GeneralException", $"It is not known whether it was stored, and asking again is harmless: {unclear.Message}");
        }
    }

    private static IResult NoShard(int shard, int shards) =>
        Envelope.Refuse(StatusCodes.Status404NotFound, "InputException", $"There is no shard {shard}; they are 0 to {shards - 1}.");

    private static IEnumerable<LeaseState> Leases(ClusterMember cluster) => Enumerable.Range(0, cluster.Directory.Shards).Select(cluster.Directory.OfShard)
        .Concat(cluster.Directory.Singletons).OfType<LeaseState>();
}

/// <summary>Who downs a node.</summary>
internal sealed record DownRequest(string? By);

/// <summary>Who wants a shard where.</summary>
internal sealed record MoveRequest(string To, string? By);

/// <summary>Who drops the placements.</summary>
internal sealed record RebalanceRequest(string? By);
