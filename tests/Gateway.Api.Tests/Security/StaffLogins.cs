using Xunit;

namespace Backup.Gateway.Api.Tests.Security;

/// <summary>Asha of the dealing desk, and her password.</summary>
internal static class StaffLogins
{
    internal const string Name = "asha";
    internal const string Password = "seven green boats";
    internal const string Body = $$"""{"name":"{{Name}}","password":"{{Password}}"}""";

    /// <returns>Her subject.</returns>
    internal static async Task<string> AddAsync(TradersDoor door, string role = "assisted-desk")
    {
        Assert.Null(await door.StaffDirectory.AddAsync(Name, role, Password, default));
        return $"staff:{Name}";
    }

    internal static Task<Answer> LogInAsync(TradersDoor door, string name = Name, string password = Password, string? code = null) => door.SendAsync(
        "POST", "/session/staff", null, $$"""{"name":"{{name}}","password":"{{password}}"{{(code is null ? "" : $",\"code\":\"{code}\"")}}}""");
}
