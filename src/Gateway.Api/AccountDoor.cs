using System.Security.Claims;
using Backup.Account.Domain;
using Backup.Actor.Kernel.Entities;
using Backup.Actor.Kernel.Regions;
using Backup.Gateway.Api.Kite;
using Microsoft.AspNetCore.Http;

namespace Backup.Gateway.Api;

/// <summary>Asks the account that the request is about, and turns "no answer" into an honest HTTP answer.</summary>
public sealed class AccountDoor(IEntityRegion<AccountCommand, AccountReply, AccountState> accounts, GatewayOptions options)
{
    /// <summary>The client whom the request is about: whose token it brings, or for whom one of the broker's people asks.</summary>
    public static string ClientOf(ClaimsPrincipal user) => FindClient(user) ?? throw new InvalidOperationException("a request that may ask an account has one");

    /// <summary>Null when the request is about its caller, who has no account.</summary>
    internal static string? FindClient(ClaimsPrincipal user) => user.FindFirstValue(Login.TokenAuthentication.AccountClaim);

    /// <summary>Asks, and hands the answer to <paramref name="then"/>; refusals and missing answers are answered here.</summary>
    public Task<IResult> AskAsync(ClaimsPrincipal user, AccountCommand command, Func<AccountReply, IResult> then, CancellationToken cancellationToken) =>
        AskAsync(user, command, reply => Task.FromResult(then(reply)), cancellationToken);

    /// <summary>As above, where what follows asks again.</summary>
    public async Task<IResult> AskAsync(ClaimsPrincipal user, AccountCommand command, Func<AccountReply, Task<IResult>> then, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(then);
        var client = ClientOf(user);
        var result = await accounts.AskAsync(client, command, options.AskDeadline, cancellationToken);
        return result switch
        {
            { Status: AskStatus.Answered, Reply: AccountReply.Refused refused } => Refuse(client, refused.Refusal),
            { Status: AskStatus.Answered } => await then(result.Reply!),
            _ => NoAnswer(result),
        };
    }

    /// <summary>Our no as the API says it: one of Kite's error types where Kite has a word for it, and always the code and the facts that decided.</summary>
    internal static IResult Refuse(string client, Refusal refusal)
    {
        var (status, type) = refusal.Code switch
        {
            RefusalCode.NoSuchOrder or RefusalCode.NoSuchPlan => (StatusCodes.Status404NotFound, "OrderException"),
            RefusalCode.OrderIsFinal or RefusalCode.NothingToChange or RefusalCode.OrderBusy or RefusalCode.PriceNotATickMultiple
                or RefusalCode.NotAStopOrder => (StatusCodes.Status400BadRequest, "OrderException"),
            RefusalCode.ExitIdReused => (StatusCodes.Status409Conflict, "InputException"),
            RefusalCode.TooManyRequests => (StatusCodes.Status429TooManyRequests, "NetworkException"),
            _ => (StatusCodes.Status400BadRequest, "ReduceOnlyException"),
        };
        var facts = new RefusalFacts(
            (int)refusal.Code,
            refusal.Code.ToString(),
            refusal.Net,
            refusal.PendingExit,
            refusal.Closable,
            refusal.BlockingOrders.IsDefault ? [] : [.. refusal.BlockingOrders.Select(id => id.In(client))],
            [.. refusal.Warnings.Select(WarningNames.Of)]);
        return refusal.RetryAfter is { } wait ? Envelope.RefuseFor(wait, status, type, refusal.Message, facts) : Envelope.Refuse(status, type, refusal.Message, facts);
    }

    private static IResult NoAnswer(AskResult<AccountReply> result) => result.Status switch
    {
        AskStatus.OutcomeUnknown => Envelope.Refuse(
            StatusCodes.Status504GatewayTimeout, "NetworkException",
            "No answer in time, so it is not known whether this was done. Ask again with the same Idempotency-Key: it is never done twice."),
        AskStatus.Quarantined => Envelope.Refuse(
            StatusCodes.Status503ServiceUnavailable, "GeneralException",
            "This account is out of service until an operator has looked at it. Nothing was done. Call the help desk."),
        AskStatus.Failed => Envelope.Refuse(
            StatusCodes.Status500InternalServerError, "GeneralException", "This request met a defect of ours. Nothing was done. Call the help desk."),
        AskStatus.NotOwner => Envelope.RefuseFor(
            TimeSpan.FromSeconds(1), StatusCodes.Status503ServiceUnavailable, "NetworkException",
            "Your account is not served here at the moment: another node has it, or takes it over. Nothing was done; try again in a moment."),
        _ => Envelope.RefuseFor(
            TimeSpan.FromSeconds(1), StatusCodes.Status503ServiceUnavailable, "NetworkException", "The system is busy. Nothing was done; try again in a moment."),
    };
}
