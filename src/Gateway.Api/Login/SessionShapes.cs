using System.ComponentModel.DataAnnotations;

namespace Backup.Gateway.Api.Login;

/// <summary>The body of POST /session/otp.</summary>
/// <param name="ClientId">The broker's client id, as on the main site.</param>
internal sealed record CodeRequest([property: Required] string? ClientId);

/// <summary>The body of POST /session/token.</summary>
/// <param name="ClientId">The broker's client id.</param>
/// <param name="Code">The code that was sent.</param>
internal sealed record TokenRequest([property: Required] string? ClientId, [property: Required] string? Code);

/// <summary>A code is on its way.</summary>
/// <param name="SentTo">Where it went, starred.</param>
/// <param name="ExpiresInSeconds">How long it is good.</param>
internal sealed record CodeSent(IReadOnlyList<string> SentTo, int ExpiresInSeconds);

/// <summary>A login, or its renewal.</summary>
/// <param name="AccessToken">For the Authorization header of everything else.</param>
/// <param name="ExpiresInSeconds">Renew before.</param>
internal sealed record Session(string AccessToken, int ExpiresInSeconds, string ClientId, string Name);

/// <summary>A wrong code.</summary>
/// <param name="AttemptsLeft">Then the client is locked out for a while.</param>
internal sealed record TriesLeft(int AttemptsLeft);

/// <summary>Too many wrong codes.</summary>
internal sealed record LockedOut(DateTimeOffset LockedUntil);
