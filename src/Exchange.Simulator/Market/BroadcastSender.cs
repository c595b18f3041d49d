using System.Net;
using System.Net.Sockets;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Broadcast;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Market;

/// <summary>
/// Broadcasts prices over UDP as NSE does: only-MBP messages (7208), two records each, compressed, as many to a datagram as 512 bytes take. Of
/// the depth only the best prices are filled.
/// </summary>
public sealed class BroadcastSender : IAsyncDisposable
{
    /// <summary>Bytes of packets in one datagram (NSE-TAP.md 8).</summary>
    private const int PacketsMax = 512;

    /// <summary>So many datagrams go at once; a receiver's buffer is not endless.</summary>
    private const int Burst = 64;

    private static readonly TimeSpan BurstPause = TimeSpan.FromMilliseconds(2);

    private readonly ExchangeFloor _floor;
    private readonly SimulatorSettings _settings;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Socket _socket;
    private readonly byte[] _datagram = new byte[BroadcastDecoder.DatagramMax];
    private readonly byte[] _packet = new byte[BroadcastDecoder.DatagramMax];
    private readonly byte[] _message = new byte[BroadcastDecoder.PacketMax];
    private readonly Task _sending;
    private int _sequence;
    private int _sent;

    private BroadcastSender(ExchangeFloor floor, SimulatorSettings settings, TimeProvider clock)
    {
        (_floor, _settings, _clock) = (floor, settings, clock);
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        _socket.Bind(new IPEndPoint(settings.Listen, 0));
        if (!settings.Listen.Equals(IPAddress.Any))
        {
            _socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, settings.Listen.GetAddressBytes());
        }

        _sending = SendAllAsync(_stopping.Token);
    }

    /// <summary>Null when the settings ask for no broadcast.</summary>
    public static BroadcastSender? Start(ExchangeFloor floor, SimulatorSettings settings, TimeProvider clock) =>
        settings.BroadcastCm is null && settings.BroadcastFo is null ? null : new BroadcastSender(floor, settings, clock);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _sending;
        _socket.Dispose();
        _stopping.Dispose();
    }

    private async Task SendAllAsync(CancellationToken stop)
    {
        using var listener = _floor.Look((board, _, _) => board.Listen(null));
        try
        {
            var nextRound = _clock.GetUtcNow();
            while (true)
            {
                var lines = await NewsAsync(listener, nextRound, stop);
                if (_clock.GetUtcNow() >= nextRound)
                {
                    nextRound = _clock.GetUtcNow() + _settings.BroadcastRound;
                    lines = _floor.Look((board, _, _) => board.All.Select(PriceLine.Of).ToArray());
                }

                await SendAsync(Segment.CapitalMarket, lines, stop);
                await SendAsync(Segment.FuturesAndOptions, lines, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
        finally
        {
            _floor.Look((board, _, _) =>
            {
                board.Leave(listener);
                return 0;
            });
        }
    }

    /// <summary>The prices that have moved; none when the next round is due before one does.</summary>
    private async Task<IReadOnlyList<PriceLine>> NewsAsync(PriceListener listener, DateTimeOffset nextRound, CancellationToken stop)
    {
        var wait = nextRound - _clock.GetUtcNow();
        if (wait <= TimeSpan.Zero)
        {
            return [];
        }

        using var due = CancellationTokenSource.CreateLinkedTokenSource(stop);
        due.CancelAfter(wait);
        try
        {
            return await listener.NextAsync(due.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return [];
        }
    }

    private async Task SendAsync(Segment segment, IReadOnlyList<PriceLine> lines, CancellationToken stop)
    {
        if (_settings.Broadcast(segment) is not { } target)
        {
            return;
        }

        var (packets, length) = (0, BroadcastDecoder.DatagramHeaderLength);
        var name = SegmentName.Of(segment);
        foreach (var pair in lines.Where(line => line.Segment == name).Chunk(BroadcastForm.Find(segment, 7208)!.RecordsMax))
        {
            var packet = Pack(segment, pair);
            if (length + packet > BroadcastDecoder.DatagramHeaderLength + PacketsMax)
            {
                await SendAsync(target, segment, packets, length, stop);
                (packets, length) = (0, BroadcastDecoder.DatagramHeaderLength);
            }

            _packet.AsSpan(0, packet).CopyTo(_datagram.AsSpan(length));
            (packets, length) = (packets + 1, length + packet);
        }

        if (packets > 0)
        {
            await SendAsync(target, segment, packets, length, stop);
        }
    }

    private async Task SendAsync(IPEndPoint target, Segment segment, int packets, int length, CancellationToken stop)
    {
        BroadcastComposer.BeginDatagram(_datagram, segment, packets);
        try
        {
            await _socket.SendToAsync(_datagram.AsMemory(0, length), SocketFlags.None, target, stop);
        }
        catch (SocketException)
        {
            // No way to the target just now. A broadcast does not know who hears it; the next round says it again.
        }

        if (++_sent % Burst == 0)
        {
            await Task.Delay(BurstPause, _clock, stop);
        }
    }

    private int Pack(Segment segment, PriceLine[] lines)
    {
        var form = BroadcastForm.Find(segment, 7208)!;
        var message = BroadcastComposer.Begin(_message, form, lines.Length, ++_sequence, _clock.GetUtcNow());
        for (var number = 0; number < lines.Length; number++)
        {
            var line = lines[number];
            var record = BroadcastComposer.Record(message, form, number);
            form.Token.Write(record, line.Token);
            form.Market.Write(record, 1);
            form.Price.Write(record, line.Ltp);
            form.Time!.Value.Write(record, NnfTime.ToSeconds(line.At));
            if (segment == Segment.CapitalMarket)
            {
                CmMarketDepth.TradingStatus.Write(record, 2);
                CmMarketDepth.Levels[0].Price.Write(record, line.Bid);
                CmMarketDepth.Levels[5].Price.Write(record, line.Ask);
            }
            else
            {
                FoMarketDepth.TradingStatus.Write(record, 2);
                FoMarketDepth.Levels[0].Price.Write(record, line.Bid);
                FoMarketDepth.Levels[5].Price.Write(record, line.Ask);
            }
        }

        return BroadcastComposer.AddPacket(_packet, segment, message, isCompressed: true);
    }
}
