using Backup.Gateway.Api.Login;
using Backup.Gateway.Api.Tests.Refusals;
using Backup.Gateway.Api.Tests.Security;
using static Backup.Gateway.Api.Tests.Refusals.Situations;

namespace Backup.Gateway.Api.Tests.ApiDescription;

/// <summary>A request that is answered with yes: what the API's document says of the answer is held against it.</summary>
internal sealed record Sample(string Operation, string Path, string? Body = null)
{
    internal string? AskedBy { get; init; } = Provocation.Client;

    internal Func<TradersDoor, Task<string>>? Before { get; init; }

    /// <summary>What the browser sends along; null for nothing.</summary>
    internal Func<TradersDoor, string>? Cookie { get; init; }

    internal async Task<Answer> AskAsync()
    {
        await using var door = await TradersDoor.OpenAsync(PriceLimits, isOneClock: true);
        var order = Before is null ? "" : await Before(door);
        var body = Body?.Replace("{code}", door.Codes.Sent.GetValueOrDefault(Provocation.Client), StringComparison.Ordinal).Replace("{before}", order, StringComparison.Ordinal);
        var method = Operation[..Operation.IndexOf(' ', StringComparison.Ordinal)];
        return await door.SendWithTokenAsync(
            method, Path.Replace("{orderId}", order, StringComparison.Ordinal), AskedBy is null ? null : door.TokenOf(AskedBy), body, method == "POST" ? "second" : null,
            headers: Cookie is null ? [] : [("Cookie", Cookie(door))]);
    }
}

/// <summary>At least one for each operation that answers in JSON.</summary>
internal static class Samples
{
    private const string All = """{"all":true,"mode":"full"}""";

    internal static IReadOnlyList<Sample> Everything => [.. Logins, .. Trading];

    private static readonly Sample[] Logins =
    [
        new("POST /session/otp", "/session/otp", """{"client_id":"DEMO01"}""") { AskedBy = null },
        new("POST /session/token", "/session/token", """{"client_id":"DEMO01","code":"{code}"}""")
        {
            AskedBy = null,
            Before = async door => (await door.SendAsync("POST", "/session/otp", null, """{"client_id":"DEMO01"}""")).Body.ToJsonString(),
        },
        new("POST /session/token", "/session/token", "{before}") { AskedBy = null, Before = door => KiteApp.FieldsAsync(door, "request_token") },
        new("POST /session/request-token", "/session/request-token", """{"client_id":"DEMO01","code":"{code}","api_key":"app"}""")
        {
            AskedBy = null,
            Before = async door => (await door.SendAsync("POST", "/session/otp", null, """{"client_id":"DEMO01"}""")).Body.ToJsonString(),
        },
        new("POST /session/refresh_token", "/session/refresh_token", "{before}") { AskedBy = null, Before = door => KiteApp.FieldsAsync(door, "refresh_token") },
        new("POST /session/resume", "/session/resume")
        {
            AskedBy = null,
            Cookie = door => $"backup_session={door.Tokens.Issue("DEMO01", TradersDoor.SessionOf("DEMO01"), TimeSpan.FromHours(1), door.World.Clock.GetUtcNow(), TokenUse.Session)}",
        },
        new("POST /session/staff", "/session/staff", StaffLogins.Body) { AskedBy = null, Before = door => StaffLogins.AddAsync(door) },
        new("GET /user/profile", "/user/profile"),
        new("GET /user/profile", "/user/profile") { AskedBy = "staff:auditor" },
        new("POST /session/renew", "/session/renew") { AskedBy = "staff:operator" },
        new("POST /session/renew", "/session/renew"),
        new("POST /session/logout", "/session/logout"),
        new("GET /session/list", "/session/list"),
        new("GET /user/totp", "/user/totp"),
        new("POST /user/totp", "/user/totp"),
        new("POST /user/totp/confirm", "/user/totp/confirm", """{"totp":"{before}"}""") { Before = AuthenticatorApp.BeginAsync },
        new("POST /user/totp/remove", "/user/totp/remove", """{"totp":"{before}"}""") { Before = AuthenticatorApp.ConfirmedAsync },
        new("POST /session/token", "/session/token", """{"client_id":"DEMO01","totp":"{before}"}""") { AskedBy = null, Before = AuthenticatorApp.ConfirmedAsync },
        new("POST /session/revoke", "/session/revoke", """{"session_id":"session-of-DEMO01"}"""),
    ];

    private static readonly Sample[] Trading =
    [
        new("GET /events", "/events"),
        new("GET /events", "/events?after=1&stream=2026-11-19"),
        new("GET /portfolio/holdings", "/portfolio/holdings")
        {
            Before = async door =>
            {
                await door.World.OpenSharesAsync("DEMO01", 100, 20);
                return "";
            },
        },
        new("GET /trades", "/trades") { Before = Rests(75).PartTrades(75) },
        new("GET /quote/ltp", "/quote/ltp?i=NFO:NIFTY30DEC26000CE"),
        new("GET /portfolio/positions", "/portfolio/positions") { Before = Rests(75).PartTrades(75) },
        new("GET /orders", "/orders") { Before = Rests(300, trigger: 9050) },
        new("GET /orders/{orderId}", "/orders/{orderId}") { Before = Rests(300).PartTrades(75) },
        new("GET /orders/{orderId}/trades", "/orders/{orderId}/trades") { Before = Rests(300).PartTrades(75) },
        new("POST /orders/{variety}", "/orders/regular",
            """{"exchange":"NFO","tradingsymbol":"NIFTY30DEC26000CE","product":"NRML","transaction_type":"SELL","quantity":75,"order_type":"MARKET"}"""),
        new("PUT /orders/{variety}/{orderId}", "/orders/regular/{orderId}", """{"price":101.5}""") { Before = ExitOneLot },
        new("DELETE /orders/{variety}/{orderId}", "/orders/regular/{orderId}") { Before = ExitOneLot },
        new("POST /exits", "/exits", OneLot),
        new("POST /exits", "/exits", """{"positions":[{"exchange":"NFO","tradingsymbol":"NIFTY30DEC26000CE","product":"NRML"},{"exchange":"NSE","tradingsymbol":"X","product":"CNC"}],"mode":"full"}"""),
        new("POST /exits", "/exits", All) { Before = Spread },
        new("POST /exits/preview", "/exits/preview", OneLot),
        new("POST /exits/preview", "/exits/preview", All) { Before = Spread },
        new("POST /exits/preview", "/exits/preview", """{"positions":[{"exchange":"NSE","tradingsymbol":"X","product":"CNC"}],"mode":"full"}"""),
        new("GET /exits", "/exits") { Before = ExitOneLot },
        new("GET /exits/{exitId}", "/exits/first") { Before = RestsFarAway },
        new("POST /exits/{exitId}/stop", "/exits/first/stop", """{"cancel_orders":true}""") { Before = ExitOneLot },
        new("POST /exits/{exitId}/release-hedges", "/exits/first/release-hedges") { Before = ExitOneLot },
        new("GET /status", "/status") { AskedBy = null },
    ];

    /// <summary>An exit rests at the exchange above the market, so that a new price is offered for it.</summary>
    private static async Task<string> RestsFarAway(TradersDoor door)
    {
        var order = await ExitOneLot(door);
        await ConfirmAsync(door, order);
        door.World.SetPrice(9000);
        return order;
    }
}
