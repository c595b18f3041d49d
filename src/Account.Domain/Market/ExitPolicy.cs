namespace Backup.Account.Domain.Market;

/// <summary>What to do when an exit takes the cover from a short option (rulebook 1.4).</summary>
public enum UncoveringPolicy
{
    /// <summary>The client is warned and has to confirm.</summary>
    Warn = 1,

    /// <summary>It is refused; the short goes first, or with it.</summary>
    Refuse = 2,
}

/// <summary>What the broker chose where the rules leave a choice. Each is a key under <c>exits</c> in <c>hocon/reference.conf</c>.</summary>
public sealed record ExitPolicy
{
    /// <summary>Nothing beyond the rules themselves.</summary>
    public static ExitPolicy Plain { get; } = new();

    /// <summary>How soon the same exit under another id is taken for a mistake, and asked about; zero asks never (rulebook 1.7, 7).</summary>
    public TimeSpan RepeatWindow { get; init; }

    /// <summary>Exits and changes that one client may ask for in a minute of the clock; 0 sets no limit. Cancels are never counted (rulebook 1.7, 8).</summary>
    public int RequestsPerMinuteMax { get; init; }

    /// <summary>Shares bought and not yet credited may be sold, after a warning (rulebook 1.6).</summary>
    public bool SellBeforeDelivery { get; init; }

    public UncoveringPolicy Uncovering { get; init; } = UncoveringPolicy.Warn;
}

/// <summary>What an account decides by besides its own state: what the exchange fixes, and what the broker chose.</summary>
public sealed record TradingRules(MarketRules Market, ExitPolicy Policy)
{
    /// <summary>Every instrument trades at every hour and at every price: for simulated exchanges.</summary>
    public static TradingRules Open { get; } = new(MarketRules.AlwaysOpen, ExitPolicy.Plain);
}
