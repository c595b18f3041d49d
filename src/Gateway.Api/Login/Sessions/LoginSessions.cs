using System.Buffers.Text;
using System.Security.Cryptography;
using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Sessions;
using Backup.Gateway.Api.Kite;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Backup.Gateway.Api.Login.Sessions;

/// <summary>Opens, continues and ends sessions; what the store cannot say is answered here.</summary>
internal sealed class LoginSessions(ISessionStore store, EndedSessions ended, People people, GatewayOptions options, TimeProvider clock, ILogger<LoginSessions> log)
{
    private const int DeviceLengthMax = 80;

    /// <summary>128 random bits, so that nobody meets one by trying.</summary>
    internal static string NewId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    /// <param name="id">Of a session that nobody has opened.</param>
    /// <param name="app">The app of Kite Connect that has the session; null: the page.</param>
    /// <exception cref="JournalException">It could not be written down.</exception>
    internal async Task<LoginSession?> OpenAsync(Person person, string id, DateTimeOffset loggedInAt, HttpContext context, string? app = null)
    {
        var device = DeviceWords.Of(context.Request.Headers.UserAgent.ToString());
        var now = clock.GetUtcNow();
        var session = new LoginSession(
            id, person.Subject, app is null ? device : Cut($"app {app} ({device})"), context.Connection.RemoteIpAddress?.ToString() ?? "unknown", loggedInAt, now,
            loggedInAt + options.SessionLifetime);
        if (await store.OpenAsync(session, options.SessionsPerClient, context.RequestAborted) is not { } pushedOut)
        {
            return null;
        }

        ended.Add(pushedOut);
        if (person.ClientId is { } client)
        {
            log.LoggedIn(client, session.Address, session.Device);
        }
        else
        {
            log.StaffLoggedIn(person.Name, person.Role, session.Address, session.Device);
        }

        return session;
    }

    /// <summary>The session and whose it is, if both are still good for another token.</summary>
    /// <exception cref="JournalException">Nobody knows.</exception>
    internal async Task<(LoginSession Session, Person Person)?> ContinueAsync(TokenHolder holder, CancellationToken stop) =>
        !ended.Contains(holder.SessionId) && await people.FindAsync(holder.Subject, stop) is { } person
        && await store.SeeAsync(holder.SessionId, clock.GetUtcNow(), stop) is { } session && session.Subject == person.Subject
            ? (session, person)
            : null;

    internal async Task<IReadOnlyList<SessionView>> ListAsync(string subject, string current, CancellationToken stop) =>
        [.. (await store.ReadAsync(subject, clock.GetUtcNow(), stop)).Select(session => SessionView.Of(session, current))];

    /// <summary>Ends one session of the subject, or all but one: here at once, on every other node within <see cref="GatewayOptions.EndedSessionsPoll"/>.</summary>
    /// <returns>How many lived until now.</returns>
    /// <exception cref="JournalException">Nobody knows whether it was done.</exception>
    internal async Task<int> EndAsync(string subject, string? only, string? except, CancellationToken stop)
    {
        var gone = await store.EndAsync(subject, only, except, stop);
        ended.Add(gone);
        log.SessionsEnded(subject, gone.Count);
        return gone.Count;
    }

    /// <summary>This node takes no token of the session any more.</summary>
    internal void EndHere(string sessionId) => ended.Add([sessionId]);

    internal static IResult Over() => Envelope.Refuse(StatusCodes.Status403Forbidden, "TokenException", "Your session has ended. Log in again.");

    /// <summary>
    /// For every endpoint that asks the stores of the logins. Nobody is thrown out because one is away: what the caller has stays good, and he comes again.
    /// </summary>
    internal static async ValueTask<object?> OrAwayAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (JournalException)
        {
            return Away;
        }
    }

    /// <summary>Who logs in, or with what, is not to be found out now.</summary>
    internal static IResult Away => Envelope.RefuseFor(
        TimeSpan.FromSeconds(1), StatusCodes.Status503ServiceUnavailable, "NetworkException",
        "Sessions cannot be read or written at the moment. The one that you have goes on; try again in a moment.");

    private static string Cut(string text) => text.Length <= DeviceLengthMax ? text : text[..DeviceLengthMax];
}
