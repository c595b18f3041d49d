using Backup.Gateway.Api.Kite;
using Microsoft.AspNetCore.Http;

namespace Backup.Gateway.Api.Login;

/// <summary>Takes a one-time code, or says in words why it is none.</summary>
internal sealed class CodeCheck(IClientDirectory clients, OneTimeCodes codes)
{
    /// <returns>Null when the code is right: then it is used, and <paramref name="client"/> is who logged in.</returns>
    internal IResult? Check(string? clientId, string? code, out GatewayClient? client)
    {
        var id = clientId?.Trim().ToUpperInvariant() ?? "";
        client = clients.Find(id);
        if (client is not { Active: true })
        {
            return Envelope.Refuse(StatusCodes.Status403Forbidden, "UserException", "Client id is not known here, or is not active.");
        }

        return codes.Redeem(id, code?.Trim() ?? "", out var attemptsLeft, out var lockedUntil) switch
        {
            CodeResult.Accepted => null,
            CodeResult.Wrong => Envelope.Refuse(
                StatusCodes.Status403Forbidden, "TwoFAException", $"That code is wrong. {attemptsLeft} {(attemptsLeft == 1 ? "try" : "tries")} left.",
                new TriesLeft(attemptsLeft)),
            CodeResult.Expired => Envelope.Refuse(
                StatusCodes.Status403Forbidden, "TwoFAException", "There is no valid code for this client: it has expired, was used, or was never sent. Ask for a new one."),
            _ => Locked(lockedUntil),
        };
    }

    internal static IResult Locked(DateTimeOffset until) => Envelope.Refuse(
        StatusCodes.Status403Forbidden, "TwoFAException",
        $"Too many wrong codes. Login for this client is locked until {IndiaTime.HoursAndMinutes(until)} IST.",
        new LockedOut(until));
}
