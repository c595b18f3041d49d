using System.Collections.Concurrent;
using System.Threading.Channels;
using Backup.Exchange.Wire;
using Backup.Tap.Stream;

namespace Backup.Exchange.Simulator.Tests;

/// <summary>The accounts' side of the product's own session: authorises what a test wants, and keeps what it is told.</summary>
internal sealed class SessionDesk : ITapDesk
{
    private readonly Channel<(string What, ExchangeReport? Report)> _told = Channel.CreateBounded<(string, ExchangeReport?)>(1000);

    public ConcurrentQueue<ExchangeReport> Reports { get; } = new();

    /// <summary>What a cancel and a change name.</summary>
    public ExchangeOrderReference? Reference { get; set; }

    /// <summary>The terms that a change asks for, in units and paise.</summary>
    public (int Quantity, int Price, int Trigger) Terms { get; set; }

    /// <summary>The order of every ticket.</summary>
    public static TapOrder Order(Segment segment, string account)
    {
        var isCash = segment == Segment.CapitalMarket;
        var instrument = isCash
            ? new TapInstrument(segment, 1594, "", "INFY", "EQ", 0, 0, "")
            : new TapInstrument(segment, 58072, "FUTIDX", "NIFTY", "", NnfTime.ToSeconds(new DateTimeOffset(2026, 12, 29, 14, 30, 0, NnfTime.IndiaOffset)), -1, "XX");
        return new TapOrder(account, "ABCDE1234F", instrument, BuySell.Sell, 65, isCash ? 152000 : 2599000, 700001);
    }

    /// <summary>A session with this desk; it runs when the test says so.</summary>
    public TapSession Session(SimulatorHost host, Segment segment, Func<TapSessionOptions, TapSessionOptions>? with = null)
    {
        var isCash = segment == Segment.CapitalMarket;
        var options = new TapSessionOptions
        {
            Segment = segment,
            RouterHost = "127.0.0.1",
            RouterPort = isCash ? host.RouterCm : host.RouterFo,
            BoxId = isCash ? (short)101 : (short)201,
            BrokerId = "90123",
            BranchId = 7,
            UserId = TestMember.User,
            Password = "Trade@26",
            MessagesPerSecond = 20,
            FirstSessionEpoch = 1 << 20,
            BackoffMax = TimeSpan.FromMilliseconds(300),
            SettleDelay = TimeSpan.FromMilliseconds(50),
            TickInterval = TimeSpan.FromMilliseconds(10),
        };
        return new TapSession(with is null ? options : with(options), this, TimeProvider.System, new Random(1));
    }

    public ValueTask<TapRequest?> AuthorizeAsync(TapTicket ticket, long sessionEpoch, CancellationToken cancellationToken)
    {
        var order = Order(ticket.Segment, ticket.Account);
        return ValueTask.FromResult<TapRequest?>(ticket.Priority switch
        {
            TapPriority.Cancel => new TapRequest.Cancel(order, Reference!),
            TapPriority.Modify => new TapRequest.Modify(order, Reference!, Terms.Quantity, Terms.Price, Terms.Trigger),
            _ => new TapRequest.Enter(order),
        });
    }

    public ValueTask ApplyAsync(ExchangeReport report, CancellationToken cancellationToken)
    {
        Reports.Enqueue(report);
        _told.Writer.TryWrite((report.Kind.ToString(), report));
        return ValueTask.CompletedTask;
    }

    public ValueTask StreamLostAsync(Segment segment, TapStreamLoss loss, CancellationToken cancellationToken)
    {
        _told.Writer.TryWrite(($"stream {loss.Stream} lost", null));
        return ValueTask.CompletedTask;
    }

    public ValueTask SessionLostAsync(Segment segment, long sessionEpoch, string reason)
    {
        _told.Writer.TryWrite(($"lost: {reason}", null));
        return ValueTask.CompletedTask;
    }

    public ValueTask RecoveryCompletedAsync(Segment segment, long sessionEpoch, bool hasHole, CancellationToken cancellationToken)
    {
        _told.Writer.TryWrite(("recovered", null));
        return ValueTask.CompletedTask;
    }

    public void RoomAvailable(Segment segment) => _told.Writer.TryWrite(("room", null));

    public async Task<ExchangeReport?> UntilAsync(string what)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (true)
        {
            var (told, report) = await _told.Reader.ReadAsync(patience.Token);
            if (told.StartsWith(what, StringComparison.Ordinal))
            {
                return report;
            }
        }
    }
}
