using System.Globalization;
using System.Net;
using Backup.Account.Domain.Market;
using Backup.Actor.Kernel.Cluster.SplitBrain;
using Backup.Actor.Kernel.Leases;
using Backup.Actor.Kernel.Regions;
using Backup.Cluster.Node.Links;
using Backup.Cluster.Node.Ownership;
using Backup.Config.Hocon;
using Backup.Gateway.Api;

namespace Backup.Cluster.Node.Settings;

/// <summary>All settings of a node, read once from the layered HOCON and immutable from then on.</summary>
public sealed record NodeSettings(
    string Name,
    string DataFolder,
    IReadOnlySet<string> Roles,
    RegionOptions Region,
    GatewaySettings Gateway,
    int ManagementPort,
    PriceSettings Prices,
    NoticeSettings Notices,
    TimeSpan ReviewInterval,
    TradingRules Rules,
    ClusterSettings? Cluster,
    TapSettings Tap,
    int LogDaysKept,
    string LogLevel)
{
    private static readonly string[] KnownRoles = ["account", "tap", "gateway"];

    /// <exception cref="HoconException">A value is of the right kind but makes no sense.</exception>
    public static NodeSettings From(HoconSettings settings)
    {
        var read = new SettingsReader(settings);
        var roles = read.Text("node.roles").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        read.Check("node.roles", Array.TrueForAll(roles, KnownRoles.Contains), "roles out of: account, tap, gateway");
        var isEmbedded = read.Text("journal.kind") != "postgres";
        read.Check("node.roles", !isEmbedded || roles.Contains("account", StringComparer.Ordinal), "the role account: it owns the embedded journal");
        var node = new NodeSettings(
            read.Text("node.name"),
            read.Text("node.data"),
            roles.ToHashSet(StringComparer.Ordinal),
            ReadRegion(read),
            ReadGateway(read),
            read.Whole("management.port"),
            PriceSettings.Read(read),
            new NoticeSettings(
                read.Text("notices.sms-url"), read.Text("notices.smtp-host"), read.Whole("notices.smtp-port"), read.Text("notices.smtp-from")),
            ReadReviewInterval(read),
            TradingRulesFiles.ReadRules(read),
            ReadCluster(read),
            TapSettings.Read(read),
            read.Positive("log.days-kept"),
            read.Text("log.level"));
        read.ThrowIfWrong();
        return node;
    }

    /// <summary>Null: the journal is the embedded one, and this node is alone.</summary>
    private static ClusterSettings? ReadCluster(SettingsReader read)
    {
        var kind = read.Text("journal.kind");
        read.Check("journal.kind", kind is "sqlite" or "postgres", "sqlite or postgres");
        var times = new LeaseTimes(read.Duration("cluster.lease-ttl"), read.Duration("cluster.lease-renew"), read.Duration("cluster.lease-stop-after"));
        read.Check("cluster.lease-renew", times.RenewEvery > TimeSpan.Zero && times.RenewEvery * 2 <= times.StopAfter, "a duration above zero, at most half of cluster.lease-stop-after");
        read.Check("cluster.lease-stop-after", times.StopAfter * 1.2 <= times.TimeToLive, "at most five sixths of cluster.lease-ttl");
        var poll = read.Duration("cluster.poll");
        read.Check("cluster.poll", poll > TimeSpan.Zero, "a duration above zero");
        read.Check("cluster.address", IPAddress.TryParse(read.Text("cluster.address"), out _), "an IP address of this machine");
        read.Check("cluster.port", read.Whole("cluster.port") is >= 0 and <= 65535, "0 to 65535");
        var splitBrain = ReadSplitBrain(read);
        read.Check("cluster.stable-after", splitBrain.StableAfter > times.TimeToLive, "longer than cluster.lease-ttl, so that a node that died is not taken for a side");
        var cookie = ReadAffinityCookie(read);
        var tls = ReadTls(read);
        if (kind != "postgres")
        {
            return null;
        }

        var connection = read.Text("journal.postgres-connection");
        read.Check("journal.postgres-connection", connection.Length > 0, "where the database is, for example Host=db1;Database=backup;Username=backup");
        return new ClusterSettings(
            connection, read.Text("cluster.address"), read.Whole("cluster.port"), read.Text("cluster.secret-file"), tls, times, poll, read.Positive("cluster.moves-max"), splitBrain,
            read.Duration("cluster.handover-max"), read.Duration("cluster.drain"), cookie);
    }

    private static LinkTlsFiles ReadTls(SettingsReader read)
    {
        string[] keys = ["cluster.tls-certificate-file", "cluster.tls-key-file", "cluster.tls-authority-file"];
        foreach (var missing in keys.Where(key => read.Text(key).Length == 0 && keys.Any(other => read.Text(other).Length > 0)))
        {
            read.Check(missing, holds: false, $"a file, because the links speak TLS with all three of {string.Join(", ", keys)} and without it with none");
        }

        return new LinkTlsFiles(read.Text(keys[0]), read.Text(keys[1]), read.Text(keys[2]));
    }

    private static string ReadAffinityCookie(SettingsReader read)
    {
        var name = read.Text("cluster.affinity-cookie");
        read.Check("cluster.affinity-cookie", name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'), "a cookie's name of letters, digits, - and _, or nothing");
        return name;
    }

    private static SplitBrainOptions ReadSplitBrain(SettingsReader read)
    {
        var name = read.Text("cluster.split-brain");
        var strategies = Enum.GetValues<SplitBrainStrategy>();
        var isKnown = Array.Exists(strategies, known => SplitBrainResolver.NameOf(known) == name);
        read.Check("cluster.split-brain", isKnown, string.Join(", ", strategies.Select(SplitBrainResolver.NameOf)));
        return new SplitBrainOptions
        {
            Strategy = Array.Find(strategies, known => SplitBrainResolver.NameOf(known) == name),
            QuorumSize = read.Positive("cluster.quorum-size"),
            StableAfter = read.Duration("cluster.stable-after"),
        };
    }

    private static TimeSpan ReadReviewInterval(SettingsReader read)
    {
        var interval = read.Duration("exits.review-interval");
        read.Check("exits.review-interval", interval > TimeSpan.Zero, "a duration above zero");
        return interval > TimeSpan.Zero ? interval : TimeSpan.FromSeconds(1);
    }

    private static RegionOptions ReadRegion(SettingsReader read) => new()
    {
        Shards = read.Positive("accounts.shards"),
        InboxCapacity = read.Positive("accounts.inbox-capacity"),
        TurnCommandsMax = read.Positive("accounts.turn-commands-max"),
        ActivationBatchMax = read.Positive("accounts.activation-batch-max"),
        IdleTimeout = read.Duration("accounts.idle-timeout"),
        SnapshotEvery = read.NotNegative("accounts.snapshot-every"),
        SnapshotInterval = read.Duration("accounts.snapshot-interval"),
        SnapshotIdleMin = read.Positive("accounts.snapshot-idle-min"),
        SnapshotsWaitingMax = read.Positive("accounts.snapshots-waiting-max"),
        RestartBackoff = read.Duration("accounts.restart-backoff"),
        FailuresMax = read.Positive("accounts.failures-max"),
        FailureWindow = read.Duration("accounts.failure-window"),
    };

    private static IPAddress[] ReadProxies(SettingsReader read)
    {
        var written = read.Text("gateway.trusted-proxies").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        read.Check("gateway.trusted-proxies", Array.TrueForAll(written, one => IPAddress.TryParse(one, out _)), "IP addresses with commas between them");
        return [.. written.Select(one => IPAddress.TryParse(one, out var address) ? address : IPAddress.None)];
    }

    private static GatewaySettings ReadGateway(SettingsReader read)
    {
        var token = read.Duration("gateway.token-lifetime");
        read.Check("gateway.token-lifetime", token > TimeSpan.Zero && token <= TimeSpan.FromMinutes(10), "a duration of at most 10m");
        var poll = read.Duration("gateway.ended-sessions-poll");
        read.Check("gateway.ended-sessions-poll", poll > TimeSpan.Zero && poll <= TimeSpan.FromSeconds(10), "a duration above zero, at most 10s");
        var notices = read.Duration("gateway.notice-poll");
        read.Check("gateway.notice-poll", notices > TimeSpan.Zero && notices <= TimeSpan.FromSeconds(10), "a duration above zero, at most 10s");
        foreach (var key in new[] { "gateway.prices-interval", "gateway.slow-client-max" })
        {
            read.Check(key, read.Duration(key) > TimeSpan.Zero, "a duration above zero");
        }

        return new GatewaySettings(
            read.Text("gateway.address"),
            read.Whole("gateway.port"),
            read.Text("gateway.web-root"),
            read.Text("gateway.token-key-file"),
            read.Text("gateway.totp-key-file"),
            new GatewayOptions
            {
                TokenLifetime = token,
                SessionLifetime = read.Duration("gateway.session-lifetime"),
                SessionsPerClient = read.Positive("gateway.sessions-per-client"),
                EndedSessionsPoll = poll,
                NoticePoll = notices,
                CodeLifetime = read.Duration("gateway.code-lifetime"),
                CodeResendAfter = read.Duration("gateway.code-resend-after"),
                CodesPerClientPerDay = read.Positive("gateway.codes-per-client-per-day"),
                CodesPerSecond = read.Positive("gateway.codes-per-second"),
                TrustedProxies = ReadProxies(read),
                CodeAttemptsMax = read.Positive("gateway.code-attempts-max"),
                Lockout = read.Duration("gateway.lockout"),
                KiteApiKey = read.Text("gateway.kite-api-key"),
                KiteApiSecret = read.Text("gateway.kite-api-secret"),
                StaffNeedsAuthenticator = read.Flag("gateway.staff-needs-authenticator"),
                TickersPerClient = read.Positive("gateway.tickers-per-client"),
                LoginsPerAddressPerMinute = read.Positive("gateway.logins-per-address-per-minute"),
                LoginsPerSecond = read.Positive("gateway.logins-per-second"),
                LoginsWaitingMax = read.NotNegative("gateway.logins-waiting-max"),
                AskDeadline = read.Duration("gateway.ask-deadline"),
                PricesInterval = read.Duration("gateway.prices-interval"),
                StreamHeartbeat = read.Duration("gateway.stream-heartbeat"),
                SlowClientMax = read.Duration("gateway.slow-client-max"),
                PriceAgeMax = read.Duration("exits.price-age-max"),
                Protection = TradingRulesFiles.ReadProtection(read),
            });
    }
}

/// <param name="TokenKeyFile">The file of the key that signs access tokens; empty: in the data folder.</param>
/// <param name="TotpKeyFile">The file of the key that seals the secrets of authenticator apps; empty: in the data folder.</param>
public sealed record GatewaySettings(string Address, int Port, string WebRoot, string TokenKeyFile, string TotpKeyFile, GatewayOptions Options);

public sealed record NoticeSettings(string SmsUrl, string SmtpHost, int SmtpPort, string SmtpFrom);

/// <summary>Reads typed values and gathers everything that makes no sense into one error.</summary>
internal sealed class SettingsReader(HoconSettings settings)
{
    private readonly List<HoconProblem> _problems = [];

    public string Text(string key) => settings.Find(key) ?? "";

    public bool Flag(string key) => Text(key) is "true" or "false" ? Text(key) == "true" : Wrong(key, "true or false", false);

    public int Whole(string key) => int.TryParse(Text(key), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : Wrong(key, "a whole number", 0);

    public int Positive(string key) => Whole(key) is > 0 and var value ? value : Wrong(key, "a whole number above zero", 1);

    public int NotNegative(string key) => Whole(key) is >= 0 and var value ? value : Wrong(key, "a whole number from 0", 0);

    public TimeSpan Duration(string key) => TimeSpan.TryParse(Text(key), CultureInfo.InvariantCulture, out var value) && value >= TimeSpan.Zero
        ? value
        : Wrong(key, "a duration", TimeSpan.Zero);

    public Uri Address(string key) => Uri.TryCreate(Text(key), UriKind.Absolute, out var value) && value.Scheme is "http" or "https"
        ? value
        : Wrong(key, "an http or https address", new Uri("http://127.0.0.1"));

    public void Check(string key, bool holds, string expected)
    {
        if (!holds)
        {
            Wrong(key, expected, 0);
        }
    }

    public void ThrowIfWrong()
    {
        if (_problems.Count > 0)
        {
            throw new HoconException(_problems);
        }
    }

    /// <summary>Notes what is wrong with a key, and goes on with another value.</summary>
    public T Wrong<T>(string key, string expected, T instead)
    {
        var setting = settings.All.FirstOrDefault(candidate => candidate.Key == key);
        var found = setting is null || (setting.Secret && setting.Written.Length == 0) ? "nothing" : setting.Secret ? "a secret" : $"\"{setting.Written}\"";
        _problems.Add(new HoconProblem(setting?.Origin ?? new HoconOrigin("reference.conf", 0), $"{key}: found {found}, expected {expected}"));
        return instead;
    }
}
