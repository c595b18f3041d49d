namespace Backup.Gateway.Api.Prices;

/// <summary>A source of last prices. A node has one or several; each writes into the <see cref="PriceBook"/> through a <see cref="PriceIntake"/>.</summary>
public interface IPriceFeed
{
    /// <summary>What people see as the source of its prices.</summary>
    string Source { get; }

    PriceFeedStatus Status { get; }
}

/// <summary>How a feed is doing.</summary>
/// <param name="Name">Which feed of the node.</param>
/// <param name="IsHeard">False: it is away or silent, and its prices age.</param>
/// <param name="HeardAt">When anything last came from it.</param>
/// <param name="Intake">What became of its prices.</param>
/// <param name="Received">What it received, and what of that it dropped or did not know, in its own words; null for a feed without such counts.</param>
public sealed record PriceFeedStatus(string Name, string Source, bool IsHeard, DateTimeOffset? HeardAt, PriceIntakeCounts Intake, object? Received);
