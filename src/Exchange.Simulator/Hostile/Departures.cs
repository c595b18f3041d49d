using Backup.Exchange.Simulator.Book;
using Backup.Exchange.Simulator.Line;
using Backup.Exchange.Simulator.Market;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Hostile;

/// <summary>Something about an order on its way to its user.</summary>
/// <param name="Line">Its line in the ledger.</param>
public sealed record Report(MemberLink Link, int UserId, byte[] Packet, long Line)
{
    public short Code => MessageHeader.TransactionCode.Read(Packet.AsSpan(FrameReader.HeaderLength));

    public (Segment, int) User => (Link.Segment, UserId);

    public long OrderNumber
    {
        get
        {
            var message = Packet.AsSpan(FrameReader.HeaderLength);
            return TradeForm.Find(Link.Segment, message.Length) is { } trade
                ? trade.OrderNumber.Read(message)
                : OrderForm.Find(Link.Segment, message.Length)!.OrderNumber.TryRead(message, out var number) ? number : 0;
        }
    }
}

/// <summary>Everything that is ready to leave, in the order in which it will; drills disturb that order and the bytes here.</summary>
/// <remarks>
/// The ledger has each report once, when it was made. What is done to it here is in a note behind it, so that nobody who reads
/// the ledger counts a copy as a second fill. Used under the floor's gate.
/// </remarks>
public sealed class Departures(FaultPlan plan, LinkRegister links, Ledger ledger)
{
    /// <summary>A report held back for a later one goes alone when no later one comes.</summary>
    private static readonly TimeSpan LateLimit = TimeSpan.FromMilliseconds(300);

    /// <summary>A confirmation held back for a trade that is on its way waits longer: fills have their delay.</summary>
    private static readonly TimeSpan TradeLimit = TimeSpan.FromSeconds(5);

    /// <summary>How many reports of each user can be replayed.</summary>
    public const int RecentLimit = 1000;

    private readonly List<(MemberLink Link, byte[] Packet, Damage Damage)> _ready = [];
    private readonly Dictionary<(Segment, int), (Report Report, DateTimeOffset Until)> _late = [];
    private readonly Dictionary<(Segment, long), (Report Report, DateTimeOffset Until)> _confirmations = [];
    private readonly Dictionary<(Segment, int), Queue<Report>> _recent = [];

    /// <summary>Until then nothing at all leaves.</summary>
    public DateTimeOffset SilentUntil { get; set; }

    /// <summary>Anything but a report about an order.</summary>
    public void Add(MemberLink link, byte[] packet, long line, DateTimeOffset now, Damage damage = Damage.None)
    {
        if (plan.TryTake(FaultKind.BadLength, link.Segment))
        {
            damage = Damage.ImpossibleLength;
            Note(link, $"line {line} leaves with an impossible length", now);
        }

        _ready.Add((link, packet, damage));
    }

    public void Add(Report report, DateTimeOffset now)
    {
        Remember(report);
        if (!HoldsForTrade(report, now))
        {
            AddInTurn(report, now);
        }
    }

    /// <summary>An order came in that will not trade now: nothing has to go before its confirmation.</summary>
    public void NoTradeComes(Segment segment, long orderNumber, DateTimeOffset now)
    {
        if (_confirmations.Remove((segment, orderNumber), out var held))
        {
            AddInTurn(held.Report, now);
        }
    }

    /// <summary>Sends the last reports of everyone who is signed on once more, also those of his sessions before. Returns how many.</summary>
    public int Replay(int count, Segment? segment, DateTimeOffset now)
    {
        var sent = 0;
        foreach (var (user, reports) in _recent.Where(entry => segment is null || entry.Key.Item1 == segment))
        {
            if (links.ForUser(user.Item1, user.Item2) is not { } link)
            {
                continue;
            }

            foreach (var report in reports.TakeLast(count))
            {
                Note(link, $"line {report.Line} is sent again", now);
                Add(link, report.Packet, report.Line, now);
                sent++;
            }
        }

        return sent;
    }

    /// <summary>Puts everything on the wire, unless silence was ordered. The ledger has been flushed by the caller.</summary>
    public bool TryRelease(DateTimeOffset now)
    {
        if (now < SilentUntil)
        {
            return false;
        }

        // A link may have gone while the exchange was silent.
        foreach (var (link, packet, damage) in _ready.Where(departure => !departure.Link.IsClosed))
        {
            link.LastSent = now;
            link.Send(packet, damage);
        }

        _ready.Clear();
        return true;
    }

    /// <summary>What was held back for something that did not come goes now.</summary>
    public void GiveUpWaiting(DateTimeOffset now)
    {
        foreach (var (user, held) in _late.Where(entry => entry.Value.Until <= now).ToArray())
        {
            _late.Remove(user);
            Send(held.Report, now);
        }

        foreach (var (order, held) in _confirmations.Where(entry => entry.Value.Until <= now).ToArray())
        {
            _confirmations.Remove(order);
            AddInTurn(held.Report, now);
        }
    }

    /// <summary>The confirmation of an order that trades goes behind its first trade.</summary>
    private bool HoldsForTrade(Report report, DateTimeOffset now)
    {
        var segment = report.Link.Segment;
        if (report.Code == TransactionCode.OrderConfirmed && plan.Left(FaultKind.TradeFirst, segment) > _confirmations.Count)
        {
            _confirmations[(segment, report.OrderNumber)] = (report, now + TradeLimit);
            return true;
        }

        if (_confirmations.Count == 0 || !_confirmations.Remove((segment, report.OrderNumber), out var confirmation))
        {
            return false;
        }

        if (report.Code != TransactionCode.Trade)
        {
            AddInTurn(confirmation.Report, now);
            return false;
        }

        plan.TryTake(FaultKind.TradeFirst, segment);
        Note(report.Link, $"line {report.Line} goes before line {confirmation.Report.Line}", now);
        AddInTurn(report, now);
        AddInTurn(confirmation.Report, now);
        return true;
    }

    /// <summary>Sends it, and behind it the one that waited for it; or lets it wait itself.</summary>
    private void AddInTurn(Report report, DateTimeOffset now)
    {
        if (_late.Remove(report.User, out var late))
        {
            Send(report, now);
            Send(late.Report, now);
        }
        else if (plan.TryTake(FaultKind.Reorder, report.Link.Segment))
        {
            Note(report.Link, $"line {report.Line} waits for the report after it", now);
            _late[report.User] = (report, now + LateLimit);
        }
        else
        {
            Send(report, now);
        }
    }

    private void Send(Report report, DateTimeOffset now)
    {
        var damage = Damage.None;
        if (plan.TryTake(FaultKind.Corrupt, report.Link.Segment))
        {
            damage = Damage.TurnedBit;
            Note(report.Link, $"line {report.Line} leaves with one bit turned", now);
        }

        Add(report.Link, report.Packet, report.Line, now, damage);
        if (plan.TryTake(FaultKind.Duplicate, report.Link.Segment))
        {
            Note(report.Link, $"line {report.Line} is sent twice", now);
            Add(report.Link, report.Packet, report.Line, now, damage);
        }
    }

    private void Remember(Report report)
    {
        if (!_recent.TryGetValue(report.User, out var reports))
        {
            _recent[report.User] = reports = new Queue<Report>();
        }

        reports.Enqueue(report);
        if (reports.Count > RecentLimit)
        {
            reports.Dequeue();
        }
    }

    private void Note(MemberLink link, string text, DateTimeOffset now) =>
        ledger.Note(now, "FAULT_DONE", $"{SegmentName.Of(link.Segment)} session {link.Id}: {text}");
}
