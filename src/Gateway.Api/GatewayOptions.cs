using Backup.Account.Domain.Market;

namespace Backup.Gateway.Api;

/// <summary>Settings of the trader's door; each is a key under <c>gateway</c> in <c>hocon/reference.conf</c>.</summary>
public sealed record GatewayOptions
{
    /// <summary>How long an access token is good for; at most ten minutes.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a login may be renewed before a new one-time code is asked for.</summary>
    public TimeSpan SessionLifetime { get; init; } = TimeSpan.FromHours(8);

    /// <summary>Sessions that one client may have; a further one ends the oldest.</summary>
    public int SessionsPerClient { get; init; } = 10;

    /// <summary>How often a node looks for sessions that were ended on other nodes.</summary>
    public TimeSpan EndedSessionsPoll { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a node looks for a notice of the main site that was set on another node.</summary>
    public TimeSpan NoticePoll { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan CodeLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How soon another code may be asked for.</summary>
    public TimeSpan CodeResendAfter { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Codes that one client may be sent in a day.</summary>
    public int CodesPerClientPerDay { get; init; } = 50;

    /// <summary>Codes that one node sends in a second, on the average; ten seconds' worth at once.</summary>
    public int CodesPerSecond { get; init; } = 500;

    /// <summary>Wrong codes in a row after which a client is locked out.</summary>
    public int CodeAttemptsMax { get; init; } = 5;

    public TimeSpan Lockout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The broker's app in the words of Kite Connect: its key. Empty: no app may open sessions.</summary>
    public string KiteApiKey { get; init; } = "";

    /// <summary>What the app proves itself with, by a checksum; it never travels. A secret.</summary>
    public string KiteApiSecret { get; init; } = "";

    /// <summary>Whether the broker's people reach no client's account before they have added an authenticator app to their login.</summary>
    public bool StaffNeedsAuthenticator { get; init; }

    /// <summary>Live connections of Kite's ticker that one client may have.</summary>
    public int TickersPerClient { get; init; } = 3;

    /// <summary>Code requests and code entries that one address may make in a minute.</summary>
    public int LoginsPerAddressPerMinute { get; init; } = 120;

    /// <summary>People who may begin to log in within a second on this node: as many as it can wake accounts for beside its work.</summary>
    public int LoginsPerSecond { get; init; } = 50;

    /// <summary>People beyond that who wait their turn; who comes then is told when to come back.</summary>
    public int LoginsWaitingMax { get; init; } = 150;

    /// <summary>Proxies whose word is taken for a client's address (X-Forwarded-For). Empty: nobody's.</summary>
    public IReadOnlyList<System.Net.IPAddress> TrustedProxies { get; init; } = [];

    /// <summary>How long a request waits for an account.</summary>
    public TimeSpan AskDeadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Prices of a connection are joined and sent at most this often.</summary>
    public TimeSpan PricesInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A quiet connection is told this often that it is alive.</summary>
    public TimeSpan StreamHeartbeat { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A connection that has not taken its message for this long is cut off; the page comes back and resumes.</summary>
    public TimeSpan SlowClientMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A price older than this is not used for an exit's limit.</summary>
    public TimeSpan PriceAgeMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How far from the last price an exit may trade.</summary>
    public ProtectionTable Protection { get; init; } = new("none", []);
}
