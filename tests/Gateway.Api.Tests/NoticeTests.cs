using System.Net;
using System.Text.Json.Nodes;
using Backup.Actor.Kernel.Notices;
using Backup.Gateway.Api.Tests.ApiDescription;
using Backup.Gateway.Api.Tests.Refusals;
using Xunit;

namespace Backup.Gateway.Api.Tests;

/// <summary>What GET /status says of the main site: what an operator said last, and nothing that nobody said.</summary>
public sealed class NoticeTests : IAsyncLifetime
{
    private TradersDoor _door = null!;

    internal static MainSiteNotice Down { get; } = new(
        MainSiteState.Backup, new DateTimeOffset(2026, 11, 20, 4, 34, 0, TimeSpan.Zero), null, "We watch it.", "amol", "its login is away", new DateTimeOffset(2026, 11, 20, 4, 40, 0, TimeSpan.Zero));

    internal static MainSiteNotice Back { get; } = Down with { State = MainSiteState.MainSiteBack, DownSince = null, Text = null, Address = "https://trade.example.com/" };

    public async ValueTask InitializeAsync() => _door = await TradersDoor.OpenAsync();

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Fact]
    public async Task Before_anybody_has_said_anything_nothing_is_told_of_the_main_site()
    {
        var status = await StatusAsync();

        Assert.Equal(("backup", "Backup mode: exits and cancels only."), ((string?)status["mode"], (string?)status["message"]));
        Assert.Null(status["notice"]);
        Assert.Null(status["main_site_down_since"]);
    }

    [Fact]
    public async Task What_an_operator_set_is_told_to_everybody_and_who_set_it_is_not()
    {
        await _door.Notices.SetAsync(Down, default);

        var status = await StatusAsync();

        Assert.Equal(Down.DownSince, status["main_site_down_since"]!.GetValue<DateTimeOffset>());
        Assert.Equal("Backup mode: exits and cancels only.", (string?)status["message"]);
        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse("""{"state":"backup","main_site_address":null,"text":"We watch it.","set_at":"2026-11-20T04:40:00+00:00"}"""), status["notice"]),
            status.ToJsonString());
    }

    [Fact]
    public async Task When_the_main_site_is_back_it_is_down_since_no_time_and_the_mode_stays()
    {
        await _door.Notices.SetAsync(Down, default);
        await _door.Notices.SetAsync(Back, default);

        var status = await StatusAsync();

        Assert.Equal(("backup", "The main site is back. Backup mode: exits and cancels only."), ((string?)status["mode"], (string?)status["message"]));
        Assert.Null(status["main_site_down_since"]);
        Assert.Equal(("main_site_back", "https://trade.example.com/"), ((string?)status["notice"]!["state"], (string?)status["notice"]!["main_site_address"]));
    }

    [Fact]
    public async Task Exits_go_on_while_the_main_site_is_back()
    {
        await _door.Notices.SetAsync(Back, default);

        Assert.Equal(HttpStatusCode.OK, (await _door.SendAsync("POST", "/exits", "DEMO01", Situations.OneLot, "one")).Status);
    }

    [Fact]
    public async Task The_document_describes_it_as_it_is_told()
    {
        var document = (await _door.SendAsync("GET", "/openapi.json", null)).Body;
        var schema = document["paths"]!["/status"]!["get"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!;
        foreach (var notice in new[] { Down, Back })
        {
            await _door.Notices.SetAsync(notice, default);
            Assert.Null(new SchemaCheck(document).Fault(schema, (await _door.SendAsync("GET", "/status", null)).Body));
        }

        Assert.NotNull(new SchemaCheck(document).Fault(schema, JsonNode.Parse("""{"status":"success","data":{"notice":{"state":"else"}}}""")!));
    }

    private async Task<JsonNode> StatusAsync() => (await _door.SendAsync("GET", "/status", null)).Data;
}
