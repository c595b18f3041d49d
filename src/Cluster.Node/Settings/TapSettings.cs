using Backup.Exchange.Wire;

namespace Backup.Cluster.Node.Settings;

/// <summary>What both segments' sessions share, and one box for each.</summary>
public sealed record TapSettings(
    int InboxCapacity,
    int AuthorizeWindow,
    TimeSpan SettleDelay,
    TimeSpan DownloadTimeout,
    TimeSpan BackoffMin,
    TimeSpan BackoffMax,
    string RouterCaFile,
    bool RouterCheckHostName,
    IReadOnlyList<BoxSettings> Boxes)
{
    internal static TapSettings Read(SettingsReader read) => new(
        read.Positive("tap.inbox-capacity"),
        read.Positive("tap.authorize-window"),
        read.Duration("tap.settle-delay"),
        read.Duration("tap.download-timeout"),
        read.Duration("tap.backoff-min"),
        read.Duration("tap.backoff-max"),
        read.Text("tap.router-ca-file"),
        read.Flag("tap.router-check-host-name"),
        [.. new[] { BoxSettings.ReadCapitalMarket(read), BoxSettings.ReadDerivatives(read) }.OfType<BoxSettings>()]);
}

/// <summary>One box: a contracted line to one segment of the exchange.</summary>
public sealed record BoxSettings(
    Segment Segment,
    string RouterHost,
    int RouterPort,
    short BoxId,
    string BrokerId,
    short BranchId,
    int UserId,
    string Password,
    long NnfField,
    int MessagesPerSecond)
{
    /// <summary>A record's own printing would put the password into logs.</summary>
    public override string ToString() => $"{Segment} box {BoxId} at {RouterHost}:{RouterPort}";

    internal static BoxSettings? ReadCapitalMarket(SettingsReader read) => read.Flag("tap.cm.enabled")
        ? Make(
            read, Segment.CapitalMarket, "tap.cm.nnf-field", read.Text("tap.cm.router-host"), read.Whole("tap.cm.router-port"),
            read.Positive("tap.cm.box-id"), read.Text("tap.cm.broker-id"), read.Positive("tap.cm.branch-id"), read.Positive("tap.cm.user-id"),
            read.Text("tap.cm.password"), read.Text("tap.cm.nnf-field"), read.Positive("tap.cm.messages-per-second"))
        : null;

    internal static BoxSettings? ReadDerivatives(SettingsReader read) => read.Flag("tap.fo.enabled")
        ? Make(
            read, Segment.FuturesAndOptions, "tap.fo.nnf-field", read.Text("tap.fo.router-host"), read.Whole("tap.fo.router-port"),
            read.Positive("tap.fo.box-id"), read.Text("tap.fo.broker-id"), read.Positive("tap.fo.branch-id"), read.Positive("tap.fo.user-id"),
            read.Text("tap.fo.password"), read.Text("tap.fo.nnf-field"), read.Positive("tap.fo.messages-per-second"))
        : null;

    private static BoxSettings Make(
        SettingsReader read, Segment segment, string nnfKey, string host, int port, int box, string broker, int branch, int user, string password,
        string nnf, int rate)
    {
        read.Check(nnfKey, nnf.Length == 15 && nnf.All(char.IsAsciiDigit), "15 digits");
        return new BoxSettings(
            segment, host, port, (short)Math.Min(box, short.MaxValue), broker, (short)Math.Min(branch, short.MaxValue), user, password,
            long.TryParse(nnf, out var field) ? field : 0, rate);
    }
}
