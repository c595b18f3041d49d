using Backup.Exchange.Wire;

namespace Backup.Tap.Stream;

/// <summary>Everything that one box session needs to know. Checked once, when the session is made.</summary>
public sealed record TapSessionOptions
{
    public required Segment Segment { get; init; }

    public required string RouterHost { get; init; }

    public required int RouterPort { get; init; }

    /// <summary>The exchange's CA file in PEM form: the router's line is then TLS 1.3. Empty: plain TCP, for exchanges without ciphers.</summary>
    public string RouterCaFile { get; init; } = "";

    /// <summary>Also ask the router's certificate for its host name. The exchange's sample does not.</summary>
    public bool RouterCheckHostName { get; init; }

    public required short BoxId { get; init; }

    /// <summary>The trading member id, at most five characters.</summary>
    public required string BrokerId { get; init; }

    public required short BranchId { get; init; }

    public required int UserId { get; init; }

    /// <summary>Exactly eight characters. Never shown anywhere.</summary>
    public required string Password { get; init; }

    /// <summary>What the password is changed to when the exchange says that it has expired; empty leaves that to people. Never shown anywhere.</summary>
    public string NewPassword { get; init; } = "";

    /// <summary>VVRRSS as a decimal number.</summary>
    public int VersionNumber { get; init; } = 10001;

    /// <summary>Seven digits: five assigned by the exchange, two for the machine.</summary>
    public string Workstation { get; init; } = "1234501";

    /// <summary>The 15-digit product id of every order.</summary>
    public long NnfField { get; init; } = 111_111_111_111_000;

    /// <summary>Messages a second that the box is contracted for; logins and heartbeats count.</summary>
    public required int MessagesPerSecond { get; init; }

    /// <summary>What send invitations mean here.</summary>
    public InvitationRule Invitations { get; init; }

    /// <summary>Frames kept for an operator to look at; 0 keeps none.</summary>
    public int CaptureFrames { get; init; } = 1024;

    /// <summary>The span over which that rate is kept: a little over a second, because the network squeezes distances.</summary>
    public TimeSpan RateWindow { get; init; } = TimeSpan.FromMilliseconds(1020);

    /// <summary>Tickets that may wait for a permit.</summary>
    public int WaitingLimit { get; init; } = 10_000;

    /// <summary>Authorisations that may be under way at once.</summary>
    public int AuthorizationsInFlight { get; init; } = 32;

    /// <summary>Accounts whose reports are applied at the same time.</summary>
    public int ApplyLanes { get; init; } = 16;

    /// <summary>Reports received and not yet applied; above it reading from the exchange waits.</summary>
    public int ReportsWaitingLimit { get; init; } = 16_384;

    /// <summary>The first session is <c>FirstSessionEpoch</c>, each further one counts up by one.</summary>
    public required long FirstSessionEpoch { get; init; }

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long each answer of the login may take.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the exchange may owe the answer about an order before the session ends, so that the next one finds out.</summary>
    public TimeSpan OrderAnswerTimeout { get; init; } = TimeSpan.FromMilliseconds(3500);

    /// <summary>Between sign-on and download, so that what an older session left in the gateway has reached the book.</summary>
    public TimeSpan SettleDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long one stream's download may say nothing.</summary>
    public TimeSpan DownloadTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Silence of ours after which we say a heartbeat (N16).</summary>
    public TimeSpan HeartbeatAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Silence of the exchange after which it counts as gone (N16).</summary>
    public TimeSpan DeadAfter { get; init; } = TimeSpan.FromSeconds(65);

    /// <summary>
    /// How long the kernel may wait for an acknowledgement (TCP_USER_TIMEOUT, Linux). It looks when a timer of its own fires, at doubling
    /// distances: two seconds here are three on the clock, five would follow three.
    /// </summary>
    public TimeSpan TcpUserTimeout { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan SignOffTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>First wait before connecting again; it doubles up to <see cref="BackoffMax"/>, and a third of it is chance.</summary>
    public TimeSpan BackoffFirst { get; init; } = TimeSpan.FromMilliseconds(250);

    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Wait after the exchange has refused the box or the user: trying fast would lock the user.</summary>
    public TimeSpan RefusedBackoff { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Sign-ons refused for the password before nobody tries again until somebody resumes the session. The exchange locks at three.</summary>
    public int SignOnTriesMax { get; init; } = 2;

    /// <summary>How often the session looks at its clock.</summary>
    public TimeSpan TickInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long reports already received may take to be applied when a session ends.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <exception cref="ArgumentException">A value cannot be used; the message names it.</exception>
    public TapSessionOptions Checked()
    {
        Require(Enum.IsDefined(Segment), nameof(Segment), "CapitalMarket or FuturesAndOptions", Segment);
        Require(RouterHost.Length > 0, nameof(RouterHost), "a host name", "nothing");
        Require(RouterPort is > 0 and <= 65535, nameof(RouterPort), "a port from 1 to 65535", RouterPort);
        Require(BoxId > 0, nameof(BoxId), "a positive box id", BoxId);
        Require(BrokerId.Length is > 0 and <= 5, nameof(BrokerId), "1 to 5 characters", BrokerId.Length);
        Require(UserId > 0, nameof(UserId), "a positive user id", UserId);
        Require(Password.Length == 8, nameof(Password), "exactly 8 characters", $"{Password.Length}");
        Require(NewPassword.Length == 0 || Credentials.IsGood(NewPassword), nameof(NewPassword), "8 characters with upper case, lower case, a digit and one of @#$%&*/\\", "another");
        Require(CaptureFrames is >= 0 and <= 100_000, nameof(CaptureFrames), "0 to 100000", CaptureFrames);
        Require(Enum.IsDefined(Invitations), nameof(Invitations), "Ignore, Add or Replace", Invitations);
        Require(Workstation.Length is > 0 and <= 14, nameof(Workstation), "1 to 14 characters", Workstation.Length);
        Require(NnfField is >= 0 and < 1_000_000_000_000_000, nameof(NnfField), "at most 15 digits", NnfField);
        Require(MessagesPerSecond is > 0 and <= 100_000, nameof(MessagesPerSecond), "1 to 100000", MessagesPerSecond);
        Require(RateWindow >= TimeSpan.FromSeconds(1), nameof(RateWindow), "at least one second", RateWindow);
        Require(WaitingLimit > 0, nameof(WaitingLimit), "more than 0", WaitingLimit);
        Require(AuthorizationsInFlight > 0, nameof(AuthorizationsInFlight), "more than 0", AuthorizationsInFlight);
        Require(ApplyLanes > 0, nameof(ApplyLanes), "more than 0", ApplyLanes);
        Require(ReportsWaitingLimit > 0, nameof(ReportsWaitingLimit), "more than 0", ReportsWaitingLimit);
        Require(FirstSessionEpoch > 0, nameof(FirstSessionEpoch), "more than 0", FirstSessionEpoch);
        Require(SignOnTriesMax is 1 or 2, nameof(SignOnTriesMax), "1 or 2, because the third failure locks the user", SignOnTriesMax);
        Require(DeadAfter > HeartbeatAfter, nameof(DeadAfter), "more than HeartbeatAfter", DeadAfter);
        Require(OrderAnswerTimeout > TimeSpan.Zero, nameof(OrderAnswerTimeout), "more than 0", OrderAnswerTimeout);
        Require(TickInterval > TimeSpan.Zero, nameof(TickInterval), "more than 0", TickInterval);
        Require(BackoffFirst > TimeSpan.Zero && BackoffMax >= BackoffFirst, nameof(BackoffMax), "at least BackoffFirst, which is more than 0", BackoffMax);
        return this;
    }

    private static void Require(bool holds, string name, string expected, object found)
    {
        if (!holds)
        {
            throw new ArgumentException($"{name}: expected {expected}, found {found}.", name);
        }
    }
}
