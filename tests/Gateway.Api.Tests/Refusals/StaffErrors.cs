using Backup.Gateway.Api.Tests.Security;
using static Backup.Gateway.Api.Tests.Refusals.OtherErrors;

namespace Backup.Gateway.Api.Tests.Refusals;

/// <summary>Every no of roles, of who acts for a client, and of the login of the broker's people.</summary>
internal static class StaffErrors
{
    /// <summary>Stands for all operations that the broker's people ask for a client.</summary>
    private const string ForClient = "every operation for a client";

    /// <summary>Stands for all operations that change something.</summary>
    private const string WithEvidence = "every operation with evidence";

    private const string LogIn = "POST /session/staff";
    private const string Desk = "staff:assisted-desk";
    private const string WrongPassword = """{"name":"asha","password":"not her password at all"}""";

    internal static IEnumerable<Provocation> All =>
    [
        Of("RoleTooSmall", WithToken, "The role of the token does not reach this operation.", "/orders") with { AskedBy = "staff:operator" },
        Of("NotForClients", WithToken, "A client's own token came with the headers of the broker's people.", "/orders") with { Headers = [("X-Act-For", "DEMO02")] },
        Of("ClientMissing", ForClient, "One of the broker's people did not say for whom he asks.", "/orders") with { AskedBy = Desk },
        Of("ClientUnknown", ForClient, "There is no such client, or he is not active any more.", "/orders") with { AskedBy = Desk, Headers = [("X-Act-For", "NOBODY")] },
        Of("EvidenceMissing", WithEvidence, "The dealing desk gave no reference of a recorded call or mail, or one that cannot be one.", "/orders/regular/DEMO01-3") with
        {
            AskedBy = Desk, AnyMethod = "DELETE", Headers = [("X-Act-For", "DEMO01")],
        },
        .. from asked in new[] { "GET /session/list", "GET /user/totp" }
           select Of("OwnLoginOnly", asked, "A client's sessions and authenticator are his own.", asked[4..]) with { AskedBy = Desk, Headers = [("X-Act-For", "DEMO01")] },
        Of("FieldWrong", LogIn, "No name or no password.", "/session/staff", """{"name":"asha"}""") with { AskedBy = null },
        Of("PasswordWrong", LogIn, "The name, the password or the code is wrong; which of them is not told.", "/session/staff", WrongPassword) with { AskedBy = null },
        Of("LockedOut", LogIn, "Too many wrong tries in a row.", "/session/staff", WrongPassword) with
        {
            AskedBy = null,
            Before = async door =>
            {
                for (var attempt = 1; attempt < door.World.Options.CodeAttemptsMax; attempt++)
                {
                    await door.SendAsync("POST", "/session/staff", null, WrongPassword);
                }

                return "";
            },
        },
        Of("CodeWanted", LogIn, "The password is right, and the code of the authenticator app is wanted too.", "/session/staff", StaffLogins.Body) with
        {
            AskedBy = null,
            Before = async door =>
            {
                await AuthenticatorApp.AddConfirmedAsync(door, subject: await StaffLogins.AddAsync(door));
                return "";
            },
        },
        Of("TooManyLogins", LogIn, "More logins from one address than a minute takes.", "/session/staff", WrongPassword) with { AskedBy = null, Before = Storm },
    ];
}
