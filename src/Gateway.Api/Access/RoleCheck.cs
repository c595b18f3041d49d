using System.Security.Claims;
using Backup.Actor.Kernel.Journal;
using Backup.Gateway.Api.Kite;
using Backup.Gateway.Api.Login;
using Backup.Gateway.Api.Login.Sessions;
using Backup.Gateway.Api.Login.Staff;
using Backup.Gateway.Api.Login.Totp;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Backup.Gateway.Api.Access;

/// <summary>
/// The one place where roles are looked at: who may call an endpoint, and for which client the broker's people ask. Behind it a request has an account, or
/// is about its caller's own login. An endpoint that says nothing of itself is a trader's alone.
/// </summary>
internal sealed class RoleCheck(IClientDirectory clients, Authenticators authenticators, GatewayOptions options, ILogger<RoleCheck> log)
{
    internal const string ActForHeader = "X-Act-For";
    internal const string EvidenceHeader = "X-Evidence";
    internal const int EvidenceLengthMax = 80;

    internal async Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        var endpoint = context.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<IAuthorizeData>() is not null && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
            && await FindWrongAsync(context, endpoint.Metadata.GetMetadata<Reach>() ?? Reach.Live) is { } refused)
        {
            await refused.ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    /// <returns>The refusal; null when there is none, and the request has its account.</returns>
    private async ValueTask<IResult?> FindWrongAsync(HttpContext context, Reach reach)
    {
        var role = context.User.FindFirstValue(ClaimTypes.Role)!;
        var headers = context.Request.Headers;
        if (!reach.Roles.Contains(role))
        {
            return No($"Your role, {role}, does not reach this. {reach.Otherwise}");
        }

        if (role == Roles.Trader)
        {
            return headers.ContainsKey(ActForHeader) || headers.ContainsKey(EvidenceHeader)
                ? No($"{ActForHeader} and {EvidenceHeader} are for the broker's own people: your token is for your own account.")
                : null;
        }

        if (!headers.ContainsKey(ActForHeader))
        {
            return reach.Named == ClientNamed.Always ? Envelope.InputError($"{ActForHeader}: expected a header with the id of the client for whom you ask; found none.") : null;
        }

        // An operator's or approver's profile is his own, as everything else that he reaches.
        return reach.Named == ClientNamed.Never || !Reach.Reading.Roles.Contains(role)
            ? No($"{ActForHeader} is not taken here: this is about your own login. A client's sessions and authenticator are his own.")
            : await FindNoSecondFactorAsync(context) ?? ActFor(context, role, reach);
    }

    private async ValueTask<IResult?> FindNoSecondFactorAsync(HttpContext context)
    {
        try
        {
            return options.StaffNeedsAuthenticator && await authenticators.FindAsync(TokenAuthentication.SubjectOf(context.User), context.RequestAborted) is null
                ? No("Whoever reaches clients' accounts has an authenticator app beside the password. Add one to your login first (POST /user/totp).")
                : null;
        }
        catch (JournalException)
        {
            return LoginSessions.Away;
        }
    }

    private IResult? ActFor(HttpContext context, string role, Reach reach)
    {
        if (clients.Find(context.Request.Headers[ActForHeader].ToString()) is not { Active: true } client)
        {
            return Envelope.Refuse(StatusCodes.Status404NotFound, "InputException", $"{ActForHeader}: there is no active client of that id.");
        }

        var evidence = context.Request.Headers[EvidenceHeader].ToString().Trim();
        if (reach.NeedsEvidence && !IsReference(evidence))
        {
            return Envelope.InputError(
                $"{EvidenceHeader}: expected a header with the reference of the recorded call or mail in which the client asked for this, 1 to {EvidenceLengthMax} printable ASCII characters; "
                + $"found {(evidence.Length == 0 ? "none" : "something else")}.");
        }

        var name = StaffDirectory.NameIn(TokenAuthentication.SubjectOf(context.User))!;
        var acting = new ClaimsIdentity([new Claim(TokenAuthentication.AccountClaim, client.Id)]);
        if (reach.NeedsEvidence)
        {
            acting.AddClaims([new Claim(Instruction.ByClaim, $"desk:{name}"), new Claim(Instruction.EvidenceClaim, evidence)]);
        }

        context.User.AddIdentity(acting);
        log.ActsFor(name, role, client.Id, reach.NeedsEvidence ? evidence : "none", context.Request.Method, context.Request.Path);
        return null;
    }

    private static bool IsReference(string text) => text.Length is > 0 and <= EvidenceLengthMax && text.All(static letter => letter is >= ' ' and <= '~');

    private static IResult No(string message) => Envelope.Refuse(StatusCodes.Status403Forbidden, "PermissionException", message);
}
