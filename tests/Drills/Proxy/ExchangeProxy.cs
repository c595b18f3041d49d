using System.Net;
using System.Net.Sockets;
using Backup.Drills.Network;

namespace Backup.Drills.Proxy;

/// <summary>
/// Stands between the node and the exchange's gateways. Its doors are inside the exchange's network, so that the node's connection goes over
/// the virtual cable and a partition meets the node's own TCP; the pages of the exchange stay reachable from here whatever the cable does.
/// </summary>
internal sealed class ExchangeProxy : IAsyncDisposable
{
    private readonly ExchangeNamespace _network;
    private readonly Dictionary<string, Relay> _gateways = new(StringComparer.Ordinal);
    private readonly List<Relay> _others = [];
    private readonly Dictionary<string, LineRules> _rules = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LineRules> _routerRules = new(StringComparer.Ordinal);

    internal ExchangeProxy(ExchangeNamespace network)
    {
        _network = network;
        foreach (var segment in Segments)
        {
            _rules[segment] = new LineRules();
            _routerRules[segment] = new LineRules();
            _gateways[segment] = new Relay(ListenInside(), network.OpenSocket, Nowhere, _rules[segment]);
        }
    }

    internal static readonly string[] Segments = ["cm", "fo"];

    private static readonly IPEndPoint Nowhere = new(IPAddress.Loopback, 1);

    internal LineRules Rules(string segment) => _rules[segment];

    /// <summary>What the router is to tell the members: where the gateway of this segment is.</summary>
    internal string AdvertisedGateway(string segment) => $"{_network.Address}:{_gateways[segment].Port}";

    /// <summary>The gateway of this segment is behind this port of the exchange's own loopback.</summary>
    internal void LeadTo(string segment, int port) => _gateways[segment].Target = new IPEndPoint(IPAddress.Loopback, port);

    /// <summary>The door to the router of this segment, which lies on the exchange's loopback under this port.</summary>
    internal int OpenRouterDoor(string segment, int port) =>
        Add(new Relay(ListenInside(), _network.OpenSocket, new IPEndPoint(IPAddress.Loopback, port), _routerRules[segment]));

    /// <summary>A door on our own loopback, which no partition closes; for pages, prices and mail.</summary>
    internal int OpenSafeDoor(int port)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(128);
        return Add(new Relay(listener, _network.OpenSocket, new IPEndPoint(IPAddress.Loopback, port), new LineRules()));
    }

    internal int Cut(string segment, CutKind kind) => _gateways[segment].Cut(kind);

    /// <summary>The segment's line is down: router and gateway close whatever comes, and what is open is cut.</summary>
    internal void TakeDown(string segment, CutKind kind)
    {
        _rules[segment].IsDown = _routerRules[segment].IsDown = true;
        Cut(segment, kind);
    }

    internal void BringUp(string segment) => _rules[segment].IsDown = _routerRules[segment].IsDown = false;

    internal void Heal()
    {
        foreach (var rules in _rules.Values.Concat(_routerRules.Values))
        {
            rules.Heal();
        }
    }

    /// <summary>Connections that came to the routers' doors so far, whether they were let in or not.</summary>
    internal int Attempts => _routerRules.Values.Sum(rules => rules.Accepted);

    internal int Total(Func<LineRules, int> count) => _rules.Values.Sum(count);

    public async ValueTask DisposeAsync()
    {
        Heal();
        foreach (var relay in _gateways.Values.Concat(_others))
        {
            await relay.DisposeAsync();
        }
    }

    private int Add(Relay relay)
    {
        _others.Add(relay);
        return relay.Port;
    }

    private Socket ListenInside()
    {
        var listener = _network.OpenSocket();
        listener.Bind(new IPEndPoint(IPAddress.Any, 0));
        listener.Listen(128);
        return listener;
    }
}
