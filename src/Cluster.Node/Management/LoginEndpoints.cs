using Backup.Actor.Kernel.Sessions;
using Backup.Cluster.Node.Gateway;
using Backup.Cluster.Node.Settings;
using Backup.Gateway.Api.Kite;
using Backup.Gateway.Api.Login.Staff;
using Backup.Gateway.Api.Login.Totp;

namespace Backup.Cluster.Node.Management;

/// <summary>What operators do about logins: the keys of the tokens, and a client who has lost his telephone.</summary>
internal static class LoginEndpoints
{
    private const int SignAfterSecondsMax = 7 * 24 * 3600;

    internal static void MapLogins(this RouteGroupBuilder manage)
    {
        manage = manage.OrAway();
        manage.MapGet("/token-keys", (TokenKeyFile file) => Envelope.Data(Show(file)));
        manage.MapPost("/token-keys/rotate", Rotate);
        manage.MapPost("/clients/{client}/authenticator/remove", RemoveAuthenticatorAsync);
        manage.MapPost(
            "/staff/{name}/authenticator/remove",
            (string name, RemoveAuthenticatorRequest request, IAuthenticatorStore authenticators, AuthenticatorNews news, ILogger<TokenKeyFile> log, CancellationToken stop) =>
                RemoveAuthenticatorAsync(StaffDirectory.SubjectOf(name), request, authenticators, news, log, stop));
    }

    private static IResult Rotate(RotateRequest request, TokenKeyFile file, NodeSettings settings, ILogger<TokenKeyFile> log)
    {
        if (request.SignAfterSeconds is not (>= 0 and <= SignAfterSecondsMax))
        {
            return Envelope.InputError($"sign_after_seconds: expected 0 to {SignAfterSecondsMax}.");
        }

        try
        {
            file.Rotate(TimeSpan.FromSeconds(request.SignAfterSeconds.Value), settings.Gateway.Options.SessionLifetime);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return Envelope.Refuse(StatusCodes.Status409Conflict, "GeneralException", $"The key was not changed: {wrong.Message}");
        }

        log.LogWarning("An operator has rotated the key of access tokens: {Key} signs from {SignsFrom}", file.Keys.All[0].Id, file.Keys.All[0].SignsFrom);
        return Envelope.Data(Show(file));
    }

    private static object Show(TokenKeyFile file) => new
    {
        File = Path.GetFullPath(file.Location),
        Keys = file.Keys.All.Select(key => new { key.Id, SignsFrom = key.SignsFrom == DateTimeOffset.MinValue ? (DateTimeOffset?)null : key.SignsFrom, Signs = key == file.Keys.Signing }),
    };

    private static async Task<IResult> RemoveAuthenticatorAsync(
        string client, RemoveAuthenticatorRequest request, IAuthenticatorStore authenticators, AuthenticatorNews news, ILogger<TokenKeyFile> log, CancellationToken stop)
    {
        if (string.IsNullOrWhiteSpace(request.By) || string.IsNullOrWhiteSpace(request.Reason))
        {
            return Envelope.InputError("body: expected by and reason: it takes a protection away, and somebody will ask.");
        }

        if (!await authenticators.RemoveAsync(client, stop))
        {
            return Envelope.Refuse(StatusCodes.Status404NotFound, "InputException", $"{client} has no authenticator.");
        }

        log.LogWarning("{By} has removed the authenticator of {ClientId}: {Reason}", request.By, client, request.Reason);
        news.Tell(client, "Your broker has removed the authenticator app from your login for backup trading");
        return Envelope.Data(new { Client = client });
    }
}

/// <summary>How long the file has until every node must have it.</summary>
internal sealed record RotateRequest(int? SignAfterSeconds);

/// <summary>Who removes a client's authenticator, and why.</summary>
internal sealed record RemoveAuthenticatorRequest(string? By, string? Reason);
