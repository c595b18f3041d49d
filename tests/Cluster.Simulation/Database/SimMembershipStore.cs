using System.Collections.Immutable;
using Backup.Actor.Kernel.Cluster;

namespace Backup.Cluster.Simulation.Database;

/// <summary>The members as one node sees them, with the promises of PostgresMembershipStore.</summary>
internal sealed class SimMembershipStore(DatabaseLink link) : IMembershipStore
{
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(3);

    private SimDatabase Database => link.Database;

    public async ValueTask<JoinAnswer> JoinAsync(JoinRequest request, TimeSpan timeToLive) =>
        await AskAsync<JoinAnswer>("join", [request.Name], rows => Join(rows, request, timeToLive), reason => new JoinAnswer.CouldNotTell(reason));

    public async ValueTask<BeatAnswer> BeatAsync(NodeId self, IReadOnlyCollection<string> reaches, TimeSpan timeToLive) => await AskAsync<BeatAnswer>(
        "beat",
        [self.Name],
        rows => WhyEnded(rows, self) is { } reason
            ? Work.Read(Database.Flaws.RenewsAnybody ? new BeatAnswer.StillMember() : new BeatAnswer.DeclaredDead(reason))
            : Write(new BeatAnswer.StillMember(), Row(rows, self.Name)! with { Member = Row(rows, self.Name)!.Member with { Reaches = [.. reaches] }, ExpiresAt = Database.Now + timeToLive }),
        reason => new BeatAnswer.CouldNotTell(reason));

    public ValueTask<EndAnswer> LeaveAsync(NodeId self) => EndAsync([self], [], MemberStatus.Left, "");

    public ValueTask<EndAnswer> DownAsync(IReadOnlyCollection<NodeId> losers, IReadOnlyCollection<NodeId> survivors, string reason) =>
        EndAsync(losers, survivors, MemberStatus.Down, reason);

    public async ValueTask<IReadOnlyList<Member>> ReadAsync(CancellationToken cancellationToken) => await link.ReadAsync<List<Member>>(new Statement(
        "members", [], rows => Work.Read(rows.All<MemberRow>(Table.Member).Select(row => row.At(Database.Now)).ToList())));

    public async ValueTask<bool> HoldSessionAsync(NodeId self) => await AskAsync<bool>(
        "hold",
        [self.Name],
        rows =>
        {
            var isMember = WhyEnded(rows, self) is null;
            if (isMember)
            {
                Database.Sessions.Add(self);
            }

            return isMember && Row(rows, self.Name)!.SessionServer != Database.Life
                ? Write(true, Row(rows, self.Name)! with { SessionServer = Database.Life })
                : Work.Read(isMember);
        },
        _ => false);

    public async ValueTask<bool> IsGoneAsync(NodeId id, CancellationToken cancellationToken) => await AskAsync<bool>(
        "gone",
        [],
        rows => Work.Read(Row(rows, id.Name) is { } row && row.Member.Id.Incarnation >= id.Incarnation
            && (WhyEnded(rows, id) is not null || (row.SessionServer == Database.Life && !Database.Sessions.Contains(id)))),
        _ => false);

    private Work Join(Rows rows, JoinRequest request, TimeSpan timeToLive)
    {
        var row = Row(rows, request.Name);
        var before = row?.At(Database.Now);
        if (before is { IsLive: true } && row!.Instance != request.Instance)
        {
            return Work.Read(JoinAnswer.Refused.Lives(before));
        }

        var member = before is { IsLive: true }
            ? before with { Address = request.Address, Roles = request.Roles }
            : new Member(new NodeId(request.Name, (before?.Id.Incarnation ?? 0) + 1), request.Address, request.Roles, Database.Now, timeToLive, []);
        return Write(
            new JoinAnswer.Joined(member.Id),
            new MemberRow(member, request.Instance, Database.Now + timeToLive, before is { IsLive: true } ? row!.SessionServer : 0));
    }

    private async ValueTask<EndAnswer> EndAsync(IReadOnlyCollection<NodeId> losers, IReadOnlyCollection<NodeId> survivors, MemberStatus status, string reason) => await AskAsync<EndAnswer>(
        "end",
        losers.Concat(survivors).Select(id => id.Name),
        rows => End(rows, losers, survivors, status, reason),
        why => new EndAnswer.CouldNotTell(why));

    private Work End(Rows rows, IReadOnlyCollection<NodeId> losers, IReadOnlyCollection<NodeId> survivors, MemberStatus status, string reason)
    {
        var missing = survivors.Where(survivor => WhyEnded(rows, survivor) is not null).OrderBy(survivor => survivor.Name, StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
        {
            return Work.Read(new EndAnswer.Refused($"{string.Join(", ", missing)} should survive and is no live member any more"));
        }

        var ended = losers.Where(loser => Row(rows, loser.Name) is { Member.Status: MemberStatus.Up } row && row.Member.Id == loser)
            .Distinct().OrderBy(loser => loser.Name, StringComparer.Ordinal).ToImmutableArray();
        return Work.Write(new EndAnswer.Ended(ended), ended.Select(loser =>
        {
            var row = Row(rows, loser.Name)!;
            var over = row with { Member = row.Member with { Status = status, Reason = reason }, ExpiresAt = row.ExpiresAt < Database.Now ? row.ExpiresAt : Database.Now };
            return (RowKey.Member(loser.Name), (object)over);
        }));
    }

    private async Task<T> AskAsync<T>(string name, IEnumerable<string> members, Func<Rows, Work> run, Func<string, T> unclear)
    {
        var locks = members.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(member => new RowLock(RowKey.Member(member), IsShared: false));
        try
        {
            return await link.AskAsync<T>(new Statement(name, [.. locks], run)).WaitAsync(RequestLimit, link.Node.Clock);
        }
        catch (Exception failure) when (failure is DatabaseGoneException or TimeoutException)
        {
            return unclear(failure.Message);
        }
    }

    private static Work Write(object answer, MemberRow row) => Work.Write(answer, (RowKey.Member(row.Member.Name), row));

    private static MemberRow? Row(Rows rows, string name) => rows.Find<MemberRow>(RowKey.Member(name));

    private string? WhyEnded(Rows rows, NodeId id) => Row(rows, id.Name) is { } row ? row.At(Database.Now).WhyEnded(id) : $"{id} never joined";
}
