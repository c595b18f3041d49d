using System.Collections.Immutable;
using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Leases;

namespace Backup.Actor.Kernel.Cluster;

/// <summary>Where shards live on this node.</summary>
public interface IShardHost
{
    /// <summary>The shard is this node's, under this epoch.</summary>
    void Open(int shard, long epoch);

    /// <summary>Nothing more is done for the shard here once this has returned; until then its lease is kept.</summary>
    Task CloseAsync(int shard);

    /// <summary>Shards were opened: what was left unfinished in them must go on. Not waited for.</summary>
    Task ResumeAsync(IReadOnlyCollection<int> shards);
}

/// <summary>How shards are brought to where they should be.</summary>
/// <param name="Role">Members with this role own shards.</param>
/// <param name="PollEvery">How often members and leases are read when no news comes.</param>
/// <param name="MovesMax">Shards that may be between two living owners at a time.</param>
public sealed record ShardKeeperOptions(string Role, TimeSpan PollEvery, int MovesMax = 8);

/// <summary>
/// Brings the shards to where the map of the live members wants them, as far as it is this node's part: takes what nobody has, hands over
/// what another should have. Every node makes the same plan of the same rows, so nobody has to lead.
/// </summary>
/// <remarks><see cref="RunAsync"/> once; the rest is safe for threads.</remarks>
public sealed class ShardKeeper(
    ShardDirectory directory, ILeaseStore store, IShardPlacements placements, LeaseKeeper leases, MembershipKeeper membership, IShardHost host, TimeProvider clock,
    ShardKeeperOptions options)
{
    private readonly Dictionary<int, Task> _handovers = [];

    /// <summary>One claim at a time: what a look finds free may be what another node has just offered.</summary>
    private Task _claiming = Task.CompletedTask;

    private volatile bool _takesOffers = true;
    private TaskCompletionSource _news = NewSignal();
    private TaskCompletionSource _round = NewSignal();

    /// <summary>The newest plan: what still has to move, over all nodes.</summary>
    public ShardPlan? Plan { get; private set; }

    /// <summary>What operators want, as it was read last.</summary>
    public ImmutableArray<ShardPlacement> Placements { get; private set; } = [];

    /// <summary>Tells the other nodes what has changed, so that they need not wait for their next look.</summary>
    public Action<IReadOnlyList<ShardNews>> Announce { get; set; } = static _ => { };

    /// <summary>Takes every reading of the members, before shards are planned by it.</summary>
    public Action<IReadOnlyList<Member>> Followed { get; set; } = static _ => { };

    /// <summary>Why the database could not be read at the last look; null when it could.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Something has changed: look now.</summary>
    public void Wake() => Volatile.Read(ref _news).TrySetResult();

    /// <summary>
    /// Another node says what it has taken or released: who asks for those accounts goes on at once, and what should be this node's is taken at
    /// once, without a look before. News without content are a reason to look.
    /// </summary>
    public void Hear(IReadOnlyList<ShardNews> news)
    {
        ArgumentNullException.ThrowIfNull(news);
        Learn(news);
        var offered = news.Where(shard => shard.Owner.Length == 0 && shard.To == membership.Self.Name && shard.Shard < directory.Shards).ToArray();
        if (offered.Length > 0 && _takesOffers)
        {
            // As if they were free: if one is not, the answer says so and nothing has changed.
            _ = ClaimAsync([.. offered.Select(shard => new ShardClaim(shard.Shard, shard.To, null))], isOffer: true);
        }

        // What was taken is known now; what was released may be followed by more.
        if (news.Count == 0 || news.Any(static shard => shard.Owner.Length == 0))
        {
            Wake();
        }
    }

    /// <summary>Looks, and acts, until told to stop; hands nothing over then (see <see cref="HandOverAllAsync"/>).</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            // Before the look: news that comes during it are looked at next.
            Volatile.Write(ref _news, NewSignal());
            try
            {
                await LookAsync(stop);
                Trouble = null;
            }
            catch (JournalException unreachable)
            {
                Trouble = unreachable.Message;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }

            Interlocked.Exchange(ref _round, NewSignal()).SetResult();
            await Here.AtMostAsync(_news.Task, options.PollEvery, clock, stop);
        }

        // Nothing is taken any more once this has returned.
        _takesOffers = false;
        await Volatile.Read(ref _claiming);
    }

    /// <summary>Waits until the next look has been made and acted on.</summary>
    public Task NextRoundAsync() => Volatile.Read(ref _round).Task;

    /// <summary>
    /// Waits until every shard of this node has gone to another. The membership must have lost its role for shards before; if no other member has
    /// it, or time is up, what is left is given back and whoever comes next takes it.
    /// </summary>
    public async Task HandOverAllAsync(Func<bool> isDone, TimeSpan atMost)
    {
        ArgumentNullException.ThrowIfNull(isDone);
        _takesOffers = false;
        var since = clock.GetTimestamp();
        Wake();
        do
        {
            await Here.AtMostAsync(NextRoundAsync(), options.PollEvery, clock);
        }
        while (!isDone() && clock.GetElapsedTime(since) < atMost && membership.Members.Any(Owns));
    }

    /// <summary>Whether shards may be placed on a member.</summary>
    public bool Owns(Member member) => member is { IsLive: true } && member.Roles.Contains(options.Role, StringComparer.Ordinal);

    private async Task LookAsync(CancellationToken stop)
    {
        var members = await membership.ReadAsync(stop);
        Followed(members);
        var begunAt = directory.Now;
        var present = await store.ReadAsync(stop);
        directory.Take(present, begunAt);

        Placements = await placements.ReadAsync(stop);
        var map = ShardMap.Of(directory.Shards, members.Where(Owns).Select(member => member.Name), placements: Placements);
        var live = members.Where(member => member.IsLive).ToDictionary(member => member.Id.ToString(), member => member.Name, StringComparer.Ordinal);
        Plan = ShardMoves.Plan(map, present, live, options.MovesMax);

        var self = membership.Self.Name;
        var leaving = Plan.Moves.Where(move => move.From == self && !_handovers.ContainsKey(move.Shard)).ToArray();
        if (leaving.Length > 0)
        {
            var handover = HandOverAsync(leaving);
            Array.ForEach(leaving, move => _handovers[move.Shard] = handover);
        }

        foreach (var done in _handovers.Where(handover => handover.Value.IsCompleted).ToArray())
        {
            _handovers.Remove(done.Key);
            await done.Value;
        }

        // A claim whose answer never came may have taken effect: the lease names this node, which does not hold it. Asking again is harmless.
        var unheard = present
            .Where(lease => lease.Key.Singleton is null && lease.Owner == leases.Owner && !leases.Keeps(lease.Key) && lease.Key.Shard < map.Shards && map[lease.Key.Shard] == self)
            .Select(lease => new ShardClaim(lease.Key.Shard, self, null));
        await ClaimAsync([.. Plan.Claims.Where(claim => claim.To == self).Concat(unheard).Where(claim => !_handovers.ContainsKey(claim.Shard))], isOffer: false);
    }

    private async Task ClaimAsync(IReadOnlyCollection<ShardClaim> wanted, bool isOffer)
    {
        if (wanted.Count == 0)
        {
            return;
        }

        var done = NewSignal();
        var before = Interlocked.Exchange(ref _claiming, done.Task);
        await before;
        Lease[] taken = [];
        try
        {
            var claims = isOffer && !_takesOffers ? [] : wanted.Where(claim => !leases.Keeps(LeaseKey.ForShard(claim.Shard))).ToArray();
            if (claims.Length > 0)
            {
                var answers = await leases.AcquireAsync([.. claims.Select(claim => new LeaseWish(LeaseKey.ForShard(claim.Shard), claim.TakeOverEpoch))]);
                taken = [.. answers.OfType<LeaseAnswer.Held>().Select(held => held.Lease)];
                Array.ForEach(taken, lease => host.Open(lease.Key.Shard, lease.Epoch));
            }
        }
        finally
        {
            done.SetResult();
        }

        if (taken.Length > 0)
        {
            Tell([.. taken.Select(static lease => ShardNews.Taken(lease.Key.Shard, lease.Owner, lease.Epoch))]);
            Wake();
            _ = host.ResumeAsync([.. taken.Select(lease => lease.Key.Shard)]);
        }
    }

    /// <summary>
    /// Drain, release, say so; a few shards together, which share a commit. Whoever asks meanwhile is told that the shard is not here and waits
    /// for the news.
    /// </summary>
    private async Task HandOverAsync(IReadOnlyCollection<ShardMove> moves)
    {
        await Task.WhenAll(moves.Select(move => host.CloseAsync(move.Shard)));
        await leases.ReleaseAsync([.. moves.Select(move => LeaseKey.ForShard(move.Shard))]);
        Tell([.. moves.Select(static move => ShardNews.Released(move.Shard, move.Epoch, move.To))]);
        Wake();
    }

    private void Tell(IReadOnlyList<ShardNews> news)
    {
        Learn(news);
        Announce(news);
    }

    private void Learn(IReadOnlyList<ShardNews> news) => directory.Hear(
        news.Select(shard => new LeaseState(LeaseKey.ForShard(shard.Shard), shard.Owner, shard.Epoch, shard.Owner.Length > 0 ? options.PollEvery : TimeSpan.Zero)));

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
