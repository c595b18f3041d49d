using Microsoft.Extensions.Logging;

namespace Backup.Gateway.Api.Login.Totp;

/// <summary>Tells a client that his login has changed, where whoever changed it may not read it. The broker's people have no address here.</summary>
public sealed class AuthenticatorNews(ICodeSender sender, IClientDirectory clients, TimeProvider clock, ILogger<AuthenticatorNews> log)
{
    /// <summary>Returns at once: that the message goes out is not what the change waits for.</summary>
    /// <param name="subject">Whose login it is.</param>
    /// <param name="change">A sentence without its end: a time follows.</param>
    public void Tell(string subject, string change)
    {
        if (clients.Find(subject) is { } client)
        {
            _ = SendAsync(client, $"{change} at {IndiaTime.HoursAndMinutes(clock.GetUtcNow())} IST. If you did not want that, call your broker at once.");
        }
    }

    private async Task SendAsync(GatewayClient client, string text)
    {
        try
        {
            await sender.TellAsync(client, "Your login for backup trading", text, CancellationToken.None);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            log.NotTold(client.Id, failure.Message);
        }
    }
}
