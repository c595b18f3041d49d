using System.Collections.Immutable;
using System.Net;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Ciphers;

namespace Backup.Exchange.Simulator.Settings;

/// <summary>How the synthetic other side of the market treats an order that crosses it.</summary>
public enum LiquidityMode
{
    /// <summary>Everything that crosses trades, in one to a few fills.</summary>
    Full,

    /// <summary>A share trades; the rest waits until the price moves further or the mode changes.</summary>
    Partial,

    /// <summary>Nothing trades; every order rests.</summary>
    None,
}

/// <summary>Whether the exchange hands out send credit, and in which of the two forms that are known (NSE-TAP.md 3.4).</summary>
public enum InvitationForm
{
    None,

    /// <summary>The bare four bytes.</summary>
    Short,

    /// <summary>42 bytes, with a message header.</summary>
    Long,
}

/// <summary>One box of the member in one segment, with the users who may sign on over it.</summary>
public sealed record BoxSettings(Segment Segment, short BoxId, ImmutableDictionary<int, string> Passwords);

/// <summary>Everything that steers the simulator. Read once at start and checked there; every key is explained in hocon/simulator.conf.</summary>
public sealed record SimulatorSettings
{
    /// <summary>The address on which everything listens. Anything but the loopback is for drills in network namespaces.</summary>
    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>What the router names instead of the gateway, so that something can stand between; null names the gateway itself.</summary>
    public IPEndPoint? AdvertisedGatewayCm { get; init; }

    public IPEndPoint? AdvertisedGatewayFo { get; init; }

    /// <summary>Where the cash segment's prices are broadcast (NSE-TAP.md 8), a multicast group or one machine; null: nowhere.</summary>
    public IPEndPoint? BroadcastCm { get; init; }

    public IPEndPoint? BroadcastFo { get; init; }

    /// <summary>How often every price is broadcast, moved or not: a datagram may be lost, and who comes later has heard none.</summary>
    public TimeSpan BroadcastRound { get; init; } = TimeSpan.FromSeconds(5);

    public int RouterPortCm { get; init; }

    public int RouterPortFo { get; init; }

    public int GatewayPortCm { get; init; }

    public int GatewayPortFo { get; init; }

    public int HttpPort { get; init; }

    public int SmtpPort { get; init; }

    public required string DataFolder { get; init; }

    public string? InstrumentsFile { get; init; }

    public string? ClosesFile { get; init; }

    public string? TicksFile { get; init; }

    public string? FreezeFile { get; init; }

    public string Member { get; init; } = "90123";

    public short Branch { get; init; } = 7;

    public required BoxSettings Cm { get; init; }

    public required BoxSettings Fo { get; init; }

    /// <summary>A user must change his password when he signs on for the first time (16053).</summary>
    public bool PasswordExpired { get; init; }

    /// <summary>The version a member must name as VVRRSS, else 16100; 0 takes any.</summary>
    public int Version { get; init; }

    public InvitationForm Invitations { get; init; }

    public short InvitationCount { get; init; } = 100;

    /// <summary>How members' links travel. With a cipher the router speaks TLS, under a CA file in the data folder (NSE-TAP.md N1).</summary>
    public LinkMode Link { get; init; }

    public LiquidityMode Liquidity { get; init; } = LiquidityMode.Full;

    public int FillPartsMax { get; init; } = 3;

    public TimeSpan FillDelay { get; init; } = TimeSpan.FromMilliseconds(40);

    public int PartialSharePercent { get; init; } = 50;

    /// <summary>Tell the user of a market order the price at which its rest stays (20012, NSE-TAP.md N22).</summary>
    public bool PriceConfirmation { get; init; } = true;

    public TimeSpan PriceInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    public int Seed { get; init; } = 1;

    public int BandPercent { get; init; } = 20;

    /// <summary>Freeze quantity in lots for F&amp;O symbols without a row in the freeze file; 0 switches it off.</summary>
    public int FreezeLots { get; init; } = 100;

    /// <summary>An order above the freeze quantity waits for a person's word (2170) instead of being refused (NSE-TAP.md N29).</summary>
    public bool FreezeApproval { get; init; }

    public byte Streams { get; init; } = 2;

    public int MessagesPerSecond { get; init; } = 40;

    public TimeSpan HeartbeatAfter { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan DeadAfter { get; init; } = TimeSpan.FromSeconds(65);

    /// <summary>Answer 19029 while a session of the box is open (NSE-TAP.md N23).</summary>
    public bool RefuseSecondRouterQuery { get; init; } = true;

    public IPEndPoint? AdvertisedGateway(Segment segment) => segment == Segment.CapitalMarket ? AdvertisedGatewayCm : AdvertisedGatewayFo;

    public IPEndPoint? Broadcast(Segment segment) => segment == Segment.CapitalMarket ? BroadcastCm : BroadcastFo;

    public BoxSettings Box(Segment segment) => segment == Segment.CapitalMarket ? Cm : Fo;
}

/// <summary>A setting that cannot be used; the message says which, what was expected and what was found.</summary>
public sealed class SettingsException(string message) : Exception(message);
