using Backup.Exchange.Simulator.Line;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Book;

/// <summary>
/// What the exchange says within one turn: written to the day's journal and the ledger at once, put on the wire only when the
/// ledger has been flushed. Used under the floor's gate.
/// </summary>
public sealed class Outbox(Ledger ledger, DayJournal journal, LinkRegister links)
{
    private readonly List<(MemberLink Link, byte[] Packet)> _ready = [];
    private readonly List<(MemberLink Link, byte[] Packet)> _held = [];

    /// <summary>Order messages stay here until somebody lets them go.</summary>
    public bool IsHolding { get; private set; }

    /// <summary>Says something about an order to its user, on the wire if he is there, and in the journal in any case.</summary>
    /// <param name="trimmed">The message in its trimmed form.</param>
    /// <param name="sequence">The packet sequence of the request that this answers; 0 for everything unsolicited (N7).</param>
    public void Order(Segment segment, int userId, Stamp stamp, byte[] trimmed, uint sequence)
    {
        var full = FullForm.FromTrimmed(segment, trimmed);
        journal.Add(segment, stamp.Stream, userId, stamp.TimeStamp1, full);
        var code = MessageHeader.TransactionCode.Read(trimmed);
        var isFailure = code is TransactionCode.OrderRejected or TransactionCode.ModifyRejected or TransactionCode.CancelRejected;
        var live = segment == Segment.FuturesAndOptions && isFailure ? full : trimmed;
        var link = links.ForUser(segment, userId);
        var packet = Packet(live, sequence);
        var decision = link is null ? "kept for download" : link.IsMuted ? "lost on purpose" : IsHolding ? "held" : null;
        ledger.Frame(stamp.At, segment, link?.Id ?? 0, "out", packet, decision);
        if (link is not null && !link.IsMuted)
        {
            (IsHolding ? _held : _ready).Add((link, packet));
        }
    }

    /// <summary>Says something on one connection.</summary>
    public void Direct(MemberLink link, DateTimeOffset now, ReadOnlySpan<byte> message, uint sequence = 0, string? decision = null)
    {
        var packet = Packet(message, sequence);
        ledger.Frame(now, link.Segment, link.Id, "out", packet, decision);
        _ready.Add((link, packet));
    }

    public void Hold(bool on)
    {
        IsHolding = on;
        if (!on)
        {
            _ready.AddRange(_held);
            _held.Clear();
        }
    }

    /// <summary>Puts everything said in this turn on the wire. The ledger has been flushed by the caller.</summary>
    public void Release(DateTimeOffset now)
    {
        foreach (var (link, packet) in _ready)
        {
            link.LastSent = now;
            link.Send(packet);
        }

        _ready.Clear();
    }

    public bool HasSomething => _ready.Count > 0;

    private static byte[] Packet(ReadOnlySpan<byte> message, uint sequence)
    {
        var packet = new byte[FrameReader.HeaderLength + message.Length];
        FrameWriter.Write(packet, message, sequence);
        return packet;
    }
}
