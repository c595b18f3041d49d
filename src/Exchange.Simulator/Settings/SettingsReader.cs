using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Ciphers;

namespace Backup.Exchange.Simulator.Settings;

/// <summary>Reads the section <c>simulator</c>. A key nobody reads is an error, so that a typing mistake does not pass silently.</summary>
public sealed class SettingsReader
{
    private readonly IConfigurationSection _section;
    private readonly HashSet<string> _read = new(StringComparer.OrdinalIgnoreCase);

    private SettingsReader(IConfigurationSection section) => _section = section;

    /// <exception cref="SettingsException">A value is missing, cannot be read, or its key is unknown.</exception>
    public static SimulatorSettings Read(IConfiguration configuration)
    {
        var reader = new SettingsReader(configuration.GetSection("simulator"));
        var settings = reader.ReadAll();
        reader.RefuseUnknown();
        return settings;
    }

    private SimulatorSettings ReadAll()
    {
        var routerPort = Number("router-port", 0, 0, 65535);
        return new SimulatorSettings
        {
            Listen = Address("listen") ?? IPAddress.Loopback,
            AdvertisedGatewayCm = EndPoint("advertised-gateway-cm"),
            AdvertisedGatewayFo = EndPoint("advertised-gateway-fo"),
            BroadcastCm = EndPoint("broadcast-cm"),
            BroadcastFo = EndPoint("broadcast-fo"),
            BroadcastRound = TimeSpan.FromMilliseconds(Number("broadcast-round-ms", 5000, 10, int.MaxValue)),
            RouterPortCm = routerPort,
            RouterPortFo = Number("router-port-fo", routerPort == 0 ? 0 : routerPort + 1, 0, 65535),
            GatewayPortCm = Number("gateway-port-cm", 0, 0, 65535),
            GatewayPortFo = Number("gateway-port-fo", 0, 0, 65535),
            HttpPort = Number("http-port", 0, 0, 65535),
            SmtpPort = Number("smtp-port", 0, 0, 65535),
            DataFolder = Text("data") ?? Path.Combine("var", "simulator"),
            InstrumentsFile = Text("instruments"),
            ClosesFile = Text("closes"),
            TicksFile = Text("ticks"),
            FreezeFile = Text("freeze"),
            Member = Text("member") ?? "90123",
            Branch = (short)Number("branch", 7, 0, 9999),
            Cm = Box(Segment.CapitalMarket, "cm", 101),
            Fo = Box(Segment.FuturesAndOptions, "fo", 201),
            PasswordExpired = Flag("password-expired", false),
            Version = Number("version", 0, 0, 999_999),
            Link = OneOf("link", LinkMode.Clear, "clear, existing or new"),
            Liquidity = OneOf("liquidity", LiquidityMode.Full, "full, partial or none"),
            FillPartsMax = Number("fill-parts-max", 3, 1, 100),
            FillDelay = Milliseconds("fill-delay-ms", 40),
            PartialSharePercent = Number("partial-share-percent", 50, 1, 99),
            PriceConfirmation = Flag("price-confirmation", true),
            PriceInterval = Milliseconds("price-interval-ms", 500),
            Seed = Number("seed", 1, 0, int.MaxValue),
            BandPercent = Number("band-percent", 20, 1, 99),
            FreezeLots = Number("freeze-lots", 100, 0, int.MaxValue),
            FreezeApproval = Flag("freeze-approval", false),
            Streams = (byte)Number("streams", 2, 1, 9),
            MessagesPerSecond = Number("messages-per-second", 40, 1, 100_000),
            Invitations = OneOf("invitations", InvitationForm.None, "none, short or long"),
            InvitationCount = (short)Number("invitation-count", 100, 1, short.MaxValue),
            HeartbeatAfter = Milliseconds("heartbeat-ms", 30_000),
            DeadAfter = Milliseconds("dead-after-ms", 65_000),
            RefuseSecondRouterQuery = Flag("refuse-second-router-query", true),
        };
    }

    private BoxSettings Box(Segment segment, string name, int defaultBox)
    {
        var users = ImmutableDictionary.CreateBuilder<int, string>();
        foreach (var entry in (Text($"{name}:users") ?? "40521/Trade@26").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = entry.Split('/', 2);
            if (parts.Length != 2 || !int.TryParse(parts[0], out var user) || parts[1].Length != 8)
            {
                throw new SettingsException($"simulator.{name}.users: expected user/password pairs with passwords of 8 characters, found an entry that is none.");
            }

            users[user] = parts[1];
        }

        return new BoxSettings(segment, (short)Number($"{name}:box", defaultBox, 1, short.MaxValue), users.ToImmutable());
    }

    private IPAddress? Address(string key) => Text(key) is not { } text ? null
        : IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork
            ? address
            : throw new SettingsException($"simulator.{key}: expected an IPv4 address such as 127.0.0.1, found '{text}'.");

    /// <summary>An address as the router's answer can carry it: its field has room for an IPv4 address and no name.</summary>
    private IPEndPoint? EndPoint(string key) => Text(key) is not { } text ? null
        : IPEndPoint.TryParse(text, out var place) && place is { AddressFamily: AddressFamily.InterNetwork, Port: > 0 }
            ? place
            : throw new SettingsException($"simulator.{key}: expected an IPv4 address and a port such as 127.0.0.1:9700, found '{text}'.");

    private T OneOf<T>(string key, T fallback, string expected)
        where T : struct, Enum
    {
        var text = Text(key);
        if (text is null)
        {
            return fallback;
        }

        return Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value)
            ? value
            : throw new SettingsException($"simulator.{key}: expected {expected}, found '{text}'.");
    }

    private TimeSpan Milliseconds(string key, int fallback) => TimeSpan.FromMilliseconds(Number(key, fallback, 0, int.MaxValue));

    private bool Flag(string key, bool fallback)
    {
        var text = Text(key);
        return text switch
        {
            null => fallback,
            "true" or "yes" or "on" or "True" => true,
            "false" or "no" or "off" or "False" => false,
            _ => throw new SettingsException($"simulator.{key}: expected true or false, found '{text}'."),
        };
    }

    private int Number(string key, int fallback, int least, int most)
    {
        var text = Text(key);
        if (text is null)
        {
            return fallback;
        }

        return int.TryParse(text, out var value) && value >= least && value <= most
            ? value
            : throw new SettingsException($"simulator.{key.Replace(':', '.')}: expected a whole number from {least} to {most}, found '{text}'.");
    }

    private string? Text(string key)
    {
        _read.Add(key);
        var text = _section[key];
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    private void RefuseUnknown()
    {
        foreach (var (path, value) in _section.AsEnumerable(makePathsRelative: true))
        {
            if (value is not null && !_read.Contains(path))
            {
                throw new SettingsException($"simulator.{path.Replace(':', '.')}: there is no such setting; hocon/simulator.conf lists them all.");
            }
        }
    }
}
