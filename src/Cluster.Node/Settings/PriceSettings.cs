using System.Net;
using System.Net.Sockets;
using Backup.Exchange.Wire;

namespace Backup.Cluster.Node.Settings;

/// <param name="Stream">The stream of JSON lines; null: not used.</param>
/// <param name="Broadcasts">The broadcast of each segment that is heard.</param>
public sealed record PriceSettings(Uri? Stream, string StreamSource, string BroadcastSource, IReadOnlyList<BroadcastSettings> Broadcasts)
{
    internal static PriceSettings Read(SettingsReader read)
    {
        var feed = read.Text("prices.feed");
        read.Check("prices.feed", feed is "stream" or "broadcast" or "both", "stream, broadcast or both");
        var stream = read.Address("prices.url");
        BroadcastSettings[] broadcasts =
        [
            ReadBroadcast(read, "prices.broadcast.cm.group", "prices.broadcast.cm.port", "prices.broadcast.cm.interface", Segment.CapitalMarket),
            ReadBroadcast(read, "prices.broadcast.fo.group", "prices.broadcast.fo.port", "prices.broadcast.fo.interface", Segment.FuturesAndOptions),
        ];
        broadcasts = feed == "stream" ? [] : Array.FindAll(broadcasts, broadcast => broadcast.Port > 0);
        read.Check("prices.feed", feed is not ("broadcast" or "both") || broadcasts.Length > 0, "stream, or a port above zero in prices.broadcast.cm or prices.broadcast.fo");
        return new PriceSettings(feed == "broadcast" ? null : stream, read.Text("prices.source"), read.Text("prices.broadcast.source"), broadcasts);
    }

    private static BroadcastSettings ReadBroadcast(SettingsReader read, string groupKey, string portKey, string cardKey, Segment segment)
    {
        var written = read.Text(groupKey);
        var group = IPAddress.TryParse(written, out var address) && address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes()[0] is >= 224 and <= 239
            ? address
            : null;
        read.Check(groupKey, written.Length == 0 || group is not null, "nothing, or an IPv4 address from 224.0.0.0 to 239.255.255.255");
        var port = read.Whole(portKey);
        read.Check(portKey, port is >= 0 and <= 65535, "0 to 65535");
        var isAddress = IPAddress.TryParse(read.Text(cardKey), out var card) && card.AddressFamily == AddressFamily.InterNetwork;
        read.Check(cardKey, isAddress, "an IPv4 address of this machine");
        return new BroadcastSettings(segment, group, port, isAddress ? card! : IPAddress.Any);
    }
}

/// <param name="Group">The multicast group; null: datagrams for this machine.</param>
/// <param name="Interface">The address of the network card that hears it.</param>
public sealed record BroadcastSettings(Segment Segment, IPAddress? Group, int Port, IPAddress Interface);
