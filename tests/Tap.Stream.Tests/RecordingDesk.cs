using System.Collections.Concurrent;
using System.Threading.Channels;
using Backup.Exchange.Wire;

namespace Backup.Tap.Stream.Tests;

/// <summary>The accounts' side as a test wants it: authorises what it is given, and keeps what it is told.</summary>
internal sealed class RecordingDesk : ITapDesk
{
    private readonly Channel<string> _told = Channel.CreateBounded<string>(10_000);

    public ConcurrentQueue<(TapTicket Ticket, long Epoch)> Authorized { get; } = new();

    public ConcurrentQueue<ExchangeReport> Applied { get; } = new();

    /// <summary>What a ticket becomes; null keeps it back.</summary>
    public Func<TapTicket, TapRequest?> Answer { get; set; } = ticket => new TapRequest.Enter(Order(ticket.Account, ticket.Segment));

    /// <summary>Waited for before an authorisation is given.</summary>
    public Func<TapTicket, Task>? BeforeAuthorize { get; set; }

    /// <summary>Waited for before a report is applied.</summary>
    public Func<ExchangeReport, Task>? BeforeApply { get; set; }

    public static TapOrder Order(string account, Segment segment) => new(
        account,
        "ABCDE1234F",
        segment == Segment.CapitalMarket
            ? new TapInstrument(segment, 1594, "", "INFY", "EQ", 0, 0, "")
            : new TapInstrument(segment, 58072, "FUTIDX", "NIFTY", "", 1479997800, -1, "XX"),
        BuySell.Sell,
        65,
        2600000,
        700001);

    public async ValueTask<TapRequest?> AuthorizeAsync(TapTicket ticket, long sessionEpoch, CancellationToken cancellationToken)
    {
        Authorized.Enqueue((ticket, sessionEpoch));
        if (BeforeAuthorize is not null)
        {
            await BeforeAuthorize(ticket);
        }

        return Answer(ticket);
    }

    public async ValueTask ApplyAsync(ExchangeReport report, CancellationToken cancellationToken)
    {
        if (BeforeApply is not null)
        {
            await BeforeApply(report);
        }

        Applied.Enqueue(report);
        _told.Writer.TryWrite($"applied {report.Kind} {report.Account}");
    }

    public ValueTask StreamLostAsync(Segment segment, TapStreamLoss loss, CancellationToken cancellationToken)
    {
        _told.Writer.TryWrite($"stream {loss.Stream} lost at {loss.TimeStamp1}");
        return ValueTask.CompletedTask;
    }

    public ValueTask SessionLostAsync(Segment segment, long sessionEpoch, string reason)
    {
        _told.Writer.TryWrite($"lost {sessionEpoch}: {reason}");
        return ValueTask.CompletedTask;
    }

    public ValueTask RecoveryCompletedAsync(Segment segment, long sessionEpoch, bool hasHole, CancellationToken cancellationToken)
    {
        _told.Writer.TryWrite($"recovered {sessionEpoch}{(hasHole ? " with a hole" : "")}");
        return ValueTask.CompletedTask;
    }

    public void RoomAvailable(Segment segment) => _told.Writer.TryWrite("room");

    /// <summary>The next thing the desk was told.</summary>
    public async Task<string> NextAsync() => await _told.Reader.ReadAsync();

    public bool HasMore => _told.Reader.TryPeek(out _);
}
