using Backup.Cluster.Node.Ownership;
using Backup.Cluster.Node.Settings;
using Backup.Tap.Stream;

namespace Backup.Cluster.Node.Exchange;

/// <summary>Makes a box's session from its settings.</summary>
internal static class SessionFactory
{
    /// <param name="chance">Spreads the waits between attempts; the process's own when null.</param>
    /// <param name="dial">How to connect; TCP when null.</param>
    internal static TapSession Create(
        TapSettings settings, BoxSettings box, long firstEpoch, TapDesk desk, IOwnership ownership, TimeProvider clock, ILogger log, Random? chance = null, ITapDial? dial = null)
    {
        var options = new TapSessionOptions
        {
            Segment = box.Segment,
            RouterHost = box.RouterHost,
            RouterPort = box.RouterPort,
            RouterCaFile = settings.RouterCaFile,
            RouterCheckHostName = settings.RouterCheckHostName,
            BoxId = box.BoxId,
            BrokerId = box.BrokerId,
            BranchId = box.BranchId,
            UserId = box.UserId,
            Password = box.Password,
            NewPassword = box.NewPassword,
            VersionNumber = settings.VersionNumber,
            Workstation = settings.Workstation,
            Invitations = settings.Invitations,
            CaptureFrames = settings.CaptureFrames,
            NnfField = box.NnfField,
            MessagesPerSecond = box.MessagesPerSecond,
            FirstSessionEpoch = firstEpoch,
            WaitingLimit = settings.InboxCapacity,
            AuthorizationsInFlight = settings.AuthorizeWindow,
            OrderAnswerTimeout = settings.OrderAnswerTimeout,
            SettleDelay = settings.SettleDelay,
            DownloadTimeout = settings.DownloadTimeout,
            BackoffFirst = settings.BackoffMin,
            BackoffMax = settings.BackoffMax,
        };
        return new TapSession(
            options,
            desk,
            clock,
            chance ?? Random.Shared,
            happening => Write(log, happening),
            new ConfirmedDial(dial ?? SocketDial.By(options), ownership, ExchangeCalls.BoxOf(box.Segment)));
    }

    private static void Write(ILogger log, TapEvent happening) => log.Log(
        happening.Level switch
        {
            TapEventLevel.Error => LogLevel.Error,
            TapEventLevel.Warning => LogLevel.Warning,
            _ => LogLevel.Information,
        },
        "{Segment} session {SessionEpoch}: {Happening}",
        happening.Segment,
        happening.SessionEpoch,
        happening.Text);
}
