using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Tap.Stream;

/// <summary>What lives longer than one session of a box.</summary>
internal sealed record TapMemory(
    TapSessionOptions Options,
    ITapDesk Desk,
    ITapDial Dial,
    TimeProvider Clock,
    TicketQueue Queue,
    SendPermits Permits,
    StreamMarks Marks,
    TapGauges Gauges,
    FrameCapture Capture,
    InvitationCredit Credit,
    Credentials Credentials,
    Action<TapEventLevel, string> Tell)
{
    private readonly HashSet<(byte Stream, long TimeStamp1)> _announced = [];

    /// <summary>The first announcement of an outage; the exchange may repeat one at every sign-on.</summary>
    public bool IsNews(TapStreamLoss announced) => _announced.Add((announced.Stream, announced.TimeStamp1));

    /// <summary>What a message of the session means for those that come after it.</summary>
    public void Note(byte[] message, int endTime, int? knownEndTime)
    {
        switch (MessageHeader.TransactionCode.Read(message))
        {
            case TransactionCode.SignOnResponse when MessageHeader.ErrorCode.Read(message) == 0:
                NoteSignOn(endTime, knownEndTime);
                break;
            case TransactionCode.DownloadTrailer:
                Marks.DownloadCompleted(MessageHeader.AlphaChar.Read(message)[0]);
                break;
        }
    }

    private void NoteSignOn(int endTime, int? knownEndTime)
    {
        if (endTime != 0 && knownEndTime is { } known && known != endTime)
        {
            Tell(TapEventLevel.Info, "A new trading day: the streams are downloaded from their start.");
            Marks.Reset();
        }

        if (Credentials.SignedOn())
        {
            Tell(TapEventLevel.Warning, "The password was changed to the new one of the settings. Set it as the password there and take the new one out.");
        }
    }
}
