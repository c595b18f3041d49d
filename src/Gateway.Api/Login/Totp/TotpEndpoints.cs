using System.Security.Claims;
using Backup.Gateway.Api.Access;
using Backup.Gateway.Api.Description;
using Backup.Gateway.Api.Kite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using QRCoder;

namespace Backup.Gateway.Api.Login.Totp;

/// <summary>An authenticator app for the client: begun, confirmed with a code, removed with a code.</summary>
internal static class TotpEndpoints
{
    private const string IssuerName = "Backup trading";
    private const int PixelsPerModule = 4;

    /// <summary>Whoever finds an open page must not make himself a way in that outlives it.</summary>
    private static readonly TimeSpan LoginAgeMax = TimeSpan.FromMinutes(10);

    internal static void MapTotp(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/user/totp", async (ClaimsPrincipal user, Authenticators authenticators, CancellationToken stop) =>
            Envelope.Data(AuthenticatorView.Of(await authenticators.FindAsync(TokenAuthentication.SubjectOf(user), stop)))).About(Reach.OwnLogin).Describe(EndpointTexts.Authenticator);
        routes.MapPost("/user/totp", BeginAsync).About(Reach.OwnLogin).Describe(EndpointTexts.BeginAuthenticator);
        routes.MapPost("/user/totp/confirm", ConfirmAsync).About(Reach.OwnLogin).Describe(EndpointTexts.ConfirmAuthenticator);
        routes.MapPost("/user/totp/remove", RemoveAsync).About(Reach.OwnLogin).Describe(EndpointTexts.RemoveAuthenticator);
    }

    private static async Task<IResult> BeginAsync(ClaimsPrincipal user, Authenticators authenticators, TimeProvider clock, CancellationToken stop)
    {
        var holder = TokenAuthentication.HolderOf(user);
        if (clock.GetUtcNow() - holder.LoggedInAt > LoginAgeMax)
        {
            return Envelope.Refuse(
                StatusCodes.Status403Forbidden, "TwoFAException", "Log in again first: an authenticator can be added within ten minutes of a login only.");
        }

        if (await authenticators.BeginAsync(holder.Subject, stop) is not { } secret)
        {
            return Envelope.Refuse(StatusCodes.Status409Conflict, "InputException", "You have an authenticator already. Remove it first, with a code of it.");
        }

        var uri = $"otpauth://totp/{Uri.EscapeDataString(IssuerName)}:{Uri.EscapeDataString(holder.Subject)}?secret={TotpCode.Base32(secret)}"
            + $"&issuer={Uri.EscapeDataString(IssuerName)}&algorithm=SHA1&digits={TotpCode.Digits}&period={TotpCode.StepSeconds}";
        using var data = QRCodeGenerator.GenerateQrCode(uri, QRCodeGenerator.ECCLevel.M);
        using var picture = new SvgQRCode(data);
        return Envelope.Data(new AuthenticatorBegun(TotpCode.Base32(secret), uri, picture.GetGraphic(PixelsPerModule)));
    }

    private static Task<IResult> ConfirmAsync(ConfirmRequest request, ClaimsPrincipal user, Authenticators authenticators, OneTimeCodes codes, CancellationToken stop)
    {
        var subject = TokenAuthentication.SubjectOf(user);
        return TryAsync(subject, codes, authenticators, () => authenticators.ConfirmAsync(subject, request.Totp?.Trim() ?? "", request.SecondFactor == true, stop), stop);
    }

    private static Task<IResult> RemoveAsync(RemoveRequest request, ClaimsPrincipal user, Authenticators authenticators, OneTimeCodes codes, CancellationToken stop)
    {
        var subject = TokenAuthentication.SubjectOf(user);
        return TryAsync(
            subject, codes, authenticators,
            async () => await authenticators.UseAsync(await authenticators.FindAsync(subject, stop), request.Totp?.Trim() ?? "", stop) && await authenticators.RemoveAsync(subject, stop),
            stop);
    }

    /// <summary>A wrong code counts as it does at the login.</summary>
    private static async Task<IResult> TryAsync(string subject, OneTimeCodes codes, Authenticators authenticators, Func<Task<bool>> check, CancellationToken stop)
    {
        var attempt = codes.BeginTry(subject);
        if (!attempt.IsAllowed || !await check())
        {
            return CodeCheck.Wrong(attempt);
        }

        codes.Succeed(subject);
        return Envelope.Data(AuthenticatorView.Of(await authenticators.FindAsync(subject, stop)));
    }
}
