using System.Security.Claims;
using Backup.Account.Domain;
using Backup.Gateway.Api.Access;
using Backup.Gateway.Api.Description;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Backup.Gateway.Api.Kite;

/// <summary>Exits of the caller's own account: of one position, of selected ones, of a group, of all.</summary>
internal static class ExitEndpoints
{
    private const int ExitIdLengthMax = 64;

    internal static void MapExits(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/exits", StartAsync).About(Reach.Changing).Describe(EndpointTexts.Exit);
        routes.MapPost("/exits/preview", (ExitRequest request, ClaimsPrincipal user, ExitViews exits, AccountDoor door, CancellationToken stop) =>
            door.AskAsync(user, new AccountCommand.Show(), reply => exits.Preview(((AccountReply.Shown)reply).State, request), stop)).About(Reach.Trying).Describe(EndpointTexts.Preview);
        routes.MapGet("/exits", (ClaimsPrincipal user, ExitViews exits, AccountDoor door, CancellationToken stop) =>
            door.AskAsync(user, new AccountCommand.Show(), reply => exits.All(((AccountReply.Shown)reply).State), stop)).About(Reach.Reading).Describe(EndpointTexts.Exits);
        routes.MapGet("/exits/{exitId}", (string exitId, ClaimsPrincipal user, ExitViews exits, AccountDoor door, CancellationToken stop) =>
            door.AskAsync(user, new AccountCommand.Show(), reply => exits.One(((AccountReply.Shown)reply).State, exitId), stop)).About(Reach.Reading).Describe(EndpointTexts.OneExit);
        routes.MapPost("/exits/{exitId}/stop", (string exitId, StopRequest request, ClaimsPrincipal user, ExitViews exits, AccountDoor door, CancellationToken stop) =>
            StopAsync(exitId, request, Instruction.Of(user), user, exits, door, stop))
            .About(Reach.Changing).Describe(EndpointTexts.StopExit);
        routes.MapPost("/exits/{exitId}/release-hedges", (string exitId, ClaimsPrincipal user, ExitViews exits, AccountDoor door, CancellationToken stop) =>
            ReleaseAsync(exitId, Instruction.Of(user), user, exits, door, stop))
            .About(Reach.Changing).Describe(EndpointTexts.ReleaseHedges);
    }

    private static Task<IResult> StopAsync(
        string exitId, StopRequest request, Instruction asked, ClaimsPrincipal user, ExitViews exits, AccountDoor door, CancellationToken stop) =>
        door.AskAsync(user, new AccountCommand.StopPlan(exitId, request.CancelOrders ?? false, asked.By, asked.Evidence), exits.Shown, stop);

    private static Task<IResult> ReleaseAsync(string exitId, Instruction asked, ClaimsPrincipal user, ExitViews exits, AccountDoor door, CancellationToken stop) =>
        door.AskAsync(user, new AccountCommand.ReleaseHedges(exitId, asked.By, asked.Evidence), exits.Shown, stop);

    private static async Task<IResult> StartAsync(
        ExitRequest request, [FromHeader(Name = "Idempotency-Key")] string? key, ClaimsPrincipal user, ExitViews exits, AccountDoor door,
        CancellationToken stop)
    {
        if (WrongKey(key) is { } wrongKey)
        {
            return wrongKey;
        }

        return await door.AskAsync(user, new AccountCommand.Show(), async reply =>
        {
            var state = ((AccountReply.Shown)reply).State;
            if (state.Plans.TryGetValue(key!, out var earlier) && !request.IsOne)
            {
                // Positions chosen by what they have in common are others once the first has gone: the id alone says that it is the same exit.
                return exits.Data(state, earlier);
            }

            var (command, wrong) = exits.Command(state, request, key!, Instruction.Of(user));
            return command is null ? Envelope.InputError(wrong!) : await door.AskAsync(user, command, exits.Shown, stop);
        }, stop);
    }

    /// <summary>Null when the key can name an exit.</summary>
    internal static IResult? WrongKey(string? key) =>
        key is null || key.Length is 0 or > ExitIdLengthMax || key.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
            ? Envelope.InputError(
                $"Idempotency-Key: expected a header of 1 to {ExitIdLengthMax} letters, digits, - or _ that is new for each exit; found {(key is null ? "none" : "something else")}.")
            : null;
}

/// <summary>The body of POST /exits/{id}/stop.</summary>
/// <param name="CancelOrders">Also cancel what works at the exchange.</param>
public sealed record StopRequest(bool? CancelOrders);
