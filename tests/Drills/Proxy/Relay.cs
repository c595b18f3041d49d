using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Backup.Drills.Proxy;

/// <summary>How a connection is ended from between.</summary>
internal enum CutKind
{
    /// <summary>RST: what was on its way is lost.</summary>
    Reset,

    /// <summary>FIN: an orderly close of which neither end knows why.</summary>
    Finish,
}

/// <summary>A door that passes connections on to another place, under rules.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly Func<Socket> _open;
    private readonly LineRules _rules;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Passage, byte> _passages = new();
    private readonly Task _accepting;

    /// <param name="listener">Bound and listening.</param>
    /// <param name="open">Makes a socket that can reach <paramref name="target"/>.</param>
    internal Relay(Socket listener, Func<Socket> open, IPEndPoint target, LineRules rules)
    {
        (_listener, _open, Target, _rules) = (listener, open, target, rules);
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        _accepting = Task.Run(AcceptAsync);
    }

    internal int Port { get; }

    /// <summary>Where connections lead; may change while nobody connects.</summary>
    internal IPEndPoint Target { get; set; }

    /// <summary>Ends every connection that is open now. Returns how many.</summary>
    internal int Cut(CutKind kind)
    {
        var count = 0;
        foreach (var passage in _passages.Keys)
        {
            passage.End(kind);
            _rules.NoteCut();
            count++;
        }

        return count;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        Cut(CutKind.Reset);
        await _accepting;
        await Task.WhenAll(_passages.Keys.Select(passage => passage.Done));
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            Socket? client = null;
            try
            {
                client = await _listener.AcceptAsync(_stopping.Token);
                if (_rules.ClosesNew())
                {
                    client.Dispose();
                    continue;
                }

                var target = _open();
                await target.ConnectAsync(Target, _stopping.Token);
                var passage = new Passage(client, target, _rules);
                _passages[passage] = 0;
                _ = passage.Done.ContinueWith(_ => _passages.TryRemove(passage, out byte _), TaskScheduler.Default);
            }
            catch (Exception gone) when (gone is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The exchange is away, the caller has left, or we stop; whoever called hears it by the close.
                client?.Dispose();
            }
        }
    }
}
