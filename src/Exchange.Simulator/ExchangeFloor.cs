using Backup.Exchange.Simulator.Book;
using Backup.Exchange.Simulator.Hostile;
using Backup.Exchange.Simulator.Line;
using Backup.Exchange.Simulator.Market;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Ciphers;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator;

/// <summary>
/// The whole exchange behind one gate: each turn takes one message, one tick of the clock or one wish of a person, writes what
/// comes of it to the ledger, and only then lets the answers out.
/// </summary>
public sealed class ExchangeFloor : ILineFloor, IDisposable
{
    private readonly Lock _gate = new();
    private readonly SimulatorSettings _settings;
    private readonly TimeProvider _clock;
    private readonly Ledger _ledger;
    private readonly DayJournal _journal = new();
    private readonly LinkRegister _links = new();
    private readonly FaultPlan _faults = new();
    private readonly Departures _departures;
    private readonly DrillDesk _drills;
    private readonly OrderBook _book;
    private readonly SignOnDesk _signOn;
    private readonly Matcher _matcher;
    private readonly MassCancel _mass;
    private readonly OrderDoor _door;
    private readonly MemberDesk _members;
    private readonly PriceBoard _board;
    private readonly TickReplay? _replay;
    private DateTimeOffset _nextWalk;
    private long _lastLink;

    public ExchangeFloor(SimulatorSettings settings, TimeProvider clock)
    {
        _settings = settings;
        _clock = clock;
        var now = clock.GetUtcNow();
        _board = new PriceBoard(InstrumentFile.Load(settings), settings, now);
        _replay = TickReplay.Load(settings, _board, now);
        _ledger = Ledger.Open(settings.DataFolder);
        _departures = new Departures(_faults, _links, _ledger);
        var outbox = new Outbox(_ledger, _journal, _links, _departures);
        _book = new OrderBook(settings, _board, _journal);
        var desk = new OrderDesk(settings, _book, outbox);
        _signOn = new SignOnDesk(settings, _links, _journal, outbox);
        _matcher = new Matcher(settings, _book, desk, _departures);
        var notices = new MarketNotices(_journal, outbox);
        _mass = new MassCancel(settings, _book, desk, notices);
        var invitations = new Invitations(settings, outbox, _faults);
        _door = new OrderDoor(settings, _links, _signOn, desk, _mass, _matcher, invitations, outbox, _faults);
        _members = new MemberDesk(settings, _links, _signOn, _door, _mass, invitations, outbox);
        var outages = new OutageDesk(settings, _ledger, _journal, _links, _book, notices);
        _drills = new DrillDesk(
            _ledger, _faults, _departures, _links, _signOn, _door, _book, desk, _matcher, outbox, outages,
            new FreezeDesk(_book, outbox, _matcher), new MainSite(settings, _board, _book, desk, _matcher));
        var memory = new Recollection(_book, _signOn, outages, notices, _mass);
        _ledger.TakeBack(memory.Take);
        RestoredLines = _ledger.Last;
        _nextWalk = now + settings.PriceInterval;
        OpenDay(now, memory.KnowsDay);
    }

    public long RestoredLines { get; }

    public SignOnDesk SignOn => _signOn;

    public int Instruments => _board.All.Count();

    public byte Streams => _settings.Streams;

    public TickReplay? Replay => _replay;

    public string LedgerPath => _ledger.Path;

    public void Opened(Segment segment, System.Net.IPEndPoint gateway) => _signOn.Gateways[segment] = gateway;

    /// <param name="segment">Whose gateway or router is called.</param>
    /// <param name="isRouter">The router is.</param>
    /// <param name="socket">Null: the member is in this process.</param>
    public MemberLink Arrive(Segment segment, bool isRouter, System.Net.Sockets.Socket? socket)
    {
        lock (_gate)
        {
            var link = new MemberLink(++_lastLink, segment, isRouter, socket, _clock.GetUtcNow());
            _links.Add(link);
            return link;
        }
    }

    public void Leave(MemberLink link)
    {
        Turn(now =>
        {
            if (_links.All.Contains(link))
            {
                _ledger.Note(now, "LINK_CLOSED", $"{SegmentName.Of(link.Segment)} session {link.Id}");
                _links.Remove(link);
            }
        });
    }

    /// <summary>Somebody else speaks on this connection from now on.</summary>
    public void Release(MemberLink link) => Turn(_ => _links.Remove(link));

    public void Receive(MemberLink link, FrameReadStatus status, ReadOnlyMemory<byte> packet)
    {
        Turn(now =>
        {
            if (!_links.All.Contains(link))
            {
                return;
            }

            link.LastReceived = now;
            var decision = status switch
            {
                FrameReadStatus.Malformed => "closed: no packet has this length",
                FrameReadStatus.BadChecksum or FrameReadStatus.BadTag when !link.IsRouter =>
                    _settings.Link == LinkMode.Clear ? "dropped: checksum wrong" : "closed: checksum wrong",
                FrameReadStatus.Frame => _door.Lost(link, packet.Span[FrameReader.HeaderLength..]),
                _ => null,
            };
            _ledger.Frame(now, link.Segment, link.Id, "in", packet.Span, decision);
            if (EndsLink(link, status) is { } reason)
            {
                _signOn.BoxOff(link, reason, now);
                _links.End(link);
            }
            else if (link.IsRouter)
            {
                _signOn.Route(link, packet.Span[FrameReader.HeaderLength..], status, now);
                _links.End(link);
            }
            else if (status == FrameReadStatus.Frame && decision is null)
            {
                _members.Handle(link, packet.Span[FrameReader.HeaderLength..], PacketHeader.SequenceNumber.Read(packet.Span), now);
            }
        });
    }

    /// <summary>With which error a damaged packet ends the link; null when it does not (NSE-TAP.md 2.1, N32).</summary>
    private short? EndsLink(MemberLink link, FrameReadStatus status) => status switch
    {
        FrameReadStatus.Malformed => ExchangeError.PacketInvalid,
        FrameReadStatus.BadChecksum or FrameReadStatus.BadTag when !link.IsRouter && _settings.Link != LinkMode.Clear => ExchangeError.ChecksumWrong,
        _ => null,
    };

    /// <summary>Lets time act: fills that are due, prices, heartbeats.</summary>
    public void Tick()
    {
        Turn(now =>
        {
            _matcher.FillDue(now);
            _departures.GiveUpWaiting(now);
            _replay?.Play(_board, now);
            if (now >= _nextWalk)
            {
                _nextWalk = now + _settings.PriceInterval;
                _board.Walk(now);
                _matcher.Reconsider(now);
            }

            foreach (var link in _links.All.ToArray())
            {
                _members.Pulse(link, now);
            }
        });
    }

    public T Look<T>(Func<PriceBoard, OrderBook, Ledger, T> look)
    {
        lock (_gate)
        {
            return look(_board, _book, _ledger);
        }
    }

    public void SetLiquidity(LiquidityMode mode, Segment? segment) => Drill((drills, now) => drills.SetLiquidity(mode, segment, null, now));

    public void Drill(Action<DrillDesk, DateTimeOffset> act) => Turn(now => act(_drills, now));

    /// <summary>Carries out a wish of whoever runs a drill.</summary>
    public T Drill<T>(Func<DrillDesk, DateTimeOffset, T> act)
    {
        var result = default(T);
        Turn(now => result = act(_drills, now));
        return result!;
    }

    /// <summary>False when there is no such instrument.</summary>
    public bool SetPrice(Segment segment, int token, int last)
    {
        var found = false;
        Turn(now =>
        {
            if (_board.Find(segment, token) is { } quote)
            {
                found = true;
                quote.IsReplayed = false;
                quote.SetAround(quote.Instrument.RoundToTick(last), now);
                _board.Announce(quote);
                _matcher.Reconsider(now);
            }
        });
        return found;
    }

    public void Dispose() => _ledger.Dispose();

    private void Turn(Action<DateTimeOffset> act)
    {
        lock (_gate)
        {
            var now = _clock.GetUtcNow();
            act(now);
            foreach (var (segment, user) in _links.TakeLeft())
            {
                _mass.LoggedOff(segment, user, now);
            }

            _ledger.Flush();
            if (_departures.TryRelease(now))
            {
                _links.CloseEnded();
            }
        }
    }

    private void OpenDay(DateTimeOffset now, bool isKnown)
    {
        if (!isKnown)
        {
            var today = now.ToOffset(NnfTime.IndiaOffset).Date;
            _signOn.EndTime = NnfTime.ToSeconds(new DateTimeOffset(today.AddDays(-1).AddHours(15.5), NnfTime.IndiaOffset));
            _ledger.Note(now, "DAY", _signOn.EndTime.ToString());
            _ledger.Flush();
        }
    }
}
