using Backup.Actor.Kernel.Entities;
using static Backup.Gateway.Api.Tests.Refusals.Situations;

namespace Backup.Gateway.Api.Tests.Refusals;

/// <summary>Every no that is not the rulebook's: of the login, of a request that cannot be read, and of accounts that do not answer.</summary>
internal static class OtherErrors
{
    /// <summary>Stands for all operations that need a token.</summary>
    internal const string WithToken = "every operation with a token";

    /// <summary>Stands for all operations that ask the account.</summary>
    private const string OfAccount = "every operation of the account";

    private const string Order = "/orders/regular/{orderId}";
    private const string SendCode = "POST /session/otp";
    private const string EnterCode = "POST /session/token";

    private const string RequestToken = "POST /session/request-token";
    private const string RefreshToken = "POST /session/refresh_token";

    internal static IEnumerable<Provocation> All => Requests.Concat(Bodies).Concat(Logins).Concat(SessionErrors.All).Concat(StaffErrors.All).Concat(Silences);

    private static readonly Provocation[] Requests =
    [
        Of("TokenMissing", WithToken, "No token, or one of another kind.", "/orders") with { AskedBy = null },
        Of("KeyMissing", "POST /exits", "No Idempotency-Key, or one that is not 1 to 64 letters, digits, - or _.", "/exits", OneLot),
        Of("FieldWrong", "POST /exits", "A field says too little, too much, or something unknown.", "/exits", """{"all":true,"mode":"half"}""") with { Key = "second" },
        Of("FieldWrong", "POST /exits/preview", "A field says too little, too much, or something unknown.", "/exits/preview", """{"mode":"full"}"""),
        Of("NoSuchExit", "GET /exits/{exitId}", "The account has no exit of that name.", "/exits/none"),
        Of("NoSuchOrder", "GET /orders/{orderId}", "The account has no order of that number.", "/orders/DEMO01-99"),
        Of("NoSuchOrder", "GET /orders/{orderId}/trades", "The account has no order of that number.", "/orders/DEMO01-99/trades"),
        Of("NoOrderOfThisAccount", "PUT /orders/{variety}/{orderId}", "The number is not one of this account.", "/orders/regular/DEMO02-3", """{"price":101.5}"""),
        Of("FieldWrong", "PUT /orders/{variety}/{orderId}", "A field that cannot be changed here, or a value that cannot be read.", Order, """{"order_type":"MARKET"}""") with
        {
            Before = ExitOneLot,
        },
        Of("NoOrderOfThisAccount", "DELETE /orders/{variety}/{orderId}", "The number is not one of this account.", "/orders/regular/DEMO02-3"),
        Of("FieldWrong", "DELETE /orders/{variety}/{orderId}", "`confirm` names no warning of a cancel.", Order + "?confirm=yes") with { Before = ExitOneLot },
        Of("FieldWrong", "POST /orders/{variety}", "A field is absent, unknown, or has a value that it cannot have here.", "/orders/regular",
            """{"transaction_type":"SELL","quantity":75,"order_type":"SL"}"""),
        Of("FundsUnknown", "GET /user/margins", "Always: the main site keeps the funds.", "/user/margins"),
        Of("FundsUnknown", "GET /user/margins/{segment}", "Always: the main site keeps the funds.", "/user/margins/equity"),
        Of("FieldWrong", "GET /quote/ltp", "No instrument, or too many.", "/quote/ltp"),
        Of("FieldWrong", "GET /instruments/{exchange}", "Nothing of that exchange is traded here.", "/instruments/MCX"),
        Of("NoWebSocket", "GET /ws", "The request is none for a WebSocket.", "/ws"),
        Of("KeyWrong", "POST /orders/{variety}", "An Idempotency-Key that is not 1 to 64 letters, digits, - or _.", "/orders/regular",
            """{"exchange":"NFO","tradingsymbol":"NIFTY30DEC26000CE","product":"NRML","transaction_type":"SELL","quantity":75,"order_type":"MARKET"}""") with
        {
            Key = "two words",
        },
    ];

    private static IEnumerable<Provocation> Bodies =>
        from asked in new[] { "POST /exits", "POST /exits/preview", "POST /exits/{exitId}/stop", SendCode, EnterCode, "POST /session/staff", "POST /session/revoke", "POST /user/totp/confirm", "POST /user/totp/remove" }
        let path = asked["POST ".Length..].Replace("{exitId}", "second", StringComparison.Ordinal)
        select Of("BodyUnreadable", asked, "The body is not the JSON that is described, or has a field that is not.", path, """{"side":"BUY"}""") with { Key = "second" };

    private static readonly Provocation[] Logins =
    [
        Of("ClientIdMissing", SendCode, "No client id, or one of more than ten characters.", "/session/otp", """{"client_id":""}""") with { AskedBy = null },
        Of("CodeSentAlready", SendCode, "Another code was sent a moment ago.", "/session/otp", """{"client_id":"DEMO01"}""") with { AskedBy = null, Before = AskForCode },
        Of("CodeWrong", EnterCode, "The code is another one.", "/session/token", WrongCode) with { AskedBy = null, Before = AskForCode },
        Of("CodeGone", EnterCode, "The code has expired, was used, or was never sent.", "/session/token", WrongCode) with { AskedBy = null },
        Of("LockedOut", EnterCode, "Too many wrong codes in a row.", "/session/token", WrongCode) with
        {
            AskedBy = null,
            Before = async door =>
            {
                await AskForCode(door);
                for (var attempt = 1; attempt < door.World.Options.CodeAttemptsMax; attempt++)
                {
                    await door.SendAsync("POST", "/session/token", null, WrongCode);
                }

                return "";
            },
        },
        Of("CodeNotSent", SendCode, "Neither SMS nor e-mail takes the code.", "/session/otp", """{"client_id":"DEMO01"}""") with
        {
            AskedBy = null,
            Before = door =>
            {
                door.Codes.IsDown = true;
                return Nothing(door);
            },
        },
        Of("CodesOfTheDayUsed", SendCode, "The client was sent as many codes as a day allows.", "/session/otp", """{"client_id":"DEMO01"}""") with
        {
            AskedBy = null,
            Before = async door =>
            {
                for (var sent = 0; sent < door.World.Options.CodesPerClientPerDay; sent++)
                {
                    await AskForCode(door);
                    door.World.Clock.Advance(door.World.Options.CodeResendAfter);
                }

                return "";
            },
        },
        Of("TooManyLogins", SendCode, "More logins from one address than a minute takes.", "/session/otp", """{"client_id":"DEMO01"}""") with { AskedBy = null, Before = Storm },
        Of("TooManyLogins", EnterCode, "More logins from one address than a minute takes.", "/session/token", WrongCode) with { AskedBy = null, Before = Storm },
        Of("AppUnknown", RequestToken, "The broker has let no app in, or another one.", "/session/request-token", """{"client_id":"DEMO01","code":"123456","api_key":"other"}""") with { AskedBy = null },
        Of("CodeWrong", RequestToken, "The code is another one.", "/session/request-token", """{"client_id":"DEMO01","code":"nothing","api_key":"app"}""") with { AskedBy = null, Before = AskForCode },
        Of("BodyUnreadable", RequestToken, "The body is not the JSON that is described, or has a field that is not.", "/session/request-token", """{"side":"BUY"}""") with { AskedBy = null },
        Of("AppUnknown", EnterCode, "The broker has let no app in, or another one.", "/session/token", """{"api_key":"other","request_token":"x","checksum":"x"}""") with { AskedBy = null },
        Of("ChecksumWrong", EnterCode, "The checksum is that of another token or secret.", "/session/token", """{"api_key":"app","request_token":"x","checksum":"x"}""") with { AskedBy = null },
        Of("FieldWrong", RefreshToken, "The fields are not Kite's.", "/session/refresh_token", "{}") with { AskedBy = null },
        Of("ChecksumWrong", RefreshToken, "The checksum is that of another token or secret.", "/session/refresh_token", """{"api_key":"app","refresh_token":"x","checksum":"x"}""") with
        {
            AskedBy = null,
        },
        Of("NoSession", "POST /session/resume", "No cookie, or one that has expired.", "/session/resume") with { AskedBy = null },
        Of("SessionEnded", "POST /session/renew", "The login is older than a session lasts, or the client is not active any more.", "/session/renew") with { AskedBy = "DEMO03" },
    ];

    private static readonly Provocation[] Silences =
    [
        Of("Defect", OfAccount, "A defect of ours. Nothing was done.", "/orders") with { Silence = AskStatus.Failed },
        Of("Busy", OfAccount, "Nothing was done; `Retry-After` says when to come again.", "/orders") with { Silence = AskStatus.Busy },
        Of("OutOfService", OfAccount, "The account waits for an operator. Nothing was done.", "/orders") with { Silence = AskStatus.Quarantined },
        Of("OutcomeUnknown", OfAccount, "No answer in time: whether it was done is not known. The same request with the same key never does it twice.", "/orders") with
        {
            Silence = AskStatus.OutcomeUnknown,
        },
    ];

    private const string WrongCode = """{"client_id":"DEMO01","code":"nothing"}""";

    internal static Provocation Of(string name, string operation, string when, string path, string? body = null) => new(null, operation, when, path, body) { Name = name };

    internal static async Task<string> Storm(TradersDoor door)
    {
        for (var login = 0; login < door.World.Options.LoginsPerAddressPerMinute; login++)
        {
            await door.SendAsync("POST", "/session/token", null, WrongCode);
        }

        return "";
    }

    private static async Task<string> AskForCode(TradersDoor door)
    {
        await door.SendAsync("POST", "/session/otp", null, """{"client_id":"DEMO01"}""");
        return "";
    }
}
