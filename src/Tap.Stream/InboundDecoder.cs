using System.Buffers;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Ciphers;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Tap.Stream;

/// <summary>One message taken off the line: a report for an account, or a message of the session, or both parts of a download.</summary>
internal readonly record struct Inbound(ExchangeReport? Report, MarkTicket? Mark, byte[]? Control, TapStreamLoss? Loss = null);

/// <summary>How the taking of frames ended.</summary>
internal enum InboundStatus
{
    /// <summary>Everything whole was taken; more bytes must come.</summary>
    NeedMoreData,

    /// <summary>A length that no packet can have.</summary>
    Malformed,

    /// <summary>A message that is not what was sent.</summary>
    BadChecksum,

    /// <summary>A sealed message that was changed or is not of this place, direction or key.</summary>
    BadTag,

    /// <summary>A report with a field that no exchange writes.</summary>
    BadField,
}

/// <summary>Takes whole frames off the line and sorts them: reports for the accounts, the rest for the session.</summary>
/// <remarks>Used by the one reader of a session. What it took is valid until the next call.</remarks>
internal sealed class InboundDecoder(TapMemory memory) : IDisposable
{
    private readonly FrameReader _frames = new();
    private readonly byte[] _inner = new byte[FrameReader.MaxFrameLength];
    private readonly List<Inbound> _taken = [];
    private LinkCipher _cipher = LinkCipher.Clear;

    public IReadOnlyList<Inbound> Taken => _taken;

    /// <summary>Before the first byte of the gateway: what its messages are sealed with, once it has registered the box.</summary>
    public void Begin(LinkKeys keys) => _cipher = keys.FromExchange();

    public void Dispose() => _cipher.Dispose();

    /// <summary>The words for people about a status that ends the session.</summary>
    public string Damage { get; private set; } = "";

    /// <summary>Takes every whole frame off the front of the buffer. What was taken before the damage is good.</summary>
    public InboundStatus Decode(ref ReadOnlySequence<byte> buffer)
    {
        _taken.Clear();
        try
        {
            return Take(ref buffer);
        }
        catch (WireFormatException failure)
        {
            return Damaged(InboundStatus.BadField, $"The exchange sent a report that cannot be: {failure.Message}");
        }
    }

    private InboundStatus Damaged(InboundStatus status, string words)
    {
        Damage = words;
        return status;
    }

    private InboundStatus Take(ref ReadOnlySequence<byte> buffer)
    {
        while (true)
        {
            var status = _frames.TryRead(ref buffer, out var frame);
            switch (status)
            {
                case FrameReadStatus.NeedMoreData:
                    return InboundStatus.NeedMoreData;
                case FrameReadStatus.Malformed:
                    return Damaged(InboundStatus.Malformed, "The exchange sent a packet of a length that none can have.");
                case FrameReadStatus.BadChecksum:
                    return Damaged(InboundStatus.BadChecksum, "The exchange sent a packet with a wrong checksum.");
                case FrameReadStatus.BadTag:
                    return Damaged(InboundStatus.BadTag, "The exchange sent a packet that was changed under way or sealed with another key.");
            }

            memory.Gauges.Received(memory.Clock.GetUtcNow());
            memory.Capture.Add(isOutgoing: false, frame.Sequence, frame.Message);
            if (frame.Code == TransactionCode.BoxRegistrationResponse)
            {
                // The last clear message (NSE-TAP.md 3.1); whatever came right behind it is sealed already.
                _frames.Cipher = _cipher;
            }

            if (frame.Message.Length >= 2)
            {
                Sort(frame.Message);
            }
        }
    }

    private void Sort(ReadOnlySpan<byte> message)
    {
        var segment = memory.Options.Segment;
        var code = MessageHeader.TransactionCode.Read(message);
        if (code == TransactionCode.DownloadMessage)
        {
            SortDownloaded(message);
        }
        else if (code == TransactionCode.Invitation)
        {
            TakeInvitation(message);
        }
        else if (ReportReader.Read(segment, message, fromDownload: false) is { } report)
        {
            // A refusal that names no account is not about an order: it answers the kill switch (NSE-TAP.md 3.5).
            _taken.Add(report.Account.Length > 0 ? new Inbound(report, Mark(report), null) : new Inbound(null, null, message.ToArray()));
        }
        else if (IsSessionCode(code) && message.Length >= MessageHeader.Layout.Size)
        {
            memory.Gauges.NoteHeartbeat(message, memory.Clock.GetUtcNow());
            _taken.Add(new Inbound(null, null, message.ToArray(), LossOf(message)));
        }
        else
        {
            // Broadcasts, and whatever a later version may add.
            memory.Gauges.Ignored();
            _taken.Add(default);
        }
    }

    private void SortDownloaded(ReadOnlySpan<byte> message)
    {
        var envelope = message[..Math.Min(message.Length, MessageHeader.Layout.Size)].ToArray();
        var inner = InnerMessage.Read(message, _inner);
        if (inner.IsEmpty)
        {
            _taken.Add(new Inbound(null, null, envelope));
            return;
        }

        var report = ReadDownloaded(inner);
        if (report is { Account.Length: > 0 })
        {
            _taken.Add(new Inbound(report, Mark(report), envelope));
            return;
        }

        var mark = memory.Marks.Received(FullHeader.StreamOf(inner), FullHeader.TimeStamp1.Read(inner), fromDownload: true);
        _taken.Add(new Inbound(null, mark, envelope, LossOf(inner)));
    }

    /// <summary>
    /// One message of the day that cannot be read must not keep the box from trading for ever: it is told, counted, and leaves a hole in
    /// what this download can prove. The same live ends the session, so that it comes again by download.
    /// </summary>
    private ExchangeReport? ReadDownloaded(ReadOnlySpan<byte> inner)
    {
        try
        {
            return ReportReader.Read(memory.Options.Segment, inner, fromDownload: true);
        }
        catch (WireFormatException failure)
        {
            var words = $"stream {FullHeader.StreamOf(inner)} at {FullHeader.TimeStamp1.Read(inner)}, code {MessageHeader.TransactionCode.Read(inner)}: {failure.Message}";
            memory.Gauges.NoteUnread(words);
            memory.Tell(TapEventLevel.Error, $"A downloaded message cannot be read, so an account may lack a fact: {words} Compare with the exchange's own report.");
            return null;
        }
    }

    private void TakeInvitation(ReadOnlySpan<byte> message)
    {
        var count = message.Length == LongInvitation.Layout.Size ? LongInvitation.InvitationCount.Read(message)
            : message.Length == ShortInvitation.Layout.Size ? ShortInvitation.InvitationCount.Read(message)
            : (short)0;
        if (memory.Credit.Left is null)
        {
            memory.Gauges.Ignored();
        }

        memory.Credit.Grant(count);
        _taken.Add(default);
    }

    private MarkTicket Mark(ExchangeReport report) => memory.Marks.Received(report.Stream, report.TimeStamp1, report.FromDownload);

    private TapStreamLoss? LossOf(ReadOnlySpan<byte> message)
    {
        if (message.Length < ContingencyMessage.Layout.Size || MessageHeader.TransactionCode.Read(message) != TransactionCode.Contingency)
        {
            return null;
        }

        // A number that no stream has is read as all of them: then nothing is believed to rest that may be gone.
        var stream = ContingencyMessage.StreamNumber.Read(message) is > 0 and <= byte.MaxValue and var number ? (byte)number : (byte)0;
        var place = FullHeader.TimeStamp1.Read(message);
        if (ContingencyMessage.Status.Read(message) != 1)
        {
            memory.Tell(TapEventLevel.Info, $"The exchange reports that stream {stream} is back (0 means all).");
            return null;
        }

        memory.Tell(TapEventLevel.Warning, $"The exchange reports an outage of stream {stream} (0 means all): what rested there is gone.");
        return new TapStreamLoss(stream, place, place is > 0 and < JiffiesEnd ? NnfTime.FromJiffies(place) : memory.Clock.GetUtcNow());
    }

    /// <summary>The year 2116: no clock of the exchange is there.</summary>
    private const long JiffiesEnd = 1L << 48;

    private static bool IsSessionCode(short code) => code is
        TransactionCode.BoxRegistrationResponse or TransactionCode.BoxSignOnResponse or TransactionCode.SignOnResponse or TransactionCode.SystemInformation
        or TransactionCode.LocalDatabaseHeader or TransactionCode.LocalDatabaseData or TransactionCode.LocalDatabaseTrailer
        or TransactionCode.PartialSystemInformation or TransactionCode.DownloadHeader or TransactionCode.DownloadTrailer
        or TransactionCode.SignOffResponse or TransactionCode.BoxSignOff or TransactionCode.Heartbeat
        or TransactionCode.ErrorResponse or TransactionCode.InvalidMessageLength or TransactionCode.Contingency
        or TransactionCode.QuickCancelAnswer;
}
