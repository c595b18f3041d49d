using Backup.Exchange.Wire;
using Backup.Tap.Stream;

namespace Backup.Cluster.Node.Settings;

/// <summary>What both segments' sessions share, and one box for each.</summary>
public sealed record TapSettings(
    int InboxCapacity,
    int AuthorizeWindow,
    TimeSpan OrderAnswerTimeout,
    TimeSpan SettleDelay,
    TimeSpan DownloadTimeout,
    TimeSpan BackoffMin,
    TimeSpan BackoffMax,
    string RouterCaFile,
    bool RouterCheckHostName,
    int VersionNumber,
    string Workstation,
    InvitationRule Invitations,
    int CaptureFrames,
    IReadOnlyList<BoxSettings> Boxes)
{
    internal static TapSettings Read(SettingsReader read)
    {
        read.Check("tap.order-answer-timeout", read.Duration("tap.order-answer-timeout") > TimeSpan.Zero, "a duration above zero");
        read.Check("tap.workstation", read.Text("tap.workstation").Length is > 0 and <= 14, "1 to 14 characters");
        read.Check("tap.capture-frames", read.Whole("tap.capture-frames") is >= 0 and <= 100_000, "0 to 100000");
        return Make(read);
    }

    private static TapSettings Make(SettingsReader read) => new(
        read.Positive("tap.inbox-capacity"),
        read.Positive("tap.authorize-window"),
        read.Duration("tap.order-answer-timeout"),
        read.Duration("tap.settle-delay"),
        read.Duration("tap.download-timeout"),
        read.Duration("tap.backoff-min"),
        read.Duration("tap.backoff-max"),
        read.Text("tap.router-ca-file"),
        read.Flag("tap.router-check-host-name"),
        read.Positive("tap.version-number"),
        read.Text("tap.workstation"),
        Rule(read),
        read.Whole("tap.capture-frames"),
        [.. new[] { BoxSettings.ReadCapitalMarket(read), BoxSettings.ReadDerivatives(read) }.OfType<BoxSettings>()]);

    private static InvitationRule Rule(SettingsReader read)
    {
        var text = read.Text("tap.invitations");
        var isKnown = Enum.TryParse<InvitationRule>(text, ignoreCase: true, out var rule) && text.All(char.IsAsciiLetter);
        read.Check("tap.invitations", isKnown, "ignore, add or replace");
        return rule;
    }
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
    string NewPassword,
    long NnfField,
    int MessagesPerSecond)
{
    /// <summary>A record's own printing would put the password into logs.</summary>
    public override string ToString() => $"{Segment} box {BoxId} at {RouterHost}:{RouterPort}";

    internal static BoxSettings? ReadCapitalMarket(SettingsReader read)
    {
        CheckPasswords(read, "tap.cm.password", "tap.cm.new-password");
        CheckNnf(read, "tap.cm.nnf-field");
        return read.Flag("tap.cm.enabled")
            ? new BoxSettings(
                Segment.CapitalMarket, read.Text("tap.cm.router-host"), read.Whole("tap.cm.router-port"), Short(read.Positive("tap.cm.box-id")),
                read.Text("tap.cm.broker-id"), Short(read.Positive("tap.cm.branch-id")), read.Positive("tap.cm.user-id"), read.Text("tap.cm.password"),
                read.Text("tap.cm.new-password"), Number(read.Text("tap.cm.nnf-field")), read.Positive("tap.cm.messages-per-second"))
            : null;
    }

    internal static BoxSettings? ReadDerivatives(SettingsReader read)
    {
        CheckPasswords(read, "tap.fo.password", "tap.fo.new-password");
        CheckNnf(read, "tap.fo.nnf-field");
        return read.Flag("tap.fo.enabled")
            ? new BoxSettings(
                Segment.FuturesAndOptions, read.Text("tap.fo.router-host"), read.Whole("tap.fo.router-port"), Short(read.Positive("tap.fo.box-id")),
                read.Text("tap.fo.broker-id"), Short(read.Positive("tap.fo.branch-id")), read.Positive("tap.fo.user-id"), read.Text("tap.fo.password"),
                read.Text("tap.fo.new-password"), Number(read.Text("tap.fo.nnf-field")), read.Positive("tap.fo.messages-per-second"))
            : null;
    }

    private static void CheckPasswords(SettingsReader read, string password, string newPassword)
    {
        var next = read.Text(newPassword);
        read.Check(password, read.Text(password).Length == 8, "exactly 8 characters");
        read.Check(
            newPassword, next.Length == 0 || Credentials.IsGood(next), "nothing, or 8 characters with upper case, lower case, a digit and one of @#$%&*/\\");
    }

    private static void CheckNnf(SettingsReader read, string key)
    {
        var text = read.Text(key);
        read.Check(key, text.Length == 15 && text.All(char.IsAsciiDigit), "15 digits");
    }

    private static short Short(int value) => (short)Math.Min(value, short.MaxValue);

    private static long Number(string digits) => long.TryParse(digits, out var number) ? number : 0;
}
