using Backup.Gateway.Api.Kite;
using Backup.Gateway.Api.Login.Staff;

namespace Backup.Cluster.Node.Management;

/// <summary>The broker's own people: made, disabled, enabled and given passwords by operators. A password goes in and never comes out.</summary>
internal static class StaffEndpoints
{
    internal static void MapStaff(this RouteGroupBuilder manage)
    {
        manage = manage.OrAway();
        manage.MapGet("/staff", async (StaffDirectory staff, CancellationToken stop) =>
            Envelope.Data((await staff.ReadAsync(stop)).Select(member => new { member.Name, member.Role, member.Since, Disabled = member.IsDisabled })));
        manage.MapPost("/staff", (StaffRequest request, StaffDirectory staff, ILogger<StaffDirectory> log, CancellationToken stop) =>
            DoAsync("added", request.Name ?? "", log, staff.AddAsync(request.Name ?? "", request.Role, request.Password, stop)));
        manage.MapPost("/staff/{name}/password", (string name, PasswordRequest request, StaffDirectory staff, ILogger<StaffDirectory> log, CancellationToken stop) =>
            DoAsync("given a new password", name, log, staff.SetPasswordAsync(name, request.Password, stop)));
        manage.MapPost("/staff/{name}/disable", (string name, StaffDirectory staff, ILogger<StaffDirectory> log, CancellationToken stop) =>
            DoAsync("disabled", name, log, staff.SetDisabledAsync(name, isDisabled: true, stop)));
        manage.MapPost("/staff/{name}/enable", (string name, StaffDirectory staff, ILogger<StaffDirectory> log, CancellationToken stop) =>
            DoAsync("enabled", name, log, staff.SetDisabledAsync(name, isDisabled: false, stop)));
    }

    private static async Task<IResult> DoAsync(string what, string name, ILogger log, ValueTask<string?> change)
    {
        if (await change is { } wrong)
        {
            return Envelope.Refuse(StatusCodes.Status409Conflict, "InputException", wrong);
        }

        log.LogWarning("{Name} of the staff was {Change} by an operator", name, what);
        return Envelope.Data(new { Name = name });
    }
}

/// <summary>Somebody new.</summary>
internal sealed record StaffRequest(string? Name, string? Role, string? Password);

/// <summary>A password instead of the one that was.</summary>
internal sealed record PasswordRequest(string? Password);
