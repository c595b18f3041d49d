using Backup.Actor.Kernel.Links;
using Backup.Exchange.Wire;
using Backup.Gateway.Api;
using Backup.Tap.Stream;

namespace Backup.Cluster.Node.Exchange;

/// <summary>What became of one ticket at the node that was taken for the box's owner.</summary>
internal enum TicketFate : byte
{
    /// <summary>It waits in the session's queue.</summary>
    Queued = 0,

    /// <summary>The queue is full, or the box is not that node's: offer it again.</summary>
    NotNow = 1,
}

/// <summary>What a node that has no session wants to know of one that has.</summary>
/// <param name="Keys">Orders whose place in the queue is wanted.</param>
internal sealed record ExchangeLook(IReadOnlyList<string> Keys);

/// <summary>How the sessions of a node stand.</summary>
/// <param name="Places">Of the orders asked for, those that wait: order key, place, and the wait in milliseconds.</param>
internal sealed record ExchangeSight(IReadOnlyList<ExchangeLinkState> States, IReadOnlyList<(string Key, long Place, long WaitMilliseconds)> Places);

/// <summary>The questions about the exchange that nodes ask each other.</summary>
internal static class ExchangeCalls
{
    private const byte TicketsService = 16;
    private const byte LookService = 17;

    /// <summary>The lease of a segment's box.</summary>
    internal static string BoxOf(Segment segment) => segment == Segment.CapitalMarket ? "exchange-cm" : "exchange-fo";

    /// <summary>Tickets for the boxes of the node that is asked; one fate a ticket, in the same order.</summary>
    internal static LinkCall<IReadOnlyList<TapTicket>, IReadOnlyList<TicketFate>> Tickets { get; } = new(
        TicketsService,
        (tickets, writer) =>
        {
            writer.Write((long)tickets.Count);
            foreach (var ticket in tickets)
            {
                writer.Write((byte)ticket.Segment);
                writer.Write(ticket.Account);
                writer.Write(ticket.Key);
                writer.Write((byte)ticket.Priority);
            }
        },
        bytes =>
        {
            var tickets = new TapTicket[LinkText.TakeLong(ref bytes)];
            for (var i = 0; i < tickets.Length; i++)
            {
                var segment = (Segment)LinkText.TakeByte(ref bytes);
                tickets[i] = new TapTicket(segment, LinkText.TakeText(ref bytes), LinkText.TakeText(ref bytes), (TapPriority)LinkText.TakeByte(ref bytes));
            }

            return tickets;
        },
        (fates, writer) =>
        {
            foreach (var fate in fates)
            {
                writer.Write((byte)fate);
            }
        },
        bytes => Array.ConvertAll(bytes.ToArray(), fate => (TicketFate)fate));

    /// <summary>How the sessions of the node that is asked stand.</summary>
    internal static LinkCall<ExchangeLook, ExchangeSight> Look { get; } = new(
        LookService,
        (look, writer) =>
        {
            writer.Write((long)look.Keys.Count);
            foreach (var key in look.Keys)
            {
                writer.Write(key);
            }
        },
        bytes =>
        {
            var keys = new string[LinkText.TakeLong(ref bytes)];
            for (var i = 0; i < keys.Length; i++)
            {
                keys[i] = LinkText.TakeText(ref bytes);
            }

            return new ExchangeLook(keys);
        },
        (sight, writer) =>
        {
            writer.Write((long)sight.States.Count);
            foreach (var state in sight.States)
            {
                writer.Write(state.Segment);
                writer.Write(state.State);
                writer.Write(state.Trading ? (byte)1 : (byte)0);
                writer.Write(state.Since?.UtcTicks ?? 0);
                writer.Write(state.Note ?? "");
            }

            writer.Write((long)sight.Places.Count);
            foreach (var (key, place, wait) in sight.Places)
            {
                writer.Write(key);
                writer.Write(place);
                writer.Write(wait);
            }
        },
        ReadSight);

    private static ExchangeSight ReadSight(ReadOnlySpan<byte> bytes)
    {
        var states = new ExchangeLinkState[LinkText.TakeLong(ref bytes)];
        for (var i = 0; i < states.Length; i++)
        {
            var (segment, state, trading) = (LinkText.TakeText(ref bytes), LinkText.TakeText(ref bytes), LinkText.TakeByte(ref bytes) != 0);
            var since = LinkText.TakeLong(ref bytes);
            var note = LinkText.TakeText(ref bytes);
            states[i] = new(segment, state, trading, since == 0 ? null : new DateTimeOffset(since, TimeSpan.Zero), note.Length == 0 ? null : note);
        }

        var places = new (string, long, long)[LinkText.TakeLong(ref bytes)];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = (LinkText.TakeText(ref bytes), LinkText.TakeLong(ref bytes), LinkText.TakeLong(ref bytes));
        }

        return new ExchangeSight(states, places);
    }
}
