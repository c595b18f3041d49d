using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Book;

/// <summary>What the exchange tells users that is about no order: outages and texts. Live for whoever is there, and in the download.</summary>
public sealed class MarketNotices(DayJournal journal, Outbox outbox)
{
    /// <summary>5294.</summary>
    /// <param name="stream">0 is all of them.</param>
    public void Outage(Segment segment, int user, byte stream, bool isDown, DateTimeOffset now)
    {
        var message = new byte[ContingencyMessage.Layout.Size];
        ContingencyMessage.Layout.Begin(message, TransactionCode.Contingency, user);
        ContingencyMessage.StreamNumber.Write(message, stream);
        ContingencyMessage.Status.Write(message, isDown ? (short)1 : (short)0);

        // What concerns all streams lives on the first (N31).
        Say(segment, user, message, Math.Max(stream, (byte)1), now);
    }

    /// <summary>5295, which lives on stream 1 (N27).</summary>
    public void Text(Segment segment, int user, string text, DateTimeOffset now)
    {
        var message = new byte[TraderMessage.Layout.Size];
        TraderMessage.Layout.Begin(message, TransactionCode.TraderMessage, user);
        TraderMessage.TraderId.Write(message, user);
        TraderMessage.ActionCode.Write(message, "SYS");
        TraderMessage.MsgLength.Write(message, (short)text.Length);
        TraderMessage.Msg.Write(message, text);
        Say(segment, user, message, 1, now);
    }

    /// <summary>Takes back a notice of an earlier run.</summary>
    public void Restore(Segment segment, byte[] message) =>
        journal.Add(segment, FullHeader.StreamOf(message), MessageHeader.TraderId.Read(message), FullHeader.TimeStamp1.Read(message), message);

    private void Say(Segment segment, int user, byte[] message, byte stream, DateTimeOffset now)
    {
        var stamp = new Stamp(now, stream, journal.NextTimeStamp(segment, stream, now));
        MessageHeader.LogTime.Write(message, NnfTime.ToSeconds(now));
        FullHeader.TimeStamp1.Write(message, stamp.TimeStamp1);
        FullHeader.Stream.WriteNumber(message, stream);
        outbox.Control(segment, user, stamp, message);
    }
}
