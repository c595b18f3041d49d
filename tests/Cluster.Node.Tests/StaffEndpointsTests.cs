using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Backup.Actor.Kernel.Notices;
using Backup.Actor.Kernel.Sessions;
using Backup.Cluster.Node.Management;
using Backup.Gateway.Api;
using Backup.Gateway.Api.Login;
using Backup.Tests;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Backup.Cluster.Node.Tests;

/// <summary>The management port makes the broker's people, and never tells of a password.</summary>
public sealed class StaffEndpointsTests : IAsyncLifetime
{
    private const string Password = "seven green boats";
    private readonly MemoryStaffStore _staff = new();
    private readonly MemorySessionStore _sessions = new(new ManualClock());
    private ManagementPort _port = null!;

    public async ValueTask InitializeAsync() => _port = await ManagementPort.OpenAsync(
        services => services
            .AddSingleton<TimeProvider>(new ManualClock())
            .AddSingleton<INoticeStore, MemoryNoticeStore>()
            .AddSingleton<IStaffStore>(_staff)
            .AddSingleton<ISessionStore>(_sessions)
            .AddSingleton<IAuthenticatorStore, MemoryAuthenticatorStore>()
            .AddSingleton<IClientDirectory, NoClients>()
            .AddSingleton(new AccessToken(new TokenKeys(TimeProvider.System), TimeProvider.System))
            .AddGateway(new GatewayOptions()),
        static manage => manage.MapStaff());

    public ValueTask DisposeAsync() => _port.DisposeAsync();

    [Fact]
    public async Task Somebody_is_added_listed_disabled_and_enabled_and_his_hash_is_not_told()
    {
        Assert.Equal("200", await PostAsync("", new { name = "asha", role = "auditor", password = Password }));
        await _sessions.OpenAsync(new LoginSession("one", "staff:asha", "", "", default, default, DateTimeOffset.MaxValue), 3, default);

        Assert.Equal("200", await PostAsync("/asha/disable"));

        Assert.Equal(["one"], await _sessions.ReadEndedAsync(TimeSpan.FromHours(1), default));
        var listed = await _port.Http.GetStringAsync("/manage/staff");
        Assert.Contains("\"name\":\"asha\",\"role\":\"auditor\"", listed, StringComparison.Ordinal);
        Assert.Contains("\"disabled\":true", listed, StringComparison.Ordinal);
        Assert.DoesNotContain((await _staff.FindAsync("asha", default))!.PasswordHash, listed, StringComparison.Ordinal);
        Assert.Equal("200", await PostAsync("/asha/enable"));
        Assert.False((await _staff.FindAsync("asha", default))!.IsDisabled);
        var before = (await _staff.FindAsync("asha", default))!.PasswordHash;
        Assert.Equal("200", await PostAsync("/asha/password", new { password = "eight purple barges" }));
        Assert.NotEqual(before, (await _staff.FindAsync("asha", default))!.PasswordHash);
    }

    [Fact]
    public async Task What_cannot_be_done_is_said_why_not()
    {
        Assert.Equal("409 role: expected assisted-desk, operator, approver, auditor; found none.", await PostAsync("", new { name = "asha", password = Password }));
        Assert.Equal("409 password: expected 15 to 256 characters, of any kind.", await PostAsync("", new { name = "asha", role = "auditor", password = "short" }));
        Assert.Equal("409 There is nobody of the name asha.", await PostAsync("/asha/disable"));
        _staff.IsAway = true;
        Assert.Equal("503 The store of the staff is away.", await PostAsync("/asha/disable"));
    }

    private async Task<string> PostAsync(string path, object? body = null)
    {
        using var answer = await _port.Http.PostAsync($"/manage/staff{path}", body is null ? null : JsonContent.Create(body));
        var message = (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["message"];
        return message is null ? $"{(int)answer.StatusCode}" : $"{(int)answer.StatusCode} {message}";
    }

    private sealed class NoClients : IClientDirectory
    {
        public GatewayClient? Find(string clientId) => null;

        public GatewayClient? FindByPan(string pan) => null;
    }
}
