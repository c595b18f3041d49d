using System.Net;
using System.Net.Sockets;
using Backup.Account.Domain;
using Backup.Cluster.Node.Settings;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Broadcast;
using Backup.Gateway.Api.Prices;

namespace Backup.Cluster.Node.Prices;

/// <summary>
/// Hears NSE's broadcast of one segment and writes its last prices into the book. Datagrams are lost, doubled and overtaken; a price that is not
/// later than the book's is no news. While the feed is silent the book keeps what it had, and the ages of its prices tell.
/// </summary>
internal sealed class BroadcastPriceFeed(
    BroadcastSettings settings, string source, PriceBook book, TimeProvider clock, ILogger<BroadcastPriceFeed> log) : BackgroundService, IPriceFeed
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>A feed that says nothing for this long has perhaps lost its group: it is joined again.</summary>
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(15);

    /// <summary>Bad datagrams are told at most this often; the count is in the feed's status.</summary>
    private static readonly TimeSpan FaultsToldEvery = TimeSpan.FromMinutes(1);

    /// <summary>Some seconds of the open's burst, should we be kept from reading that long; the system may grant less.</summary>
    private const int ReceiveBufferBytes = 4 << 20;

    private readonly BroadcastDecoder _decoder = new(settings.Segment);
    private readonly PriceIntake _intake = new(book, source, clock);
    private readonly MarketSegment _segment = settings.Segment == Segment.CapitalMarket ? MarketSegment.Cash : MarketSegment.Derivatives;
    private readonly FeedHearing _hearing = new(NameOf(settings), source, clock, log);
    private DateTimeOffset _faultToldAt;

    public string Source => source;

    public PriceFeedStatus Status => _hearing.Status(_intake.Counts, _decoder.Tally);

    /// <summary>Where it listens; null while it does not.</summary>
    internal IPEndPoint? LocalEndPoint { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                using var socket = Open();
                LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
                await HearAsync(socket, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception gone) when (gone is SocketException or OperationCanceledException)
            {
                _hearing.Lose(gone is SocketException ? gone.Message : $"nothing for {SilenceMax.TotalSeconds} s");
            }

            LocalEndPoint = null;
            await Task.Delay(RetryAfter, clock, stoppingToken);
        }
    }

    private Socket Open()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = ReceiveBufferBytes };
        try
        {
            if (settings.Group is not { } group)
            {
                socket.Bind(new IPEndPoint(settings.Interface, settings.Port));
                return socket;
            }

            // Bound to the group, Linux hands over its datagrams only; otherwise those of every group that anybody here has joined.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(OperatingSystem.IsLinux() ? group : IPAddress.Any, settings.Port));
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(group, settings.Interface));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task HearAsync(Socket socket, CancellationToken stoppingToken)
    {
        // One byte more than a datagram may have: the system cuts a longer one without a word.
        var buffer = new byte[BroadcastDecoder.DatagramMax + 1];
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        while (true)
        {
            silence.CancelAfter(SilenceMax);
            var length = await socket.ReceiveAsync(buffer, SocketFlags.None, silence.Token);
            Take(buffer.AsSpan(0, length));
        }
    }

    private void Take(ReadOnlySpan<byte> datagram)
    {
        switch (_decoder.Read(datagram, out var fault))
        {
            case BroadcastStatus.Malformed:
                TellFault(fault);
                return;
            case BroadcastStatus.OtherSegment:
                return;
        }

        _hearing.Hear();
        foreach (ref readonly var price in _decoder.Prices)
        {
            _intake.Take(_segment, price.Token, price.Paise, price.At, price.IsLate);
        }
    }

    private void TellFault(BroadcastFault fault)
    {
        var now = clock.GetUtcNow();
        if (now - _faultToldAt >= FaultsToldEvery)
        {
            _faultToldAt = now;
            log.LogWarning("The price feed {Feed} dropped a datagram: {Fault}; {Count} so far", NameOf(settings), fault.ToString(), _decoder.Tally.Malformed);
        }
    }

    private static string NameOf(BroadcastSettings settings) => $"broadcast {(settings.Segment == Segment.CapitalMarket ? "cm" : "fo")}";
}
