using System.Diagnostics;
using System.Net.WebSockets;
using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Links;
using Backup.Cluster.Node.Links;
using Backup.Journal.Bench;

namespace Backup.Links.Bench;

/// <summary>The candidate: two nodes' links as the product opens and carries them; the one asks, the other answers with what it was asked.</summary>
internal sealed class LinkAsks : ISide
{
    private const byte EchoService = 200;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly LinkCall<long, long> Echo = new(EchoService, Message.Write, Message.Read, Message.Write, Message.Read);
    private static readonly Member Asking = MemberNamed("a");
    private static readonly Member Answering = MemberNamed("b");
    private readonly Loopback _server;
    private readonly NodeLinks _there;
    private readonly NodeLinks _here;
    private readonly int _inFlight;

    private LinkAsks(Loopback server, NodeLinks there, NodeLinks here, int inFlight) => (_server, _there, _here, _inFlight) = (server, there, here, inFlight);

    public string Name => $"asks over a node link, {_inFlight} in flight";

    internal static async Task<LinkAsks> StartAsync(int inFlight)
    {
        var options = new NodeLinkOptions();
        var services = new LinkServices();
        services.Serve(Echo, static (_, number) => Task.FromResult(number));
        var there = new NodeLinks(services, new NoDialer(), TimeProvider.System, options) { Self = Answering.Id };
        var server = await Loopback.StartAsync(socket => there.AcceptAsync(Asking.Id, new WebSocketConnection(socket, options.FrameBytesMax)));
        var here = new NodeLinks(new LinkServices(), new Dialer(server, options), TimeProvider.System, options) { Self = Asking.Id };
        Member[] members = [Asking, Answering];
        there.Follow(members);
        here.Follow(members);
        for (var since = Stopwatch.GetTimestamp(); here.Find(Answering.Name) is null;)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20));
            if (Stopwatch.GetElapsedTime(since) > Deadline)
            {
                throw new InvalidOperationException("the two ends did not link");
            }
        }

        return new LinkAsks(server, there, here, inFlight);
    }

    public async Task<Reading> RunAsync(TimeSpan time)
    {
        var link = _here.Find(Answering.Name) ?? throw new InvalidOperationException("the link broke");
        var watch = new Stopwatches();
        var until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(Enumerable.Range(0, _inFlight).Select(asker => Task.Run(() => AskUntilAsync(link, asker, until, watch))));
        return watch.Read();
    }

    public async ValueTask DisposeAsync()
    {
        await _here.DisposeAsync();
        await _there.DisposeAsync();
        await _server.DisposeAsync();
    }

    private static async Task AskUntilAsync(NodeLink link, int asker, long until, Stopwatches watch)
    {
        while (Stopwatch.GetTimestamp() is var at && at < until)
        {
            var answer = await link.AskAsync(Echo, asker, Deadline);
            if (!answer.IsAnswered || answer.Answer != asker)
            {
                throw new InvalidOperationException($"an ask ended with {answer.Status}, {answer.Answer}, expected {asker}: {answer.Detail}");
            }

            watch.Add(at);
        }
    }

    private static Member MemberNamed(string name) => new(new NodeId(name, 1), "", [], DateTimeOffset.UnixEpoch, TimeSpan.FromHours(1), []);

    private sealed class Dialer(Loopback server, NodeLinkOptions options) : ILinkDialer
    {
        public async ValueTask<ILinkConnection> DialAsync(NodeId self, Member peer, CancellationToken cancellationToken)
        {
            try
            {
                return new WebSocketConnection(await server.DialAsync(cancellationToken), options.FrameBytesMax);
            }
            catch (WebSocketException failure)
            {
                throw new IOException(failure.Message, failure);
            }
        }
    }

    /// <summary>The answering end is the one that is dialed.</summary>
    private sealed class NoDialer : ILinkDialer
    {
        public ValueTask<ILinkConnection> DialAsync(NodeId self, Member peer, CancellationToken cancellationToken) => throw new IOException("this end is dialed");
    }
}
