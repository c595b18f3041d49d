using System.Threading.Channels;
using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Links;
using Backup.Cluster.Simulation.Time;

namespace Backup.Cluster.Simulation.Nodes;

/// <summary>
/// The network between nodes. What is sent while a direction is cut waits, as TCP keeps it, and arrives when it heals; nobody connects through a
/// cut. A process that dies closes its connections.
/// </summary>
internal sealed class SimNetwork(SimScheduler scheduler, Dice dice)
{
    private readonly HashSet<(string From, string To)> _cut = [];
    private readonly List<LinkEnd> _ends = [];

    /// <summary>Let a connection in at a node, if the member lives there.</summary>
    internal Dictionary<string, Func<NodeId, NodeId, ILinkConnection, bool>> Doors { get; } = new(StringComparer.Ordinal);

    internal bool IsCut(string from, string to) => _cut.Contains((from, to));

    internal void Cut(string from, string to) => _cut.Add((from, to));

    internal void Heal(string from, string to)
    {
        _cut.Remove((from, to));
        foreach (var end in _ends.ToArray())
        {
            end.Deliver();
        }
    }

    internal ILinkDialer DialerOf(SimProcess process, string name) => new Dialer(this, process, name);

    /// <summary>Everything that a process had open.</summary>
    internal void Close(SimProcess process)
    {
        foreach (var end in _ends.Where(end => end.Process == process).ToArray())
        {
            end.Close();
        }
    }

    private sealed class Dialer(SimNetwork network, SimProcess process, string name) : ILinkDialer
    {
        private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(3);

        public async ValueTask<ILinkConnection> DialAsync(NodeId self, Member peer, CancellationToken cancellationToken)
        {
            await Task.Delay(network.Latency, process.Clock, cancellationToken);
            if (network.IsCut(name, peer.Name) || network.IsCut(peer.Name, name))
            {
                await Task.Delay(ConnectLimit, process.Clock, cancellationToken);
                throw new IOException($"{peer.Name} does not answer");
            }

            var (here, there) = (new LinkEnd(network, process, name), new LinkEnd(network, null, peer.Name));
            (here.Other, there.Other) = (there, here);
            if (!network.Doors.TryGetValue(peer.Name, out var door) || !door(self, peer.Id, there))
            {
                throw new IOException($"{peer.Name} refuses the connection");
            }

            network._ends.Add(here);
            network._ends.Add(there);
            return here;
        }
    }

    private TimeSpan Latency => dice.Between(0.1, 2);

    /// <summary>One end of a connection; what it sends is on its way for a while.</summary>
    internal sealed class LinkEnd(SimNetwork network, SimProcess? process, string name) : ILinkConnection
    {
        private readonly Channel<byte[]> _arrived = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
        private readonly Queue<byte[]?> _underWay = new();
        private long _arrivesAt;
        private bool _isClosed;

        internal LinkEnd Other { get; set; } = null!;

        /// <summary>Whose it is.</summary>
        internal SimProcess? Process { get; set; } = process;

        private string Name => name;

        public ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
        {
            if (_isClosed)
            {
                throw new IOException("the connection is closed");
            }

            Send(frame.ToArray());
            return ValueTask.CompletedTask;
        }

        public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken) =>
            await _arrived.Reader.WaitToReadAsync(cancellationToken) && _arrived.Reader.TryRead(out var frame) ? frame.AsMemory() : (ReadOnlyMemory<byte>?)null;

        public ValueTask DisposeAsync()
        {
            Close();
            return ValueTask.CompletedTask;
        }

        /// <summary>What was sent is still on its way, and then the other end hears that this one is closed.</summary>
        internal void Close()
        {
            if (!_isClosed)
            {
                _isClosed = true;
                _arrived.Writer.TryComplete();
                Send(null);
            }
        }

        internal void Deliver()
        {
            while (!network.IsCut(Name, Other.Name) && network.Now >= _arrivesAt && _underWay.TryDequeue(out var frame))
            {
                if (frame is not null)
                {
                    Other._arrived.Writer.TryWrite(frame);
                    continue;
                }

                Other.Close();
                network._ends.Remove(this);
            }
        }

        private void Send(byte[]? frame)
        {
            _underWay.Enqueue(frame);
            _arrivesAt = Math.Max(_arrivesAt, network.Now + network.Latency.Ticks);
            network.After(TimeSpan.FromTicks(_arrivesAt - network.Now), Deliver);
        }
    }

    private long Now => scheduler.Now;

    private void After(TimeSpan wait, Action act) => scheduler.After(wait, act);
}
