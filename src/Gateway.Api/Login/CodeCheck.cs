using Backup.Actor.Kernel.Journal;
using Backup.Gateway.Api.Kite;
using Backup.Gateway.Api.Login.Totp;
using Microsoft.AspNetCore.Http;

namespace Backup.Gateway.Api.Login;

/// <summary>
/// Takes a code that was sent, or one of the client's authenticator app, or says in words why it does not. Where the client has asked for it, both are
/// needed; else either is enough, so that a slow SMS keeps nobody out.
/// </summary>
internal sealed class CodeCheck(IClientDirectory clients, OneTimeCodes codes, Authenticators authenticators)
{
    /// <returns>Who logged in: then what he showed is used. Else null, and the answer.</returns>
    /// <exception cref="JournalException">It could not be read whether the client has an authenticator.</exception>
    internal async Task<(GatewayClient? Client, IResult? Refused)> CheckAsync(string? clientId, string? code, string? totp, CancellationToken stop)
    {
        var id = clientId?.Trim().ToUpperInvariant() ?? "";
        if (clients.Find(id) is not { Active: true } client)
        {
            return (null, Envelope.Refuse(StatusCodes.Status403Forbidden, "UserException", "Client id is not known here, or is not active."));
        }

        var app = await authenticators.FindAsync(id, stop);
        var needsBoth = app is { IsSecondFactor: true };
        var refused = totp is null && !needsBoth ? CheckCode(id, code?.Trim() ?? "") : await CheckBothAsync(id, code?.Trim(), totp?.Trim(), needsBoth, app, stop);
        return refused is null ? (client, null) : (null, refused);
    }

    internal static IResult Wrong(Attempt attempt) => attempt.LockedUntil is { } until ? Locked(until) : Wrong(attempt.AttemptsLeft);

    internal static IResult Locked(DateTimeOffset until) => Envelope.Refuse(
        StatusCodes.Status403Forbidden, "TwoFAException",
        $"Too many wrong codes. Login for this client is locked until {IndiaTime.HoursAndMinutes(until)} IST.",
        new LockedOut(until));

    private static IResult Wrong(int attemptsLeft) => Envelope.Refuse(
        StatusCodes.Status403Forbidden, "TwoFAException", $"That code is wrong. {attemptsLeft} {(attemptsLeft == 1 ? "try" : "tries")} left.", new TriesLeft(attemptsLeft));

    private IResult? CheckCode(string id, string code) => codes.Redeem(id, code, out var attemptsLeft, out var lockedUntil) switch
    {
        CodeResult.Accepted => null,
        CodeResult.Wrong => Wrong(attemptsLeft),
        CodeResult.Expired => Envelope.Refuse(
            StatusCodes.Status403Forbidden, "TwoFAException", "There is no valid code for this client: it has expired, was used, or was never sent. Ask for a new one."),
        _ => Locked(lockedUntil),
    };

    /// <summary>
    /// Everything that is given must be right. One code that is right where two are needed is not used: the other one is asked for. That the client has
    /// asked for both is told to nobody who has neither.
    /// </summary>
    private async Task<IResult?> CheckBothAsync(string id, string? code, string? totp, bool needsBoth, Actor.Kernel.Sessions.Authenticator? app, CancellationToken stop)
    {
        var isCodeRight = code is null ? !needsBoth : codes.IsRight(id, code);
        var attempt = codes.BeginTry(id);
        if (!attempt.IsAllowed)
        {
            return Locked(attempt.LockedUntil!.Value);
        }

        if (needsBoth && (code is null || totp is null))
        {
            var isRight = totp is null ? isCodeRight : authenticators.IsRight(app, totp);
            if (!isRight)
            {
                return Wrong(attempt);
            }

            codes.TakeBack(id);
            return Envelope.Refuse(
                StatusCodes.Status403Forbidden, "TwoFAException",
                totp is null ? "This client has asked for two codes: enter the one of the authenticator app too." : "This client has asked for two codes: enter the one that is sent too.",
                new OtherCodeWanted(totp is null ? "totp" : "code"));
        }

        if (!isCodeRight || !await authenticators.UseAsync(app, totp!, stop))
        {
            return Wrong(attempt);
        }

        codes.Succeed(id);
        return null;
    }
}
