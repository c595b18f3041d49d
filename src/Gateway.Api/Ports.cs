using Backup.Account.Domain;
using Backup.Account.Domain.Positions;

namespace Backup.Gateway.Api;

/// <summary>A client who may log in.</summary>
public sealed record GatewayClient(string Id, string Name, string Mobile, string Email, bool Active);

/// <summary>Who the broker's clients are. No dependency on the main site's login.</summary>
public interface IClientDirectory
{
    GatewayClient? Find(string clientId);

    /// <summary>The one client who has this PAN; null when there is none, or more than one.</summary>
    GatewayClient? FindByPan(string pan);
}

/// <summary>An instrument that can be asked for.</summary>
/// <param name="Name">For futures and options the underlying's symbol; for shares the company's name.</param>
public sealed record ListedInstrument(Contract Contract, string Name);

/// <summary>The instrument master of the day.</summary>
public interface IInstrumentMaster
{
    /// <summary>Ordered by exchange and trading symbol.</summary>
    IReadOnlyList<ListedInstrument> All { get; }

    ListedInstrument? Find(string exchange, string tradingSymbol);

    /// <param name="token">Kite's instrument token.</param>
    ListedInstrument? Find(long token);
}

/// <summary>Carries messages to a client, by every way that is open. Throws when nothing could be handed over.</summary>
public interface ICodeSender
{
    /// <summary>The ways that are open, in words that say nothing of any client: "SMS to the registered mobile number".</summary>
    IReadOnlyList<string> Ways { get; }

    /// <returns>Those of the ways by which it went.</returns>
    Task<IReadOnlyList<string>> SendAsync(GatewayClient client, string code, TimeSpan goodFor, CancellationToken cancellationToken);

    /// <summary>Something that the client must hear of, and no secret.</summary>
    Task TellAsync(GatewayClient client, string title, string text, CancellationToken cancellationToken);
}

/// <summary>How one segment's link to the exchange stands.</summary>
public sealed record ExchangeLinkState(string Segment, string State, bool Trading, DateTimeOffset? Since, string? Note);

/// <summary>An order's place in the queue for the wire.</summary>
/// <param name="Place">1 goes next.</param>
public sealed record QueuePlace(int Place, TimeSpan EstimatedWait);

/// <summary>What the trader's door knows of the links to the exchange.</summary>
public interface IExchangeLinks
{
    IReadOnlyList<ExchangeLinkState> States { get; }

    /// <summary>Null when the order does not wait for the wire.</summary>
    QueuePlace? PlaceOf(string account, ClientOrderId order);
}

/// <summary>The release that runs.</summary>
public sealed record SystemVersion(string Text);
