using System.Security.Claims;

namespace Backup.Gateway.Api.Access;

/// <summary>Who asks for a change of an account, as its journal names him.</summary>
/// <param name="By">The client's id, or <c>desk:NAME</c>.</param>
/// <param name="Evidence">The reference of the recorded call or mail; null when the client asks himself.</param>
internal readonly record struct Instruction(string By, string? Evidence)
{
    internal const string ByClaim = "instructed_by";
    internal const string EvidenceClaim = "evidence";

    internal static Instruction Of(ClaimsPrincipal user) => new(user.FindFirstValue(ByClaim) ?? AccountDoor.ClientOf(user), user.FindFirstValue(EvidenceClaim));
}
