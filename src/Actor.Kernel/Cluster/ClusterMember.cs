using System.Collections.Immutable;
using Backup.Actor.Kernel.Cluster.SplitBrain;
using Backup.Actor.Kernel.Leases;
using Backup.Actor.Kernel.Links;

namespace Backup.Actor.Kernel.Cluster;

/// <summary>What this node is in the cluster, and by which times and limits it lives there.</summary>
/// <param name="Instance">Different for every start of a process.</param>
public sealed record ClusterOptions(string Name, string Instance, ImmutableArray<string> Roles, int Shards)
{
    public LeaseTimes Times { get; init; } = LeaseTimes.Default;

    public ShardKeeperOptions Keeping { get; init; } = new("account", TimeSpan.FromMilliseconds(500));

    public SplitBrainOptions SplitBrain { get; init; } = new();

    public NodeLinkOptions Links { get; init; } = new();

    /// <summary>How long a planned stop waits for the other nodes to take its shards.</summary>
    public TimeSpan HandOverMax { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>What a node hears of the cluster. Calls come from timers and links: return quickly.</summary>
public interface IClusterListener : IMembershipListener
{
    /// <summary>In words, for the log.</summary>
    void Tell(string news);

    /// <summary>A lease is gone without having been given back: the process must end.</summary>
    void Lost(Lease lease, string reason);
}

/// <summary>
/// This node as a member of the cluster: membership, leases, links and shards, connected. It joins without owning anything, takes its part of
/// the shards once it is linked with all others, and hands them over before it leaves.
/// </summary>
public sealed class ClusterMember : IAsyncDisposable
{
    private static readonly TimeSpan NewsTime = TimeSpan.FromSeconds(1);

    private readonly ClusterOptions _options;
    private readonly ILeaseStore _leaseStore;
    private readonly IShardPlacements _placements;
    private readonly IClusterListener _listener;
    private readonly IShardHost _host;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stopping = new();
    private Task _keeping = Task.CompletedTask;
    private LeaseKeeper? _leases;
    private bool _isComplete;

    /// <param name="services">What this node answers to others; complete when <see cref="StartAsync"/> is called, but for what is added here.</param>
    public ClusterMember(
        ClusterOptions options, ILeaseStore leases, IShardPlacements placements, IMembershipStore members, ILinkDialer dialer, LinkServices services, IShardHost host,
        TimeProvider clock, IClusterListener listener)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(services);
        (_options, _leaseStore, _placements, _listener, _host, _clock) = (options, leases, placements, listener, host, clock);
        services.Serve(NewsCall.Call, (_, news) =>
        {
            Shards?.Hear(news);
            return Task.FromResult((byte)0);
        });
        Directory = new ShardDirectory(options.Shards);
        Links = new NodeLinks(services, dialer, clock, options.Links);
        Membership = new MembershipKeeper(members, options.Name, options.Instance, options.Times, options.SplitBrain, clock, () => Links.Reached, listener);
    }

    public ShardDirectory Directory { get; }

    public NodeLinks Links { get; }

    public MembershipKeeper Membership { get; }

    /// <summary>Known once <see cref="StartAsync"/> has returned.</summary>
    public ShardKeeper? Shards { get; private set; }

    /// <summary>Known once <see cref="StartAsync"/> has returned.</summary>
    public LeaseKeeper Leases => _leases ?? throw new InvalidOperationException("this node has not joined yet");

    public NodeId Self => Membership.Self;

    /// <summary>This node is linked with all others and owns its part, or would if there were one for it.</summary>
    public bool IsComplete => Volatile.Read(ref _isComplete);

    /// <summary>Joins, and keeps its part of the shards from then on.</summary>
    /// <param name="address">Where others open their links to this node; it must listen there already.</param>
    /// <exception cref="ClusterException">This node cannot be a part of the cluster.</exception>
    public async Task StartAsync(string address, CancellationToken cancellationToken)
    {
        var told = "";
        await Membership.JoinAsync(
            address,
            OtherRoles,
            waiting =>
            {
                if (waiting != told)
                {
                    _listener.Tell(told = waiting);
                }
            },
            cancellationToken);
        Links.Self = Self;
        _leases = new LeaseKeeper(_leaseStore, Self.ToString(), _clock, _options.Times, _listener.Lost);
        _leases.Start();
        Shards = new ShardKeeper(Directory, _leaseStore, _placements, _leases, Membership, _host, _clock, _options.Keeping)
        {
            Announce = Announce,
            Followed = Follow,
        };
        _listener.Tell($"joined as {Self}, reached at {address}");
        _keeping = Shards.RunAsync(_stopping.Token);
    }

    /// <summary>Wishes a shard on a node, for as long as that node is there. This node's plan has it on return; the shard moves when the others have heard.</summary>
    /// <exception cref="Journal.JournalException">Nobody knows whether it was stored; asking again is harmless.</exception>
    public async Task PlaceAsync(ShardPlacement placement, CancellationToken cancellationToken)
    {
        await _placements.PlaceAsync(placement, cancellationToken);
        await ReplanAsync();
    }

    /// <summary>Drops every wish: the shards go back to where the map wants them.</summary>
    /// <returns>How many wishes there were.</returns>
    /// <exception cref="Journal.JournalException">Nobody knows whether it was done; asking again is harmless.</exception>
    public async Task<int> RebalanceAsync(CancellationToken cancellationToken)
    {
        var cleared = await _placements.ClearAsync(cancellationToken);
        await ReplanAsync();
        return cleared;
    }

    /// <summary>Hands every shard to the other nodes. This node stays a member, and answers for those who have not heard yet.</summary>
    public async Task HandOverAsync()
    {
        if (Shards is null)
        {
            return;
        }

        Volatile.Write(ref _isComplete, true);
        var since = _clock.GetTimestamp();
        if (await LayDownAsync(since))
        {
            await Shards.HandOverAllAsync(() => !KeptShards().Any(), _options.HandOverMax - _clock.GetElapsedTime(since));

            // Who has not heard yet where a shard went asks here, and is told. Leaving closes the links.
            await Task.Delay(_options.Keeping.PollEvery * 2, _clock);
        }
    }

    /// <summary>Leaves: what was not handed over is given back, for whoever comes.</summary>
    public async Task LeaveAsync()
    {
        if (Shards is null)
        {
            return;
        }

        _stopping.Cancel();
        await _keeping;
        await Task.WhenAll(KeptShards().Select(_host.CloseAsync));
        await Leases.ReleaseAllAsync();
        Announce([]);
        await Membership.LeaveAsync();
        Announce([]);
        await Links.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _stopping.Cancel();
        await _keeping;
        await Links.DisposeAsync();
        if (_leases is not null)
        {
            await _leases.DisposeAsync();
        }

        await Membership.DisposeAsync();
        _stopping.Dispose();
    }

    /// <summary>What this node does apart from owning shards.</summary>
    private IEnumerable<string> OtherRoles => _options.Roles.Where(role => role != _options.Keeping.Role);

    private IEnumerable<int> KeptShards() => Leases.Keys.Where(key => key.Singleton is null).Select(key => key.Shard);

    /// <summary>
    /// Lays the role for shards down. A connection that broke just now is no reason to keep them until the others notice that this process is gone.
    /// </summary>
    /// <returns>False when it could not be done in the time that a hand-over has.</returns>
    private async Task<bool> LayDownAsync(long since)
    {
        while (!await Membership.TakeRolesAsync(OtherRoles))
        {
            if (_clock.GetElapsedTime(since) + _options.Keeping.PollEvery >= _options.HandOverMax)
            {
                _listener.Tell("the database does not take that this node leaves; what it has is taken over when it is gone");
                return false;
            }

            await Task.Delay(_options.Keeping.PollEvery, _clock);
        }

        return true;
    }

    /// <summary>Returns when this node's own plan knows of it: the look that was under way may not, the next does.</summary>
    private async Task ReplanAsync()
    {
        Replan();
        for (var look = 0; look < 2 && Shards is { } keeper; look++)
        {
            await keeper.NextRoundAsync();
        }
    }

    private void Replan()
    {
        Shards?.Wake();
        Announce([]);
    }

    private void Announce(IReadOnlyList<ShardNews> news)
    {
        foreach (var name in Links.Reached)
        {
            _ = Links.Find(name)?.AskAsync(NewsCall.Call, news, NewsTime);
        }
    }

    private void Follow(IReadOnlyList<Member> members)
    {
        Links.Follow(members);
        if (_isComplete)
        {
            return;
        }

        // Not before: a shard whose owner cannot be reached from a part of the nodes would be out of their clients' reach.
        var reached = Links.Reached;
        if (members.Where(member => member.IsLive && member.Id != Self).All(member => reached.Contains(member.Name)))
        {
            _isComplete = true;
            _ = CompleteAsync();
        }
    }

    private async Task CompleteAsync()
    {
        if (await Membership.TakeRolesAsync(_options.Roles))
        {
            _listener.Tell("linked with every other node; this node takes its part of the shards");
            Replan();
        }
        else
        {
            // Not known whether it took effect: at the next look again.
            Volatile.Write(ref _isComplete, false);
        }
    }
}
