using System.Collections.Immutable;
using Backup.Account.Domain.Positions;

namespace Backup.Account.Domain.Market;

/// <summary>What may happen to an instrument at a moment (rulebook 0.3, 1.7).</summary>
public enum MarketPhase
{
    Closed = 1,
    PreOpen = 2,
    Continuous = 3,
    ClosingAuction = 4,

    /// <summary>The exchange has stopped this instrument.</summary>
    Halted = 5,
}

/// <summary>From <paramref name="Start"/> until before <paramref name="End"/>, in India time.</summary>
public sealed record PhaseSpan(TimeOnly Start, TimeOnly End, MarketPhase Phase);

/// <summary>The phases of a trading day for a group of instruments, until a later table of the same group takes its place.</summary>
/// <param name="From">The first day on which it holds.</param>
/// <param name="Exchange">NSE or NFO.</param>
/// <param name="ClosesByAuction">True for the shares that end their day in the closing auction, false for all others.</param>
public sealed record SessionTable(DateOnly From, string Exchange, bool ClosesByAuction, ImmutableArray<PhaseSpan> Phases);

/// <summary>The exchange has stopped an underlying, in all its instruments or in those of one exchange segment.</summary>
/// <param name="Exchange">NSE or NFO; null for both.</param>
/// <param name="Until">Null: until a later file says otherwise.</param>
public sealed record Halt(string Symbol, string? Exchange, DateTimeOffset From, DateTimeOffset? Until);

/// <summary>Underlyings whose market-wide limit is crossed: that day their derivatives may only be reduced (rulebook 1.4).</summary>
public sealed record DerivativeBan(DateOnly Day, ImmutableHashSet<string> Symbols);

/// <summary>
/// What the exchange fixes and changes by circular: data with the days on which it holds, never constants. The accounts decide by it; a
/// replay does not need it, because decisions are in the journal.
/// </summary>
/// <param name="Version">Names the file for people.</param>
/// <param name="TradeToTradeSeries">Series in which nothing bought today may be sold today, and MIS does not exist.</param>
public sealed record MarketRules(
    string Version, ImmutableArray<SessionTable> Sessions, ImmutableHashSet<DateOnly> Holidays, ImmutableHashSet<string> TradeToTradeSeries)
{
    private static readonly TimeSpan India = new(5, 30, 0);

    public PriceRules Prices { get; init; } = PriceRules.None;

    public ImmutableArray<Halt> Halts { get; init; } = [];

    public ImmutableArray<DerivativeBan> DerivativeBans { get; init; } = [];

    /// <summary>Every instrument trades at every hour: for simulated exchanges.</summary>
    public static MarketRules AlwaysOpen { get; } = new("always open", [], [], ["BE", "BZ"]);

    public MarketPhase PhaseOf(Contract contract, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(contract);
        if (Halts.Any(halt => halt.Symbol == contract.Symbol && (halt.Exchange is null || halt.Exchange == contract.Exchange)
            && halt.From <= at && !(halt.Until <= at)))
        {
            return MarketPhase.Halted;
        }

        if (Sessions.IsEmpty)
        {
            return MarketPhase.Continuous;
        }

        var time = TimeOnly.FromDateTime(at.ToOffset(India).DateTime);
        return PhasesOn(contract, DayOf(at)).FirstOrDefault(span => time >= span.Start && time < span.End)?.Phase ?? MarketPhase.Closed;
    }

    /// <summary>When orders for the instrument may go that day, in words; null when it does not trade then.</summary>
    public string? HoursOn(Contract contract, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(contract);
        var open = PhasesOn(contract, DayOf(at))
            .Where(span => span.Phase is MarketPhase.Continuous or MarketPhase.ClosingAuction).ToArray();
        return open.Length == 0 ? null : string.Join(" and ", open.Select(span => $"{span.Start:HH:mm} to {span.End:HH:mm}"));
    }

    public bool IsTradeToTrade(Contract contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return contract.Segment == MarketSegment.Cash && TradeToTradeSeries.Contains(contract.Series);
    }

    /// <summary>In the derivative ban that day; a flag for people, because nothing that leaves here increases a position anyway.</summary>
    public bool IsBanned(Contract contract, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return contract.Segment == MarketSegment.Derivatives && DerivativeBans.Any(ban => ban.Day == DayOf(at) && ban.Symbols.Contains(contract.Symbol));
    }

    /// <summary>Limits that the exchange would take now.</summary>
    /// <param name="lastPaise">0 when no price is known.</param>
    public PriceRange RangeOf(Contract contract, long lastPaise, DateTimeOffset at) => Prices.RangeOf(contract, lastPaise, DayOf(at));

    /// <summary>The trading day in India.</summary>
    public static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.ToOffset(India).DateTime);

    private ImmutableArray<PhaseSpan> PhasesOn(Contract contract, DateOnly day) =>
        day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday || Holidays.Contains(day)
            ? []
            : Sessions
                .Where(table => table.From <= day && table.Exchange == contract.Exchange && table.ClosesByAuction == contract.ClosesByAuction)
                .MaxBy(table => table.From)?.Phases ?? [];
}
