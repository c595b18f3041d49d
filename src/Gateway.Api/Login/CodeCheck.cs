using Backup.Actor.Kernel.Journal;
using Backup.Gateway.Api.Kite;
using Backup.Gateway.Api.Login.Totp;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Backup.Gateway.Api.Login;

/// <summary>
/// Takes a code that was sent, or one of the client's authenticator app, or says in words why it does not. Where the client has asked for it, both are
/// needed; else either is enough, so that a slow SMS keeps nobody out.
/// </summary>
internal sealed class CodeCheck(LoginNames names, Authenticators authenticators, ILogger<CodeCheck> log)
{
    /// <returns>Who logged in: then what he showed is used. Else null, and the answer.</returns>
    /// <exception cref="JournalException">It could not be read whether the client has an authenticator.</exception>
    internal async Task<(GatewayClient? Client, IResult? Refused)> CheckAsync(string? clientId, string? code, string? totp, CancellationToken stop)
    {
        var name = names.Resolve(clientId);
        var found = await authenticators.FindAsync(name.Key, stop);
        var app = name.Client is null ? null : found;
        var needsBoth = app is { IsSecondFactor: true };
        var refused = totp is null && !needsBoth ? CheckCode(name, code?.Trim() ?? "") : await CheckBothAsync(name, code?.Trim(), totp?.Trim(), needsBoth, app, stop);
        if (refused is not null)
        {
            log.Refused(name.Client?.Id ?? "nobody");
        }

        return refused is null && name.Client is { } client ? (client, null) : (null, refused ?? throw new InvalidOperationException("nobody's code was right"));
    }

    internal static IResult Wrong(Attempt attempt) => attempt.LockedUntil is { } until ? Locked(until) : Wrong(attempt.AttemptsLeft);

    internal static IResult Locked(DateTimeOffset until) => Envelope.Refuse(
        StatusCodes.Status403Forbidden, "TwoFAException",
        $"Too many wrong codes. Login for this client is locked until {IndiaTime.HoursAndMinutes(until)} IST.",
        new LockedOut(until));

    private static IResult Wrong(int attemptsLeft) => Envelope.Refuse(
        StatusCodes.Status403Forbidden, "TwoFAException", $"That code is wrong. {attemptsLeft} {(attemptsLeft == 1 ? "try" : "tries")} left.", new TriesLeft(attemptsLeft));

    private static IResult? CheckCode(LoginName name, string code) => name.Codes.Redeem(name.Key, code, out var attemptsLeft, out var lockedUntil) switch
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
    private async Task<IResult?> CheckBothAsync(LoginName name, string? code, string? totp, bool needsBoth, Actor.Kernel.Sessions.Authenticator? app, CancellationToken stop)
    {
        var isCodeRight = code is null ? !needsBoth : name.Codes.IsRight(name.Key, code);
        var attempt = name.Codes.BeginTry(name.Key);
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

            name.Codes.TakeBack(name.Key);
            return Envelope.Refuse(
                StatusCodes.Status403Forbidden, "TwoFAException",
                totp is null ? "This client has asked for two codes: enter the one of the authenticator app too." : "This client has asked for two codes: enter the one that is sent too.",
                new OtherCodeWanted(totp is null ? "totp" : "code"));
        }

        if (!isCodeRight || !await authenticators.UseAsync(app, totp!, stop))
        {
            return Wrong(attempt);
        }

        name.Codes.Succeed(name.Key);
        return null;
    }
}
