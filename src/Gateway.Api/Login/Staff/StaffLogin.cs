using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Sessions;
using Backup.Gateway.Api.Kite;
using Backup.Gateway.Api.Login.Totp;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Backup.Gateway.Api.Login.Staff;

/// <summary>
/// Takes the name and password of one of the broker's people, and the code of his authenticator app if he has one. A name that is nobody's, or of
/// somebody who is disabled, is answered in the same words and with the same work, and has tries of its own.
/// </summary>
internal sealed class StaffLogin(
    IStaffStore staff, StaffPasswords passwords, Authenticators authenticators, OneTimeCodes tries, GatewayOptions options, TimeProvider clock, ILogger<StaffLogin> log)
{
    private const int StrangersMax = 50_000;
    private readonly OneTimeCodes _strangers = new(options, clock, StrangersMax);

    /// <returns>Who logged in: then the code is used. Else null, and the answer.</returns>
    /// <exception cref="JournalException">The stores could not be read.</exception>
    internal async Task<(StaffMember? Member, IResult? Refused)> CheckAsync(string name, string password, string? code, CancellationToken stop)
    {
        var subject = StaffDirectory.SubjectOf(name);
        var member = await staff.FindAsync(name, stop) is { IsDisabled: false } known ? known : null;
        var app = await authenticators.FindAsync(subject, stop);
        var counted = member is null ? _strangers : tries;
        var attempt = counted.BeginTry(subject);
        if (!attempt.IsAllowed)
        {
            return (null, Locked(attempt.LockedUntil!.Value));
        }

        if (await passwords.IsRightAsync(member, password, stop) is not { } isRight)
        {
            counted.TakeBack(subject);
            return (null, Envelope.RefuseFor(
                TimeSpan.FromSeconds(2), StatusCodes.Status503ServiceUnavailable, "NetworkException", "Others log in at this moment. Try again in some seconds."));
        }

        if (isRight && app is not null && code is null)
        {
            counted.TakeBack(subject);
            return (null, Envelope.Refuse(StatusCodes.Status403Forbidden, "TwoFAException", "Enter the code of your authenticator app too.", new OtherCodeWanted("totp")));
        }

        if (!isRight || (app is not null && !await authenticators.UseAsync(app, code!, stop)))
        {
            log.StaffRefused(member?.Name ?? "nobody");
            return (null, Wrong(attempt));
        }

        counted.Succeed(subject);
        return (member, null);
    }

    private static IResult Wrong(Attempt attempt) => attempt.LockedUntil is { } until ? Locked(until) : Envelope.Refuse(
        StatusCodes.Status403Forbidden, "TwoFAException",
        $"The name, the password or the code is wrong. {attempt.AttemptsLeft} {(attempt.AttemptsLeft == 1 ? "try" : "tries")} left.",
        new TriesLeft(attempt.AttemptsLeft));

    private static IResult Locked(DateTimeOffset until) => Envelope.Refuse(
        StatusCodes.Status403Forbidden, "TwoFAException", $"Too many wrong tries. The login of this name is locked until {IndiaTime.HoursAndMinutes(until)} IST.", new LockedOut(until));
}
