using System.Collections.Concurrent;
using System.Threading.Channels;
using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Links;

namespace Backup.Actor.Kernel.Tests.Links;

/// <summary>The network between the nodes of one test: connections in memory, each of which can be cut.</summary>
internal sealed class PipeNetwork
{
    private readonly ConcurrentDictionary<string, NodeLinks> _nodes = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<(string From, string To, PipeEnd End)> _ends = [];

    /// <summary>Pairs of names between which nothing passes.</summary>
    public ConcurrentDictionary<(string, string), bool> Cut { get; } = new();

    public ILinkDialer DialerOf() => new Dialer(this);

    public void Add(string name, NodeLinks links) => _nodes[name] = links;

    /// <summary>The process is gone: its connections close, and nobody answers at its address.</summary>
    public void Kill(string name)
    {
        _nodes.TryRemove(name, out _);
        foreach (var (from, to, end) in _ends.Where(end => end.From == name || end.To == name))
        {
            end.Close();
        }
    }

    public void Part(string one, string other)
    {
        Cut[(one, other)] = Cut[(other, one)] = true;
    }

    private sealed class Dialer(PipeNetwork network) : ILinkDialer
    {
        public async ValueTask<ILinkConnection> DialAsync(NodeId self, Member peer, CancellationToken cancellationToken)
        {
            await Task.Yield();
            if (!network._nodes.TryGetValue(peer.Name, out var links) || network.Cut.ContainsKey((self.Name, peer.Name)))
            {
                throw new IOException($"{peer.Name} cannot be reached");
            }

            var (here, there) = PipeEnd.Pair(() => network.Cut.ContainsKey((self.Name, peer.Name)), () => network.Cut.ContainsKey((peer.Name, self.Name)));
            network._ends.Add((self.Name, peer.Name, here));
            _ = links.AcceptAsync(self, there);
            return here;
        }
    }
}

/// <summary>One end of a connection in memory. While it is cut, what is sent is lost, as in a network that swallows it.</summary>
internal sealed class PipeEnd(ChannelReader<byte[]> incoming, ChannelWriter<byte[]> outgoing, ChannelWriter<byte[]> own, Func<bool> isCut) : ILinkConnection
{
    public int FramesSent { get; private set; }

    /// <summary>What is sent waits for it: a connection that is slow.</summary>
    public Task Held { get; set; } = Task.CompletedTask;

    public static (PipeEnd Here, PipeEnd There) Pair(Func<bool>? isCutHere = null, Func<bool>? isCutThere = null)
    {
        var there = Channel.CreateBounded<byte[]>(64);
        var here = Channel.CreateBounded<byte[]>(64);
        return (new PipeEnd(here.Reader, there.Writer, here.Writer, isCutHere ?? (static () => false)),
            new PipeEnd(there.Reader, here.Writer, there.Writer, isCutThere ?? (static () => false)));
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        FramesSent++;
        await Held;
        try
        {
            if (!isCut())
            {
                await outgoing.WriteAsync(frame.ToArray(), cancellationToken);
            }
        }
        catch (ChannelClosedException closed)
        {
            throw new IOException("closed", closed);
        }
    }

    public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken) =>
        await incoming.WaitToReadAsync(cancellationToken) && incoming.TryRead(out var frame) ? frame.AsMemory() : (ReadOnlyMemory<byte>?)null;

    public void Close()
    {
        outgoing.TryComplete();
        own.TryComplete();
    }

    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }
}
