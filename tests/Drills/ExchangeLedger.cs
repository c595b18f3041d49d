using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace Backup.Drills;

/// <summary>
/// What reached the exchange and what it answered, read from its own ledger. The frames are taken apart here by the offsets
/// of the exchange's document (NSE-TAP.md 5.6, 5.7), so that no code of the product judges itself.
/// </summary>
internal sealed class ExchangeLedger
{
    private const int HeaderLength = 22;
    private const short Enter = 20000;
    private const short Confirmed = 20073;
    private const short Cancelled = 20075;
    private const short Traded = 20222;

    /// <summary>A new order that arrived: whose, which of ours, and how much.</summary>
    internal sealed record Entry(string Segment, string Account, int Reference, string Instrument, int Side, int Quantity);

    /// <summary>An order that the exchange has or had, and what became of it.</summary>
    internal sealed class Booked(string account, string instrument, int side, int quantity)
    {
        internal string Account => account;

        internal string Instrument => instrument;

        internal int Side => side;

        internal int Quantity => quantity;

        internal int Filled { get; set; }

        internal bool Gone { get; set; }

        internal int Open => Gone ? 0 : quantity - Filled;
    }

    internal List<Entry> Entries { get; } = [];

    internal Dictionary<long, Booked> Orders { get; } = [];

    internal int Frames { get; private set; }

    internal int Trades { get; private set; }

    /// <summary>Signed units traded for an account in an instrument.</summary>
    internal Dictionary<(string Account, string Instrument), long> Net { get; } = [];

    /// <summary>Reads the whole ledger; <paramref name="afterEach"/> is called after every frame that changes the books.</summary>
    internal static async Task<ExchangeLedger> ReadAsync(Uri simulator, Action<ExchangeLedger, string, string>? afterEach = null)
    {
        using var http = new HttpClient { BaseAddress = simulator, Timeout = TimeSpan.FromSeconds(60) };
        var ledger = new ExchangeLedger();
        var after = 0L;
        while (true)
        {
            var lines = (await http.GetStringAsync(new Uri($"/ledger?after={after}&limit=5000", UriKind.Relative))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            foreach (var line in lines)
            {
                var entry = JsonNode.Parse(line)!;
                after = (long)entry["n"]!;
                ledger.Take(entry, afterEach);
            }

            if (lines.Length == 0)
            {
                return ledger;
            }
        }
    }

    private void Take(JsonNode entry, Action<ExchangeLedger, string, string>? afterEach)
    {
        if ((string?)entry["hex"] is not { Length: > 2 * (HeaderLength + 2) } hex)
        {
            return;
        }

        Frames++;
        var message = Convert.FromHexString(hex)[HeaderLength..];
        var derivatives = ((string)entry["segment"]!).Equals("fo", StringComparison.OrdinalIgnoreCase);
        var code = BinaryPrimitives.ReadInt16BigEndian(message);
        var inbound = (string)entry["direction"]! == "in";
        var changed = (inbound, code) switch
        {
            (true, Enter) => TakeEntry(message, derivatives),
            (false, Confirmed) => TakeConfirmed(message, derivatives),
            (false, Cancelled) => TakeCancelled(message, derivatives),
            (false, Traded) => TakeTrade(message, derivatives),
            _ => null,
        };
        if (changed is { } place)
        {
            afterEach?.Invoke(this, place.Account, place.Instrument);
        }
    }

    private (string Account, string Instrument)? TakeEntry(byte[] m, bool fo)
    {
        var entry = fo
            ? new Entry("fo", Text(m, 38, 10), Int(m, 98), $"fo:{Int(m, 8)}", Short(m, 50), Int(m, 56))
            : new Entry("cm", Text(m, 18, 10), Int(m, 84), $"cm:{Text(m, 6, 10)}", Short(m, 30), Int(m, 36));
        Entries.Add(entry);
        return (entry.Account, entry.Instrument);
    }

    private (string Account, string Instrument)? TakeConfirmed(byte[] m, bool fo)
    {
        var booked = fo
            ? new Booked(Text(m, 64, 10), $"fo:{Int(m, 24)}", Short(m, 76), Int(m, 90))
            : new Booked(Text(m, 44, 10), $"cm:{Text(m, 24, 10)}", Short(m, 56), Int(m, 70));
        Orders.TryAdd(Number(m, fo ? 56 : 36), booked);
        return (booked.Account, booked.Instrument);
    }

    private (string Account, string Instrument)? TakeCancelled(byte[] m, bool fo)
    {
        if (!Orders.TryGetValue(Number(m, fo ? 56 : 36), out var booked))
        {
            return null;
        }

        booked.Gone = true;
        return (booked.Account, booked.Instrument);
    }

    private (string Account, string Instrument)? TakeTrade(byte[] m, bool fo)
    {
        var booked = Orders[Number(m, fo ? 34 : 26)];
        var quantity = Int(m, fo ? 90 : 82);
        booked.Filled += quantity;
        Trades++;
        var place = (booked.Account, booked.Instrument);
        Net[place] = Net.GetValueOrDefault(place) + (booked.Side == 1 ? quantity : -quantity);
        return place;
    }

    private static short Short(byte[] m, int at) => BinaryPrimitives.ReadInt16BigEndian(m.AsSpan(at));

    private static int Int(byte[] m, int at) => BinaryPrimitives.ReadInt32BigEndian(m.AsSpan(at));

    private static long Number(byte[] m, int at) => (long)BinaryPrimitives.ReadDoubleBigEndian(m.AsSpan(at));

    private static string Text(byte[] m, int at, int size) => Encoding.ASCII.GetString(m, at, size).TrimEnd(' ', '\0');
}
