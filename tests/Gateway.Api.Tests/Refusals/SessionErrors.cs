using Backup.Gateway.Api.Tests.Security;
using static Backup.Gateway.Api.Tests.Refusals.OtherErrors;
using static Backup.Gateway.Api.Tests.Refusals.Situations;

namespace Backup.Gateway.Api.Tests.Refusals;

/// <summary>Every no of sessions and authenticator apps.</summary>
internal static class SessionErrors
{
    internal static IEnumerable<Provocation> All =>
    [
        Of("CodeWrong", "POST /user/totp/confirm", "The code is another one, or there is nothing to confirm.", "/user/totp/confirm", """{"totp":"nothing"}"""),
        Of("CodeWrong", "POST /user/totp/remove", "The code is another one, or there is nothing to remove.", "/user/totp/remove", """{"totp":"nothing"}"""),
        Of("AuthenticatorThere", "POST /user/totp", "The client has a confirmed authenticator.", "/user/totp") with { Before = AuthenticatorApp.ConfirmedAsync },
        Of("FieldWrong", "POST /session/revoke", "Neither of the two fields, or both.", "/session/revoke", "{}"),
        Of("NoSuchSession", "POST /session/revoke", "The client has no session of that id.", "/session/revoke", """{"session_id":"none"}"""),
        .. from asked in new[] { "GET /session/list", "POST /session/revoke", "POST /session/renew", "POST /session/logout" }
           let path = asked[asked.IndexOf('/', StringComparison.Ordinal)..]
           select Of("SessionsAway", asked, "Sessions cannot be read or written at the moment.", path, asked.EndsWith("revoke", StringComparison.Ordinal) ? """{"others":true}""" : null) with
           {
               Before = door =>
               {
                   door.Sessions.IsAway = true;
                   return Nothing(door);
               },
           },
    ];
}
