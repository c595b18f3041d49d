using Microsoft.Extensions.Logging;

namespace Backup.Gateway.Api.Login;

/// <summary>What is logged of logins, for whoever looks into an attack or a complaint. No code, token, or name that is nobody's: that may be a secret in the wrong field.</summary>
internal static partial class LoginLog
{
    [LoggerMessage(1, LogLevel.Information, "Client {ClientId} has logged in from {Address}: {Device}")]
    internal static partial void LoggedIn(this ILogger log, string clientId, string address, string device);

    [LoggerMessage(2, LogLevel.Warning, "A login as {ClientId} was refused: its codes were not right")]
    internal static partial void Refused(this ILogger log, string clientId);

    [LoggerMessage(3, LogLevel.Information, "{Subject} has {Count} sessions less: they were ended")]
    internal static partial void SessionsEnded(this ILogger log, string subject, int count);

    [LoggerMessage(4, LogLevel.Warning, "{Subject} has added an authenticator app; a login needs it: {IsSecondFactor}")]
    internal static partial void AuthenticatorAdded(this ILogger log, string subject, bool isSecondFactor);

    [LoggerMessage(5, LogLevel.Warning, "{Subject} has removed his authenticator app")]
    internal static partial void AuthenticatorRemoved(this ILogger log, string subject);

    [LoggerMessage(6, LogLevel.Information, "{Name} of the staff ({Role}) has logged in from {Address}: {Device}")]
    internal static partial void StaffLoggedIn(this ILogger log, string name, string role, string address, string device);

    [LoggerMessage(7, LogLevel.Warning, "A login of the staff as {Name} was refused: password or code was not right")]
    internal static partial void StaffRefused(this ILogger log, string name);

    [LoggerMessage(8, LogLevel.Information, "{Staff} ({Role}) asks for client {ClientId}, evidence {Evidence}: {Method} {Path}")]
    internal static partial void ActsFor(this ILogger log, string staff, string role, string clientId, string evidence, string method, string path);

    [LoggerMessage(9, LogLevel.Warning, "Client {ClientId} could not be told that his login has changed: {Reason}")]
    internal static partial void NotTold(this ILogger log, string clientId, string reason);
}
