using System.Buffers;
using System.Text;
using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Cluster.SplitBrain;
using Backup.Actor.Kernel.Entities;
using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Leases;
using Backup.Actor.Kernel.Links;
using Backup.Actor.Kernel.Regions;
using Backup.Actor.Kernel.Tests.Links;
using Xunit;

namespace Backup.Actor.Kernel.Tests.Cluster;

/// <summary>
/// Whole nodes over stores in memory and in real time, short: that they find each other, share the shards, hand them over and take them over. What
/// exactly may happen in which order is the simulation's to check.
/// </summary>
public sealed class ClusterMemberTests : IAsyncLifetime
{
    private const int Shards = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly MemoryJournal _journal = new();
    private readonly MemoryLeaseStore _leases;
    private readonly MemoryShardPlacements _placements = new();
    private readonly MemoryMembershipStore _members = new(TimeProvider.System);
    private readonly PipeNetwork _network = new();
    private readonly List<Node> _nodes = [];

    public ClusterMemberTests() => _leases = new MemoryLeaseStore(TimeProvider.System, _journal);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.StopAsync();
        }
    }

    [Fact]
    public async Task Nodes_share_the_shards_and_any_of_them_answers_for_all_entities()
    {
        var (a, b, c) = (await StartAsync("a"), await StartAsync("b"), await StartAsync("c"));
        await SettledAsync(a, b, c);

        Assert.All(_nodes, node => Assert.InRange(node.Region.Shards.Count, 1, ShardMap.Of(Shards, ["a", "b", "c"]).Bound));
        for (var i = 0; i < 40; i++)
        {
            await AddAsync(_nodes[i % 3], $"entity {i}", 1);
            Assert.Equal(1, await ReadAsync(_nodes[(i + 1) % 3], $"entity {i}"));
        }
    }

    [Fact]
    public async Task Who_gives_up_while_nobody_owns_the_shard_is_let_go_at_once()
    {
        var node = new Node("a", 6, _journal, _leases, _placements, _members, _network);
        _nodes.Add(node);
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        var asking = node.Everywhere.AskAsync("entity 1", "1", TimeSpan.FromMinutes(5), patience.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_node_that_joins_takes_its_part_and_asks_under_way_find_it()
    {
        var a = await StartAsync("a");
        await SettledAsync(a);
        var asking = AskAllTheTimeAsync(a, until: () => _nodes.Count == 2 && _nodes[1].Region.Shards.Count > 0);

        var b = await StartAsync("b");
        await SettledAsync(a, b);

        var statuses = await asking;
        Assert.All(statuses, status => Assert.Equal(AskStatus.Answered, status));
    }

    [Fact]
    public async Task A_node_that_leaves_hands_over_and_no_ask_fails()
    {
        var (a, b) = (await StartAsync("a"), await StartAsync("b"));
        await SettledAsync(a, b);
        var left = false;
        var asking = AskAllTheTimeAsync(b, until: () => left && b.Region.Shards.Count == Shards);

        await a.Member.HandOverAsync();
        await a.Member.LeaveAsync();
        left = true;

        Assert.All(await asking, status => Assert.Equal(AskStatus.Answered, status));
        Assert.Empty(a.Region.Shards);
        Assert.Equal(MemberStatus.Left, (await _members.ReadAsync(default)).Single(member => member.Name == "a").Status);
    }

    [Fact]
    public async Task A_node_that_leaves_while_its_connection_breaks_hands_over_all_the_same()
    {
        var breaking = new BreakingJoins(_members);
        var (a, b) = (await StartAsync("a", members: breaking), await StartAsync("b"));
        await SettledAsync(a, b);

        breaking.Left = 2;
        await a.Member.HandOverAsync();

        Assert.Empty(a.Region.Shards);
        Assert.Equal(Shards, b.Region.Shards.Count);
    }

    [Fact]
    public async Task An_operator_places_a_shard_and_takes_the_wish_back()
    {
        var (a, b) = (await StartAsync("a"), await StartAsync("b"));
        await SettledAsync(a, b);
        var shard = a.Region.Shards.Keys.First();

        await a.Member.PlaceAsync(new ShardPlacement(shard, "b", "somebody"), default);
        await EventuallyAsync(() => b.Region.Shards.ContainsKey(shard) && a.Member.Shards!.Plan!.IsDone && b.Member.Shards!.Plan!.IsDone);
        Assert.DoesNotContain(shard, a.Region.Shards.Keys);
        Assert.Equal([new ShardPlacement(shard, "b", "somebody")], a.Member.Shards!.Placements);

        Assert.Equal(1, await b.Member.RebalanceAsync(default));
        await EventuallyAsync(() => a.Region.Shards.ContainsKey(shard));
    }

    [Fact]
    public async Task What_a_leaving_node_releases_is_taken_on_the_news_without_a_look_before()
    {
        var held = new HeldReads(_leases);
        var (a, b) = (await StartAsync("a"), await StartAsync("b", leases: held));
        await SettledAsync(a, b);

        held.Hold();
        await a.Member.HandOverAsync();

        Assert.Equal(Shards, b.Region.Shards.Count);
        await AddAsync(a, "entity 1", 1);
        Assert.Equal(1, await ReadAsync(b, "entity 1"));
        held.LetGo();
    }

    [Fact]
    public async Task A_watcher_goes_on_watching_where_the_entity_went()
    {
        var (a, b) = (await StartAsync("a"), await StartAsync("b"));
        await SettledAsync(a, b);
        var entity = Enumerable.Range(0, 100).Select(i => $"watched {i}").First(a.Region.IsHere);
        using var stop = new CancellationTokenSource(Patience);
        await using var views = b.Everywhere.WatchAsync(entity, -1, stop.Token).GetAsyncEnumerator(stop.Token);
        await AddAsync(b, entity, 1);
        await UntilSeenAsync(views, 1);

        await a.Member.HandOverAsync();
        await a.Member.LeaveAsync();
        await AddAsync(b, entity, 2);

        await UntilSeenAsync(views, 3);
        Assert.True(b.Region.IsHere(entity));
    }

    [Fact]
    public async Task What_a_killed_node_had_is_taken_by_the_hint_before_its_lease_runs_out()
    {
        var (a, b) = (await StartAsync("a", timeToLive: 60), await StartAsync("b", timeToLive: 60));
        await SettledAsync(a, b);
        var entity = Enumerable.Range(0, 100).Select(i => $"entity {i}").First(a.Region.IsHere);
        await AddAsync(a, entity, 5);

        a.Kill(_network);
        _members.EndSession(a.Member.Self);

        Assert.Equal(5, await ReadAsync(b, entity));
        Assert.Equal(MemberStatus.Down, (await _members.ReadAsync(default)).Single(member => member.Name == "a").Status);
    }

    [Fact]
    public async Task Without_a_hint_the_lease_runs_out_first()
    {
        var (a, b) = (await StartAsync("a", timeToLive: 2), await StartAsync("b", timeToLive: 2));
        await SettledAsync(a, b);
        var entity = Enumerable.Range(0, 100).Select(i => $"entity {i}").First(a.Region.IsHere);
        await AddAsync(a, entity, 5);

        a.Kill(_network);

        Assert.Equal(5, await ReadAsync(b, entity));
    }

    [Fact]
    public async Task A_cut_between_two_nodes_is_resolved_and_the_loser_is_told()
    {
        var (a, b) = (await StartAsync("a", timeToLive: 2), await StartAsync("b", timeToLive: 2));
        await SettledAsync(a, b);

        _network.Part("a", "b");

        await EventuallyAsync(() => b.Notes.Exists(note => note.StartsWith("ended", StringComparison.Ordinal)));
        await EventuallyAsync(() => a.Region.Shards.Count == Shards);
        Assert.Contains(_nodes.SelectMany(node => node.Notes), note => note.StartsWith("resolved keep-majority", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_nodes_with_one_name_are_refused_in_a_clear_sentence()
    {
        var a = await StartAsync("a", timeToLive: 3);
        await SettledAsync(a);

        var refused = await Assert.ThrowsAsync<ClusterException>(() => StartAsync("a", timeToLive: 3));

        Assert.StartsWith("two nodes with one name: a#1 at", refused.Message, StringComparison.Ordinal);
    }

    private async Task<Node> StartAsync(string name, double timeToLive = 6, ILeaseStore? leases = null, IMembershipStore? members = null)
    {
        var node = new Node(name, timeToLive, _journal, leases ?? _leases, _placements, members ?? _members, _network);
        _nodes.Add(node);
        await node.Member.StartAsync($"memory:{name}", default);
        return node;
    }

    private static Task SettledAsync(params Node[] nodes) => EventuallyAsync(() =>
        nodes.Sum(node => node.Region.Shards.Count) == Shards && nodes.All(node => node.Member.IsComplete && node.Region.Shards.Count > 0));

    private static async Task AddAsync(Node at, string entity, int amount) =>
        Assert.Equal(AskStatus.Answered, (await at.Everywhere.AskAsync(entity, $"{amount}", Patience)).Status);

    private static async Task<long> ReadAsync(Node at, string entity) => (await at.Everywhere.AskAsync(entity, "?", Patience)).Reply;

    private static async Task<List<AskStatus>> AskAllTheTimeAsync(Node at, Func<bool> until)
    {
        var statuses = new List<AskStatus>();
        for (var i = 0; !until(); i++)
        {
            statuses.Add((await at.Everywhere.AskAsync($"entity {i % 50}", "1", Patience)).Status);
            await Task.Delay(1);
        }

        return statuses;
    }

    private static async Task UntilSeenAsync(IAsyncEnumerator<WatchedView<Sum>> views, long value)
    {
        while (await views.MoveNextAsync() && views.Current.View.Value != value)
        {
        }

        Assert.Equal(value, views.Current.View.Value);
    }

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < Patience.TotalMilliseconds / 20, "it did not come to that in time");
            await Task.Delay(20);
        }
    }

    /// <summary>A node with all its parts; what it is told, it writes down.</summary>
    private sealed class Node : IClusterListener, IShardHost
    {
        public Node(string name, double timeToLive, IJournal journal, ILeaseStore leases, IShardPlacements placements, IMembershipStore members, PipeNetwork network)
        {
            var behavior = new SumBehavior();
            Region = new(behavior, behavior, journal, null, TimeProvider.System, new RegionOptions { Shards = Shards }, new Notes());
            var services = new LinkServices();
            var times = new LeaseTimes(TimeSpan.FromSeconds(timeToLive), TimeSpan.FromSeconds(timeToLive / 12), TimeSpan.FromSeconds(timeToLive * 2 / 3));
            Member = new ClusterMember(
                new ClusterOptions(name, Guid.NewGuid().ToString(), ["account"], Shards)
                {
                    Times = times,
                    Keeping = new ShardKeeperOptions("account", TimeSpan.FromMilliseconds(50)),
                    SplitBrain = new SplitBrainOptions { StableAfter = TimeSpan.FromSeconds(timeToLive + 1) },
                    Links = new NodeLinkOptions { PingEvery = TimeSpan.FromMilliseconds(50), WorksWithin = TimeSpan.FromMilliseconds(1000), SilenceMax = TimeSpan.FromSeconds(2) },
                },
                leases, placements, members, network.DialerOf(), services, this, TimeProvider.System, this);
            Everywhere = new(Region, Member.Directory, Member.Links, services, new SumMessages(), TimeProvider.System);
            network.Add(name, Member.Links);
        }

        private int _isStopped;

        public EntityRegion<Sum, string, string, long, string> Region { get; }

        public ClusterRegion<Sum, string, string, long, string> Everywhere { get; }

        public ClusterMember Member { get; }

        public List<string> Notes { get; } = [];

        /// <summary>Its process is gone, as far as the others can tell.</summary>
        public void Kill(PipeNetwork network)
        {
            network.Kill(Member.Self.Name);
            _ = StopAsync();
        }

        public async Task StopAsync()
        {
            if (Interlocked.Exchange(ref _isStopped, 1) == 0)
            {
                await Member.DisposeAsync();
                await Region.DisposeAsync();
            }
        }

        public void Open(int shard, long epoch) => Region.Open(shard, epoch);

        public Task CloseAsync(int shard) => Region.CloseAsync(shard);

        public Task ResumeAsync(IReadOnlyCollection<int> shards) => Region.WakePendingAsync(shards, default);

        public void Resolved(SplitBrainDecision decision, EndAnswer outcome) => Note($"resolved {decision.Explanation}");

        public void Gone(Member member) => Note($"gone {member.Id}");

        public void Ended(string reason)
        {
            Note($"ended {reason}");
            _ = StopAsync();
        }

        public void Lost(Lease lease, string reason) => Note($"lost {lease.Key} {reason}");

        public void Tell(string news) => Note(news);

        private void Note(string note)
        {
            lock (Notes)
            {
                Notes.Add(note);
            }
        }
    }

    private sealed class SumMessages : IEntityMessages<string, long, Sum>
    {
        public bool MayRepeat(string command) => command == "?";

        public void WriteCommand(string command, IBufferWriter<byte> writer) => writer.Write(Encoding.UTF8.GetBytes(command).AsSpan());

        public string ReadCommand(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

        public void WriteReply(long reply, IBufferWriter<byte> writer) => LinkText.Write(writer, reply);

        public long ReadReply(ReadOnlySpan<byte> bytes) => LinkText.TakeLong(ref bytes);

        public void WriteView(Sum view, IBufferWriter<byte> writer) => LinkText.Write(writer, view.Value);

        public Sum ReadView(ReadOnlySpan<byte> bytes) => new(LinkText.TakeLong(ref bytes), false);
    }
}
