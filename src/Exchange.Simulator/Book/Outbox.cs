using Backup.Exchange.Simulator.Hostile;
using Backup.Exchange.Simulator.Line;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Book;

/// <summary>
/// What the exchange says within one turn: written to the day's journal and the ledger at once, and made ready to leave when the
/// ledger has been flushed. Used under the floor's gate.
/// </summary>
public sealed class Outbox(Ledger ledger, DayJournal journal, LinkRegister links, Departures departures)
{
    private readonly List<Report> _held = [];

    /// <summary>Order messages stay here until somebody lets them go.</summary>
    public bool IsHolding { get; private set; }

    /// <summary>Says something about an order to its user, on the wire if he is there, and in the journal in any case.</summary>
    /// <param name="message">In the form of the order.</param>
    /// <param name="sequence">The packet sequence of the request that this answers; 0 for everything unsolicited (N7).</param>
    public void Order(Segment segment, int userId, Stamp stamp, byte[] message, uint sequence)
    {
        var code = MessageHeader.TransactionCode.Read(message);

        // A copy: the desk goes on with its own.
        var full = code < OrderForm.TrimmedOffset ? message.ToArray() : FullForm.FromTrimmed(segment, message);
        journal.Add(segment, stamp.Stream, userId, stamp.TimeStamp1, full);

        // F&O lists no trimmed form of refusals and price confirmations (N9, N22).
        var isFullInFutures = code is TransactionCode.OrderRejected or TransactionCode.ModifyRejected or TransactionCode.CancelRejected or TransactionCode.PriceConfirmation;
        var live = segment == Segment.FuturesAndOptions && isFullInFutures ? full : message;
        var link = links.ForUser(segment, userId);
        var packet = Packet(live, sequence);
        var decision = link is null ? "kept for download" : link.IsMuted ? "lost on purpose" : IsHolding ? "held" : null;
        ledger.Frame(stamp.At, segment, link?.Id ?? 0, "out", packet, decision);
        if (link is null || link.IsMuted)
        {
            return;
        }

        var report = new Report(link, userId, packet, ledger.Last);
        if (IsHolding)
        {
            _held.Add(report);
        }
        else
        {
            departures.Add(report, stamp.At);
        }
    }

    /// <summary>Says something about the market to one user, on the wire if he is there, and in the journal in any case.</summary>
    public void Control(Segment segment, int userId, Stamp stamp, byte[] message)
    {
        journal.Add(segment, stamp.Stream, userId, stamp.TimeStamp1, message);
        var link = links.ForUser(segment, userId);
        var packet = Packet(message, 0);
        ledger.Frame(stamp.At, segment, link?.Id ?? 0, "out", packet, link is null ? "kept for download" : null);
        if (link is not null)
        {
            departures.Add(link, packet, ledger.Last, stamp.At);
        }
    }

    /// <summary>Says something on one connection.</summary>
    public void Direct(MemberLink link, DateTimeOffset now, ReadOnlySpan<byte> message, uint sequence = 0)
    {
        var packet = Packet(message, sequence);
        ledger.Frame(now, link.Segment, link.Id, "out", packet, link.IsMuted ? "lost on purpose" : null);
        if (!link.IsMuted)
        {
            departures.Add(link, packet, ledger.Last, now);
        }
    }

    public void Hold(bool on, DateTimeOffset now)
    {
        IsHolding = on;
        if (!on)
        {
            _held.ForEach(report => departures.Add(report, now));
            _held.Clear();
        }
    }

    private static byte[] Packet(ReadOnlySpan<byte> message, uint sequence)
    {
        var packet = new byte[FrameReader.HeaderLength + message.Length];
        FrameWriter.Write(packet, message, sequence);
        return packet;
    }
}
