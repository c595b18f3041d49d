using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using Backup.Account.Domain;
using Backup.Account.Domain.Plans;
using Backup.Account.Domain.Positions;

namespace Backup.Gateway.Api.Kite;

/// <summary>One position by name.</summary>
/// <param name="Quantity">Units of this one, where mode is quantity.</param>
/// <param name="Price">A limit of the client's own; absent: set from the live price and the protection.</param>
public sealed record ExitPosition(string? Exchange, string? Tradingsymbol, string? Product, long? Quantity, decimal? Price = null);

/// <summary>Positions by what they have in common; every field given must match.</summary>
/// <param name="Underlying">The exchange's symbol: NIFTY, RELIANCE.</param>
/// <param name="Expiry">yyyy-mm-dd.</param>
/// <param name="Segment">NSE or NFO.</param>
/// <param name="Side">long or short.</param>
public sealed record ExitGroup(string? Underlying, DateOnly? Expiry, string? Segment, string? Product, [property: AllowedValues("long", "short")] string? Side);

/// <summary>The body of POST /exits: one position (by its three names), selected ones, a group, or all.</summary>
/// <param name="Mode">full, quantity or percent.</param>
/// <param name="CancelBlocking">Cancel the orders that hold a part of the positions, wait for that, then exit.</param>
/// <param name="Repricing">offered (default) or automatic: what rests follows the market within move_max_percent.</param>
/// <param name="Price">For one position: a limit of the client's own, in rupees; absent: set from the live price and the protection.</param>
/// <param name="Confirm">Warnings read and accepted, by the names that a refusal gave.</param>
public sealed record ExitRequest(
    string? Exchange,
    string? Tradingsymbol,
    string? Product,
    [property: Required, AllowedValues("full", "quantity", "percent")] string? Mode,
    long? Quantity,
    int? Percent,
    IReadOnlyList<ExitPosition>? Positions = null,
    ExitGroup? Group = null,
    bool? All = null,
    bool? CancelBlocking = null,
    [property: AllowedValues("offered", "automatic")] string? Repricing = null,
    decimal? MoveMaxPercent = null,
    IReadOnlyList<string>? Confirm = null,
    decimal? Price = null)
{
    private const decimal MoveMaxPercentMax = 20;

    /// <summary>True when the request names its one position by itself.</summary>
    internal bool IsOne => Positions is null && Group is null && All is null;

    /// <summary>The positions meant, each with its amount; or what is wrong with the request.</summary>
    internal (IReadOnlyList<ChosenExit>? Lines, string? Wrong) Choose(AccountState state)
    {
        var ways = (Tradingsymbol is null ? 0 : 1) + (Positions is null ? 0 : 1) + (Group is null ? 0 : 1) + (All is true ? 1 : 0);
        if (ways != 1)
        {
            return (null, "expected exactly one of: tradingsymbol (with exchange and product), positions, group, or all.");
        }

        if (Price is not null && !IsOne)
        {
            return (null, "price: expected with one position, or in each of positions.");
        }

        if (Amount(Quantity, IsOne) is not { } amount)
        {
            return (null, Positions is null
                ? "mode: expected \"full\", or \"quantity\" with quantity, or \"percent\" with percent (and nothing else)."
                : "mode: expected \"full\", \"percent\" with percent, or \"quantity\" with a quantity for each position.");
        }

        if (IsOne)
        {
            return Line(state, new ExitPosition(Exchange, Tradingsymbol, Product, null, Price), amount) is var (line, wrong) && line is { } one ? ([one], null) : (null, wrong);
        }

        return Positions is { } named
            ? Named(state, named)
            : ([.. state.Positions.Values.Where(position => position.Net != 0 && IsMeant(position)).Select(position => new ChosenExit(position.Key, amount, null))], null);
    }

    /// <summary>How the plan shall go; or what is wrong with the request.</summary>
    internal (PlanOptions? Options, string? Wrong) Options()
    {
        Repricing? repricing = Repricing switch
        {
            null or "offered" => Account.Domain.Plans.Repricing.Offered,
            "automatic" => Account.Domain.Plans.Repricing.Automatic,
            _ => null,
        };
        if (repricing is not { } known)
        {
            return (null, $"repricing: expected \"offered\" or \"automatic\", found \"{Repricing}\".");
        }

        if (MoveMaxPercent is < 0 or > MoveMaxPercentMax || (known == Account.Domain.Plans.Repricing.Automatic && MoveMaxPercent is null))
        {
            return (null, $"move_max_percent: expected 0 to {MoveMaxPercentMax}, and one when repricing is automatic; found {MoveMaxPercent?.ToString() ?? "none"}.");
        }

        return WarningNames.ReadConfirmed(Confirm ?? [], out var confirmed) is { } wrong
            ? (null, wrong)
            : (new PlanOptions(CancelBlocking ?? false, known, (int)((MoveMaxPercent ?? 0) * 100), confirmed), null);
    }

    private (IReadOnlyList<ChosenExit>? Lines, string? Wrong) Named(AccountState state, IReadOnlyList<ExitPosition> named)
    {
        var lines = new List<ChosenExit>();
        foreach (var one in named)
        {
            if (Amount(one.Quantity, true) is not { } amount)
            {
                return (null, $"positions: {one.Exchange}:{one.Tradingsymbol} {one.Product} has {(one.Quantity is null ? "no quantity" : "a quantity")}, which mode \"{Mode}\" does not go with.");
            }

            var (line, wrong) = Line(state, one, amount);
            if (line is null)
            {
                return (null, wrong);
            }

            lines.Add(line.Value);
        }

        return (lines, null);
    }

    private static (ChosenExit? Line, string? Wrong) Line(AccountState state, ExitPosition named, ExitAmount amount)
    {
        long? paise = null;
        var wrong = named.Price is { } price ? FormFields.Rupees("price", price, out paise) : null;
        return wrong is null ? (new ChosenExit(KeyOf(state, named), amount, paise), null) : (null, wrong);
    }

    private ExitAmount? Amount(long? quantity, bool isNamed) => (Mode, quantity, Percent) switch
    {
        ("full", null, null) => new ExitAmount.Full(),
        ("quantity", { } units, null) when isNamed => new ExitAmount.Units(units),
        ("quantity", null, null) when Positions is not null && !isNamed => new ExitAmount.Full(),
        ("percent", null, { } percent) => new ExitAmount.Percent(percent),
        _ => null,
    };

    private bool IsMeant(Position position) => Group is not { } group
        || ((group.Underlying is null || position.Contract.Symbol == group.Underlying)
            && (group.Expiry is null || position.Contract.Expiry == group.Expiry)
            && (group.Segment is null || position.Contract.Exchange == group.Segment)
            && (group.Product is null || position.Key.Product == group.Product)
            && group.Side switch { null => true, "long" => position.Net > 0, "short" => position.Net < 0, _ => false });

    /// <summary>A name that the account does not hold gets a key that it does not hold: the rulebook says so in its own words.</summary>
    internal static PositionKey KeyOf(AccountState state, ExitPosition named) => state.Positions.Values
        .FirstOrDefault(held =>
            held.Contract.Exchange == named.Exchange && held.Contract.TradingSymbol == named.Tradingsymbol && held.Key.Product == named.Product)
        ?.Key ?? new PositionKey(named.Exchange ?? "", 0, $"{named.Tradingsymbol} {named.Product}");

    /// <summary>The names in a key that the account does not hold.</summary>
    internal static PositionName NameOf(PositionKey unheld)
    {
        var gap = unheld.Product.LastIndexOf(' ');
        return new PositionName(unheld.Exchange, unheld.Product[..Math.Max(0, gap)], unheld.Product[(gap + 1)..]);
    }
}

/// <summary>One position of a request.</summary>
/// <param name="LimitPaise">The client's own limit; null for the protected one.</param>
internal readonly record struct ChosenExit(PositionKey Key, ExitAmount Amount, long? LimitPaise);

/// <summary>Warnings by the names that the API gives them.</summary>
internal static class WarningNames
{
    private static readonly Dictionary<string, PlanWarning> ByName = Enum.GetValues<PlanWarning>()
        .ToDictionary(warning => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(warning.ToString()), StringComparer.Ordinal);

    internal static PlanWarning? Find(string name) => ByName.TryGetValue(name, out var warning) ? warning : null;

    /// <summary>The warnings that a client says he has read.</summary>
    /// <returns>What is wrong with the names; null when nothing is.</returns>
    internal static string? ReadConfirmed(IEnumerable<string> names, out ImmutableArray<PlanWarning> confirmed)
    {
        var known = ImmutableArray.CreateBuilder<PlanWarning>();
        confirmed = [];
        foreach (var name in names)
        {
            if (Find(name) is not { } warning)
            {
                return $"confirm: expected {string.Join(", ", ByName.Keys)}; found \"{name}\".";
            }

            known.Add(warning);
        }

        confirmed = known.ToImmutable();
        return null;
    }

    internal static string Of(PlanWarning warning) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(warning.ToString());
}
