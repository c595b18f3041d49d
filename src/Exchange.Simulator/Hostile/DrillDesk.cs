using Backup.Exchange.Simulator.Book;
using Backup.Exchange.Simulator.Line;
using Backup.Exchange.Simulator.Market;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;

namespace Backup.Exchange.Simulator.Hostile;

/// <summary>The wishes of whoever runs a drill. Each writes itself to the ledger first. Used under the floor's gate.</summary>
public sealed class DrillDesk(
    Ledger ledger,
    FaultPlan faults,
    Departures departures,
    LinkRegister links,
    SignOnDesk signOn,
    OrderDoor door,
    OrderBook book,
    OrderDesk desk,
    Matcher matcher,
    Outbox outbox,
    OutageDesk outages,
    FreezeDesk freezes,
    MainSite mainSite)
{
    public OutageDesk Outages => outages;

    /// <param name="parts">Into how many fills an order is cut from now on; 0: by the settings again; null: no change.</param>
    public void SetLiquidity(LiquidityMode mode, Segment? segment, int? parts, DateTimeOffset now)
    {
        ledger.Note(now, "LIQUIDITY", $"{mode} {Name(segment)}{(parts is null ? "" : $", {parts} parts")}");
        matcher.SetMode(mode, segment);
        if (parts is { } wanted)
        {
            matcher.Parts = wanted == 0 ? null : wanted;
        }

        matcher.Reconsider(now);
    }

    public void Hold(bool on, DateTimeOffset now)
    {
        ledger.Note(now, "HOLD", on ? "answers to orders are held" : "held answers are released");
        outbox.Hold(on, now);
    }

    /// <summary>Processes the next order messages but loses the answers, then drops the link.</summary>
    public void Swallow(int next, DateTimeOffset now)
    {
        ledger.Note(now, "SWALLOW", $"the answers to the next {next} order messages will be lost");
        door.Swallow = next;
    }

    /// <summary>Cuts every gateway connection with a reset. Returns how many.</summary>
    public int Drop(DateTimeOffset now)
    {
        var cut = links.All.Where(link => !link.IsRouter).ToArray();
        foreach (var link in cut)
        {
            link.Break();
            links.Remove(link);
        }

        ledger.Note(now, "DROP", $"{cut.Length} gateway connections cut");
        return cut.Length;
    }

    /// <summary>Plans a fault, or carries it out when it is one of the moment. Returns how many links or reports it has met already.</summary>
    public int Fault(FaultKind kind, int count, Segment? segment, short error, TimeSpan duration, DateTimeOffset now)
    {
        ledger.Note(now, "FAULT", $"{kind} {Name(segment)} count {count} error {error} for {duration.TotalMilliseconds:0} ms");
        switch (kind)
        {
            case FaultKind.Replay:
                return departures.Replay(count, segment, now);
            case FaultKind.Silence:
                departures.SilentUntil = now + duration;
                return 0;
            case FaultKind.SignOff:
                return SignOff(segment, error, now);
            default:
                faults.Plan(kind, count, segment, error);
                return 0;
        }
    }

    /// <summary>The exchange takes open orders out of the book by itself. Returns how many.</summary>
    public int Cancel(string? account, Segment? segment, short error, DateTimeOffset now)
    {
        var open = book.Orders
            .Where(order => order.IsOpen && (segment is null || order.Form.Segment == segment) && (account is null || order.Account == account))
            .ToArray();
        ledger.Note(now, "CANCEL", $"{open.Length} orders of {account ?? "everyone"} {Name(segment)}");
        foreach (var order in open)
        {
            desk.Withdraw(order, error, now);
        }

        return open.Length;
    }

    /// <summary>Speaks the word for which frozen orders wait. Returns how many there were.</summary>
    public int Freeze(bool approves, Segment? segment, DateTimeOffset now)
    {
        ledger.Note(now, "FREEZE", $"{(approves ? "approved" : "refused")} {Name(segment)}");
        return freezes.Decide(approves, segment, now);
    }

    /// <summary>The main site enters an order. Returns its number, or the exchange's error.</summary>
    public (long Number, short Error) Enter(MainSiteOrder order, DateTimeOffset now)
    {
        var trigger = order.Trigger is { } met ? $" trigger {met}" : "";
        ledger.Note(now, "MAIN_SITE_ORDER", $"{Name(order.Segment)}:{order.Token} {order.Account} {order.Side} {order.Quantity} at {order.Price}{trigger}");
        return mainSite.Enter(order, now);
    }

    private int SignOff(Segment? segment, short error, DateTimeOffset now)
    {
        var boxes = links.All.Where(link => link.IsBoxOn && (segment is null || link.Segment == segment)).ToArray();
        foreach (var link in boxes)
        {
            signOn.BoxOff(link, error, now);
            links.End(link);
        }

        return boxes.Length;
    }

    private static string Name(Segment? segment) => segment is { } one ? SegmentName.Of(one) : "all";
}
