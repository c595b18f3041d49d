using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Backup.Actor.Kernel.Notices;
using Backup.Cluster.Node.Management;
using Backup.Gateway.Api;
using Backup.Gateway.Api.Notices;
using Backup.Tests;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Backup.Cluster.Node.Tests;

/// <summary>The operator's door to the notice: what it takes, what it refuses in words, and that it says nothing that is not stored.</summary>
public sealed class NoticeEndpointTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private readonly HeldStore _store = new();
    private ManagementPort _port = null!;

    public async ValueTask InitializeAsync() => _port = await ManagementPort.OpenAsync(
        services => services
            .ConfigureHttpJsonOptions(json => GatewayJson.Configure(json.SerializerOptions))
            .AddSingleton<TimeProvider>(_clock).AddSingleton<INoticeStore>(_store).AddSingleton(new GatewayOptions()).AddSingleton<NoticeBoard>(),
        static manage => manage.MapNotice());

    public ValueTask DisposeAsync() => _port.DisposeAsync();

    [Fact]
    public async Task Before_anybody_has_set_one_nothing_is_shown()
    {
        var shown = await ShowAsync();

        Assert.Null(shown["shown"]);
        Assert.Empty(shown["newest"]!.AsArray());
    }

    [Fact]
    public async Task What_is_set_is_shown_at_once_and_kept_with_who_and_why()
    {
        var (status, set) = await SetAsync("backup", """{"by":"amol","reason":"its login is away","since":"2026-11-20T03:30:00Z","text":"We watch it."}""");
        Assert.Equal(HttpStatusCode.OK, status);
        await SetAsync("main-site-back", """{"by":"sita","reason":"it answers","address":"HTTPS://Trade.Example.com/login"}""");

        var shown = await ShowAsync();

        Assert.Equal(("backup", "amol", "its login is away", "We watch it."), Told(set["data"]!));
        Assert.Equal(("main_site_back", "sita", "it answers", null), Told(shown["shown"]!));
        Assert.Equal("https://trade.example.com/login", (string?)shown["shown"]!["main_site_address"]);
        Assert.Equal(["sita", "amol"], shown["newest"]!.AsArray().Select(notice => (string)notice!["by"]!));
        Assert.Null(shown["trouble"]);
    }

    [Theory]
    [InlineData("backup", """{"reason":"x"}""", "by: found nothing, expected 1 to 80 characters.")]
    [InlineData("backup", """{"by":"amol"}""", "reason: found nothing, expected 1 to 200 characters.")]
    [InlineData("backup", """{"by":"amol","reason":"x","text":"a\u0000b"}""", "text: found the character U+0000")]
    [InlineData("backup", """{"by":"amol","reason":"x","since":"2999-01-01T00:00:00Z"}""", "expected a time that is not after now")]
    [InlineData("backup", """{"by":"amol","reason":"x","address":"https://a.example/"}""", "expected none: nobody is sent to a main site that is down")]
    [InlineData("main-site-back", """{"by":"amol","reason":"x","address":"http://a.example/"}""", "found \"http://a.example/\", expected one like https://")]
    [InlineData("main-site-back", """{"by":"amol","reason":"x","since":"2026-11-20T03:30:00Z"}""", "expected none: the main site is back")]
    public async Task What_is_wrong_is_refused_in_words_and_nothing_is_set(string state, string body, string words)
    {
        var (status, answer) = await SetAsync(state, body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(words, (string)answer["message"]!, StringComparison.Ordinal);
        Assert.Empty((await ShowAsync())["newest"]!.AsArray());
    }

    [Fact]
    public async Task While_the_store_is_away_setting_says_so_and_what_was_shown_is_still_told()
    {
        await SetAsync("backup", """{"by":"amol","reason":"its login is away"}""");
        _store.Inner.IsAway = true;

        var (status, answer) = await SetAsync("main-site-back", """{"by":"amol","reason":"it answers"}""");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("setting it again is harmless", (string)answer["message"]!, StringComparison.Ordinal);
        var shown = await ShowAsync();
        Assert.Equal(("backup", "The store of the notices is away."), ((string?)shown["shown"]!["state"], (string?)shown["trouble"]));
    }

    [Fact]
    public async Task A_commit_that_waits_is_not_said_to_be_stored_and_is_shown_when_it_is()
    {
        var held = _store.Hold();
        var asked = SetAsync("backup", """{"by":"amol","reason":"its login is away"}""");
        while (_clock.Armed == 0)
        {
            await Task.Yield();
        }

        _clock.Advance(TimeSpan.FromSeconds(10));

        var (status, answer) = await asked;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("not known whether the notice was stored", (string)answer["message"]!, StringComparison.Ordinal);
        Assert.Null((await ShowAsync())["shown"]);
        held.SetResult();
        Assert.Equal("amol", (string?)(await ShowAsync())["shown"]!["by"]);
    }

    private static (string?, string?, string?, string?) Told(JsonNode notice) => ((string?)notice["state"], (string?)notice["by"], (string?)notice["reason"], (string?)notice["text"]);

    private async Task<JsonNode> ShowAsync() => JsonNode.Parse(await _port.Http.GetStringAsync(new Uri("/manage/notice", UriKind.Relative)))!["data"]!;

    private async Task<(HttpStatusCode Status, JsonNode Answer)> SetAsync(string state, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _port.Http.PostAsync(new Uri($"/manage/notice/{state}", UriKind.Relative), content);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    /// <summary>Takes a notice only when it may, as a database does whose standby is away.</summary>
    private sealed class HeldStore : INoticeStore
    {
        private Task _held = Task.CompletedTask;

        internal MemoryNoticeStore Inner { get; } = new();

        /// <returns>What lets the next one go.</returns>
        internal TaskCompletionSource Hold()
        {
            var release = new TaskCompletionSource();
            _held = release.Task;
            return release;
        }

        public async ValueTask SetAsync(MainSiteNotice notice, CancellationToken cancellationToken)
        {
            await _held;
            await Inner.SetAsync(notice, cancellationToken);
        }

        public ValueTask<IReadOnlyList<MainSiteNotice>> ReadAsync(int max, CancellationToken cancellationToken) => Inner.ReadAsync(max, cancellationToken);
    }
}
