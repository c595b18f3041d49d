using System.Globalization;
using Backup.Exchange.Simulator.Book;
using Backup.Exchange.Simulator.Line;
using Backup.Exchange.Simulator.Market;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;

namespace Backup.Exchange.Simulator.Hostile;

/// <summary>A matching engine goes down and comes back, or the exchange moves to its disaster site (NSE-TAP.md 3.6, N31). Used under the floor's gate.</summary>
/// <remarks>Its notes in the ledger bring the outage back at the next start: what was lost stays lost.</remarks>
public sealed class OutageDesk(SimulatorSettings settings, Ledger ledger, DayJournal journal, LinkRegister links, OrderBook book, MarketNotices notices)
{
    public const string DownNote = "STREAM_DOWN";
    public const string UpNote = "STREAM_UP";
    public const string LostNote = "ORDERS_LOST";
    public const string DisasterNote = "DISASTER";

    /// <summary>Order numbers in one note.</summary>
    private const int NumbersInNote = 500;

    /// <param name="stream">0 is all of them.</param>
    /// <returns>How many orders vanished.</returns>
    public int SetStream(Segment segment, byte stream, bool isDown, DateTimeOffset now)
    {
        ledger.Note(now, isDown ? DownNote : UpNote, $"{SegmentName.Of(segment)} {stream}");
        book.SetDown(segment, stream, isDown);
        var lost = isDown ? Lose(segment, stream, now) : 0;
        foreach (var user in Users(segment))
        {
            notices.Outage(segment, user, stream, isDown, now);
        }

        return lost;
    }

    /// <summary>Everybody is cut off, open orders are gone, and the download has nothing but the outage and what was valid before it.</summary>
    /// <returns>How many orders vanished, and how many connections were cut.</returns>
    public (int Lost, int Cut) Move(Segment segment, DateTimeOffset now)
    {
        ledger.Note(now, DisasterNote, SegmentName.Of(segment));
        var lost = Lose(segment, 0, now);
        var cut = links.All.Where(link => link.Segment == segment).ToArray();
        foreach (var link in cut)
        {
            link.Break();
            links.Remove(link);
        }

        Forget(segment);
        foreach (var user in Users(segment))
        {
            notices.Outage(segment, user, 0, isDown: true, now);
            for (byte stream = 1; stream <= settings.Streams; stream++)
            {
                notices.Text(segment, user, $"STREAM {stream} LAST VALID TRADE NUMBER {book.LastTrade(segment, stream)}", now);
            }

            notices.Outage(segment, user, 0, isDown: false, now);
        }

        return (lost, cut.Length);
    }

    /// <summary>Takes back a note of an earlier run; others are none of its business.</summary>
    public void Restore(string name, string decision)
    {
        if (name is not (DownNote or UpNote or LostNote or DisasterNote))
        {
            return;
        }

        var words = decision.Split(' ');
        var segment = SegmentName.Parse(words[0])!.Value;

        var numbers = words.Skip(1).Select(word => long.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        switch (name)
        {
            case DownNote or UpNote:
                book.SetDown(segment, (byte)numbers[0], name == DownNote);
                break;
            case LostNote:
                Array.ForEach(numbers, number => book.Find(segment, number)?.Leave("lost"));
                break;
            default:
                Forget(segment);
                break;
        }
    }

    private void Forget(Segment segment)
    {
        journal.Clear(segment);
        book.SetDown(segment, 0, isDown: false);
    }

    /// <summary>The exchange sends no cancel messages for them.</summary>
    private int Lose(Segment segment, byte stream, DateTimeOffset now)
    {
        var gone = book.Orders.Where(order => order.IsOpen && order.Form.Segment == segment && (stream == 0 || order.Stream == stream)).ToArray();
        foreach (var part in gone.Chunk(NumbersInNote))
        {
            ledger.Note(now, LostNote, $"{SegmentName.Of(segment)} {string.Join(' ', part.Select(order => order.Number))}");
            Array.ForEach(part, order => order.Leave("lost"));
        }

        return gone.Length;
    }

    private IEnumerable<int> Users(Segment segment) => settings.Box(segment).Passwords.Keys.Order();
}
