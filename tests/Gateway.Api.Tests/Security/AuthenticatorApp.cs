using System.Net;
using Backup.Gateway.Api.Login.Totp;
using Xunit;

namespace Backup.Gateway.Api.Tests.Security;

/// <summary>Somebody's telephone with an authenticator app on it.</summary>
internal sealed class AuthenticatorApp(TradersDoor door, byte[] secret)
{
    private const string Client = "DEMO01";

    internal byte[] Secret => secret;

    /// <summary>The code that the app shows now, or so many steps from now.</summary>
    internal string Code(int steps = 0) => TotpCode.Of(secret, TotpCode.StepOf(door.World.Clock.GetUtcNow()) + steps);

    /// <summary>Of six digits, and no code of now or its neighbours.</summary>
    internal string WrongCode() => Enumerable.Range(0, 4).Select(number => $"00000{number}").First(code => TotpCode.FindStep(secret, code, door.World.Clock.GetUtcNow()) is null);

    /// <summary>Begun, by a login of this moment.</summary>
    internal static async Task<AuthenticatorApp> AddAsync(TradersDoor door, string subject = Client)
    {
        var begun = await door.SendAsync("POST", "/user/totp", subject);
        Assert.Equal(HttpStatusCode.OK, begun.Status);
        return new AuthenticatorApp(door, FromBase32((string)begun.Data["secret"]!));
    }

    /// <summary>Begun and confirmed; the step of this moment is used by that.</summary>
    internal static async Task<AuthenticatorApp> AddConfirmedAsync(TradersDoor door, bool isSecondFactor = false, string subject = Client)
    {
        var app = await AddAsync(door, subject);
        var confirmed = await door.SendAsync("POST", "/user/totp/confirm", subject, $$"""{"totp":"{{app.Code()}}","second_factor":{{(isSecondFactor ? "true" : "false")}}}""");
        Assert.Equal(HttpStatusCode.OK, confirmed.Status);
        return app;
    }

    /// <summary>The code with which it can be confirmed.</summary>
    internal static async Task<string> BeginAsync(TradersDoor door) => (await AddAsync(door)).Code();

    /// <summary>A code of a confirmed one.</summary>
    internal static async Task<string> ConfirmedAsync(TradersDoor door) => (await AddConfirmedAsync(door)).Code(1);

    internal static byte[] FromBase32(string text)
    {
        var bits = text.SelectMany(letter => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(letter, StringComparison.Ordinal), 2).PadLeft(5, '0')).ToArray();
        return [.. bits.Chunk(8).Where(eight => eight.Length == 8).Select(eight => Convert.ToByte(new string(eight), 2))];
    }
}
