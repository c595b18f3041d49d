using System.Collections.Concurrent;
using System.Collections.Frozen;
using Backup.Actor.Kernel.Cluster;

namespace Backup.Actor.Kernel.Links;

/// <summary>
/// The links of this node, one with every other live member: the member whose name comes first opens it, the other lets it in. A link that
/// broke is opened again as long as the member lives.
/// </summary>
/// <remarks>Safe for threads.</remarks>
public sealed class NodeLinks(LinkServices services, ILinkDialer dialer, TimeProvider clock, NodeLinkOptions options) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, NodeLink> _links = new(StringComparer.Ordinal);
    private readonly Dictionary<NodeId, (CancellationTokenSource Stop, Task Dialing)> _dialed = [];
    private readonly CancellationTokenSource _stopping = new();
    private volatile FrozenSet<NodeId> _live = [];

    /// <summary>This node's membership; set when it has joined, before <see cref="Follow"/>.</summary>
    public NodeId Self { get; set; }

    /// <summary>Names of the members with which a link works now.</summary>
    public IReadOnlyCollection<string> Reached => [.. _links.Where(link => link.Value.Works).Select(link => link.Key).Order(StringComparer.Ordinal)];

    /// <summary>The link with a member that works now; null when there is none.</summary>
    public NodeLink? Find(string name) => _links.TryGetValue(name, out var link) && link.Works ? link : null;

    /// <summary>Takes a reading of the membership: opens what is missing, closes links with those that are members no longer. One call at a time.</summary>
    public void Follow(IReadOnlyCollection<Member> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        _live = members.Where(member => member.IsLive && member.Name != Self.Name).Select(member => member.Id).ToFrozenSet();
        foreach (var (name, link) in _links)
        {
            if (!_live.Contains(link.Peer))
            {
                link.Break($"{link.Peer} is no live member");
                _links.TryRemove(new KeyValuePair<string, NodeLink>(name, link));
            }
        }

        foreach (var ended in _dialed.Keys.Where(peer => !_live.Contains(peer)).ToArray())
        {
            _dialed[ended].Stop.Cancel();
            _dialed.Remove(ended);
        }

        foreach (var peer in members.Where(member => _live.Contains(member.Id) && !_dialed.ContainsKey(member.Id) && string.CompareOrdinal(Self.Name, member.Name) < 0))
        {
            var stop = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            _dialed[peer.Id] = (stop, KeepAsync(peer, stop.Token));
        }
    }

    /// <summary>
    /// Carries a link that another member opened, until it breaks. Who may open one has been checked; here it must be a live member of the newest
    /// reading, or the opener tries again.
    /// </summary>
    /// <returns>Why it ended.</returns>
    public async Task<string> AcceptAsync(NodeId peer, ILinkConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (_live.Contains(peer))
        {
            return await CarryAsync(peer, connection, _stopping.Token);
        }

        await connection.DisposeAsync();
        return $"{peer} is no live member, as far as is known here";
    }

    public async ValueTask DisposeAsync()
    {
        _stopping.Cancel();
        foreach (var (_, dialing) in _dialed.Values)
        {
            await dialing;
        }
    }

    private async Task KeepAsync(Member peer, CancellationToken stop)
    {
        var wait = options.RedialAfter;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var connection = await dialer.DialAsync(Self, peer, stop);
                var since = clock.GetTimestamp();
                await CarryAsync(peer.Id, connection, stop);
                if (clock.GetElapsedTime(since) > options.RedialMax)
                {
                    wait = options.RedialAfter;
                }
            }
            catch (Exception failure) when (failure is IOException or OperationCanceledException)
            {
                // Not reachable now: it is tried again, and the members say that it is not reached.
            }

            try
            {
                await Task.Delay(wait, clock, stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            wait = wait * 2 < options.RedialMax ? wait * 2 : options.RedialMax;
        }
    }

    private async Task<string> CarryAsync(NodeId peer, ILinkConnection connection, CancellationToken stop)
    {
        using var link = new NodeLink(peer, connection, services, clock, options);
        _links.AddOrUpdate(peer.Name, link, (_, older) =>
        {
            older.Break($"{peer} has opened another link");
            return link;
        });
        var why = await link.RunAsync(stop);
        _links.TryRemove(new KeyValuePair<string, NodeLink>(peer.Name, link));
        return why;
    }
}
