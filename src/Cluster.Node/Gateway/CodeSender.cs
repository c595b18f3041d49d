using System.Globalization;
using System.Net.Mail;
using Backup.Cluster.Node.Settings;
using Backup.Gateway.Api;

namespace Backup.Cluster.Node.Gateway;

/// <summary>Sends a message by SMS and by e-mail; one of the two arriving is enough, both failing is an error.</summary>
internal sealed class CodeSender(NoticeSettings settings, HttpClient http, ILogger<CodeSender> log) : ICodeSender
{
    private const string Sms = "SMS to the registered mobile number";
    private const string Mail = "e-mail to the registered address";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public IReadOnlyList<string> Ways { get; } = [.. settings.SmsUrl.Length > 0 ? [Sms] : Array.Empty<string>(), .. settings.SmtpHost.Length > 0 ? [Mail] : Array.Empty<string>()];

    public Task<IReadOnlyList<string>> SendAsync(GatewayClient client, string code, TimeSpan goodFor, CancellationToken cancellationToken) => SendAsync(
        client, "Your one-time code",
        string.Create(CultureInfo.InvariantCulture, $"{code} is your one-time code for backup trading. It is good for {goodFor.TotalMinutes:F0} minutes. Never tell it to anybody."),
        cancellationToken);

    public Task TellAsync(GatewayClient client, string title, string text, CancellationToken cancellationToken) => SendAsync(client, title, text, cancellationToken);

    private async Task<IReadOnlyList<string>> SendAsync(GatewayClient client, string title, string text, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        var sent = await Task.WhenAll(
            TryAsync("SMS", client, settings.SmsUrl.Length > 0, () => SendSmsAsync(client, text, patience.Token)),
            TryAsync("e-mail", client, settings.SmtpHost.Length > 0, () => SendMailAsync(client, title, text, patience.Token)));
        var reached = sent.OfType<string>().ToArray();
        return reached.Length > 0 ? reached : throw new InvalidOperationException("neither SMS nor e-mail took the message");
    }

    /// <returns>What may be shown, or null when this way is off or failed.</returns>
    private async Task<string?> TryAsync(string way, GatewayClient client, bool on, Func<Task<string>> send)
    {
        try
        {
            return on ? await send() : null;
        }
        catch (Exception failure) when (failure is HttpRequestException or SmtpException or OperationCanceledException or InvalidOperationException)
        {
            log.LogWarning("The {Way} for client {ClientId} was not taken: {Reason}", way, client.Id, failure.Message);
            return null;
        }
    }

    private async Task<string> SendSmsAsync(GatewayClient client, string text, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync(settings.SmsUrl, new { to = client.Mobile, text }, cancellationToken);
        response.EnsureSuccessStatusCode();
        return Sms;
    }

    private async Task<string> SendMailAsync(GatewayClient client, string title, string text, CancellationToken cancellationToken)
    {
        using var smtp = new SmtpClient(settings.SmtpHost, settings.SmtpPort);
        using var mail = new MailMessage(settings.SmtpFrom, client.Email, title, text);
        await smtp.SendMailAsync(mail, cancellationToken);
        return Mail;
    }
}
