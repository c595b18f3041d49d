using System.ComponentModel.DataAnnotations;
using Backup.Actor.Kernel.Sessions;

namespace Backup.Gateway.Api.Login.Totp;

/// <summary>A secret for an authenticator app, shown this once.</summary>
/// <param name="Secret">Base32, to be typed in where no code can be scanned.</param>
/// <param name="Uri">What the QR code says.</param>
/// <param name="QrSvg">The QR code as an SVG picture.</param>
internal sealed record AuthenticatorBegun(string Secret, string Uri, string QrSvg);

/// <summary>The body of POST /user/totp/confirm.</summary>
/// <param name="Totp">A code of the app.</param>
/// <param name="SecondFactor">true: a login needs the app's code beside the one that is sent, and not instead of it.</param>
internal sealed record ConfirmRequest([property: Required] string? Totp, bool? SecondFactor);

/// <summary>The body of POST /user/totp/remove.</summary>
/// <param name="Totp">A code of the app.</param>
internal sealed record RemoveRequest([property: Required] string? Totp);

/// <summary>Whether the client has an authenticator app.</summary>
/// <param name="SecondFactor">A login needs its code beside the one that is sent.</param>
internal sealed record AuthenticatorView(bool Enrolled, bool SecondFactor, DateTimeOffset? Since)
{
    internal static AuthenticatorView Of(Authenticator? app) => app is null ? new(false, false, null) : new(true, app.IsSecondFactor, app.Since);
}

/// <summary>One of two codes was right, and the other is wanted too.</summary>
/// <param name="Wanted">totp or code.</param>
internal sealed record OtherCodeWanted([property: AllowedValues("totp", "code")] string Wanted);
