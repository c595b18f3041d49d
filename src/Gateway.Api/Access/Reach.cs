using System.Collections.Frozen;
using Microsoft.AspNetCore.Builder;

namespace Backup.Gateway.Api.Access;

/// <summary>Whether a request of one of the broker's people names the client for whom he asks.</summary>
internal enum ClientNamed
{
    /// <summary>It is about himself.</summary>
    Never,

    /// <summary>Without a client it is about himself.</summary>
    Maybe,

    Always,
}

/// <summary>What an endpoint is about, and so who may call it; docs/roles.md is the table that a test walks.</summary>
/// <param name="Roles">Who may.</param>
/// <param name="Named">Whether the broker's people say for whom.</param>
/// <param name="NeedsEvidence">It changes something, so an instruction of the client must have been recorded.</param>
/// <param name="Otherwise">What is said to others, behind their role.</param>
internal sealed record Reach(FrozenSet<string> Roles, ClientNamed Named, bool NeedsEvidence, string Otherwise)
{
    /// <summary>The caller's own sessions and authenticator app: never those of a client.</summary>
    internal static Reach OwnLogin { get; } = new(Login.Roles.Everybody, ClientNamed.Never, false, "");

    internal static Reach Profile { get; } = new(Login.Roles.Everybody, ClientNamed.Maybe, false, "");

    internal static Reach Reading { get; } = new(
        Of(Login.Roles.Trader, Login.Roles.AssistedDesk, Login.Roles.Auditor), ClientNamed.Always, false, "A client's data are for the client, the assisted desk and auditors.");

    /// <summary>The same for every client.</summary>
    internal static Reach Market { get; } = Reading with { Named = ClientNamed.Maybe, Otherwise = "Prices and instruments are for clients, the assisted desk and auditors." };

    /// <summary>Asks what would happen, with an intention that an auditor has not.</summary>
    internal static Reach Trying { get; } = new(Of(Login.Roles.Trader, Login.Roles.AssistedDesk), ClientNamed.Always, false, "This is for the client and the assisted desk.");

    internal static Reach Changing { get; } = Trying with { NeedsEvidence = true };

    /// <summary>A connection that lasts; and whatever says nothing of itself.</summary>
    internal static Reach Live { get; } = new(Of(Login.Roles.Trader), ClientNamed.Never, false, "Live connections are the client's own; GET /events tells the same to who asks.");

    private static FrozenSet<string> Of(params string[] roles) => roles.ToFrozenSet(StringComparer.Ordinal);
}

internal static class ReachOfEndpoints
{
    internal static TBuilder About<TBuilder>(this TBuilder endpoint, Reach reach)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(reach);
}
