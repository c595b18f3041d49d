using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace Backup.Gateway.Api.Tests;

/// <summary>Exits of many positions through the door.</summary>
public sealed class ExitPlanTests : IAsyncLifetime
{
    private const string All = """{"all":true,"mode":"full"}""";
    private TradersDoor _door = null!;

    public async ValueTask InitializeAsync()
    {
        _door = await TradersDoor.OpenAsync();
        await _door.World.OpenSpreadAsync("DEMO01", -150, 150);
    }

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Fact]
    public async Task A_preview_shows_the_lines_in_send_order_with_the_premium_needed_and_does_nothing()
    {
        var preview = (await _door.SendAsync("POST", "/exits/preview", "DEMO01", All)).Data;

        Assert.Equal(["BUY", "SELL"], preview["lines"]!.AsArray().Select(line => (string)line!["side"]!));
        Assert.Equal((true, 150 * 121m), ((bool)preview["lines"]![1]!["is_hedge"]!, (decimal)preview["premium_needed"]!));
        Assert.Empty((await _door.SendAsync("GET", "/orders", "DEMO01")).Data.AsArray());
    }

    [Fact]
    public async Task All_positions_go_in_one_request_and_its_lines_say_how_far_each_is()
    {
        var exit = await _door.SendAsync("POST", "/exits", "DEMO01", All, "all-1");

        Assert.Equal((HttpStatusCode.OK, "running"), (exit.Status, (string?)exit.Data["status"]));
        Assert.Equal(
            ["0 of 150 exited; the rest works at the exchange.", "150 units wait until the shorts that they cover are bought back."],
            exit.Data["lines"]!.AsArray().Select(line => (string)line!["outcome"]!));
        Assert.Single(exit.Data["orders"]!.AsArray());
        var again = await _door.SendAsync("POST", "/exits", "DEMO01", All, "all-1");
        Assert.Equal(Bare(exit.Data), Bare(again.Data));
        Assert.Single((await _door.SendAsync("GET", "/exits", "DEMO01")).Data.AsArray());
    }

    [Fact]
    public async Task Hedges_can_be_let_go_and_a_plan_stopped()
    {
        await _door.SendAsync("POST", "/exits", "DEMO01", All, "all-1");

        var released = await _door.SendAsync("POST", "/exits/all-1/release-hedges", "DEMO01", "{}");
        Assert.Equal(2, released.Data["orders"]!.AsArray().Count);

        var stopped = await _door.SendAsync("POST", "/exits/all-1/stop", "DEMO01", """{"cancel_orders":true}""");
        Assert.Equal("stopped", (string?)stopped.Data["status"]);
        Assert.All(stopped.Data["orders"]!.AsArray(), order => Assert.Equal("CANCELLED", (string?)order!["status"]));
        Assert.Equal(HttpStatusCode.NotFound, (await _door.SendAsync("POST", "/exits/none/stop", "DEMO01", "{}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _door.SendAsync("POST", "/exits/all-1/stop", "DEMO02", "{}")).Status);
    }

    [Fact]
    public async Task Selling_what_covers_a_short_is_done_only_when_the_warning_comes_back_confirmed()
    {
        var body = $$"""{"exchange":"NFO","tradingsymbol":"{{AccountWorld.FarSymbol}}","product":"NRML","mode":"full"}""";

        var asked = await _door.SendAsync("POST", "/exits", "DEMO01", body, "one");
        Assert.Equal((HttpStatusCode.BadRequest, "ConfirmationNeeded"), (asked.Status, (string?)asked.Data["reason"]));
        Assert.Equal("leaves_short_uncovered", (string?)asked.Data["confirm"]![0]);
        var preview = await _door.SendAsync("POST", "/exits/preview", "DEMO01", body);
        Assert.Equal("leaves_short_uncovered", (string?)preview.Data["warnings"]![0]!["name"]);

        var confirmed = await _door.SendAsync("POST", "/exits", "DEMO01", body[..^1] + ""","confirm":["leaves_short_uncovered"]}""", "one");
        Assert.Equal(HttpStatusCode.OK, confirmed.Status);
    }

    [Theory]
    [InlineData("""{"group":{"underlying":"NIFTY","side":"short"},"mode":"full"}""", 1)]
    [InlineData("""{"group":{"expiry":"2030-12-31","product":"NRML","segment":"NFO"},"mode":"percent","percent":50}""", 2)]
    [InlineData("""{"positions":[{"exchange":"NFO","tradingsymbol":"NIFTY30DEC26000CE","product":"NRML","quantity":75}],"mode":"quantity"}""", 1)]
    public async Task Positions_are_chosen_by_name_or_by_what_they_have_in_common(string body, int lines)
    {
        var exit = await _door.SendAsync("POST", "/exits", "DEMO01", body, "some");

        Assert.Equal((HttpStatusCode.OK, lines), (exit.Status, exit.Data["lines"]!.AsArray().Count));
    }

    [Theory]
    [InlineData("""{"mode":"full"}""", "expected exactly one of")]
    [InlineData("""{"all":true,"group":{},"mode":"full"}""", "expected exactly one of")]
    [InlineData("""{"all":true,"mode":"quantity","quantity":75}""", "mode: expected")]
    [InlineData("""{"all":true,"mode":"full","repricing":"never"}""", "repricing: expected")]
    [InlineData("""{"all":true,"mode":"full","repricing":"automatic"}""", "move_max_percent: expected 0 to 20")]
    [InlineData("""{"all":true,"mode":"full","move_max_percent":21}""", "move_max_percent: expected 0 to 20")]
    [InlineData("""{"all":true,"mode":"full","confirm":["yes"]}""", "confirm: expected leaves_short_uncovered, opens_other_product, entry_still_works, looks_repeated, sells_before_delivery, leaves_unprotected; found \"yes\".")]
    [InlineData("""{"positions":[{"exchange":"NFO","tradingsymbol":"NIFTY30DEC26000CE","product":"NRML"}],"mode":"quantity"}""", "positions: NFO:NIFTY30DEC26000CE NRML has no quantity")]
    public async Task A_request_that_says_too_little_or_too_much_is_refused_with_the_field(string body, string words)
    {
        var answer = await _door.SendAsync("POST", "/exits", "DEMO01", body, "some");

        Assert.Equal((HttpStatusCode.BadRequest, "InputException"), (answer.Status, answer.ErrorType));
        Assert.StartsWith(words, (string?)answer.Body["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_that_matches_nothing_is_refused_in_words() =>
        Assert.Equal("No position matches; there is nothing to exit.", (string?)(await _door.SendAsync(
            "POST", "/exits", "DEMO01", """{"group":{"underlying":"BANKNIFTY"},"mode":"full"}""", "some")).Body["message"]);

    private static string Bare(JsonNode exit) => exit.ToJsonString();
}
