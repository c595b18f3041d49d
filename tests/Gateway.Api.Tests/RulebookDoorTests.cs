using System.Net;
using Backup.Account.Domain;
using Backup.Account.Domain.Market;
using Backup.Tests;
using Xunit;

namespace Backup.Gateway.Api.Tests;

/// <summary>What the rulebook forbids or asks about, as it reaches a client of the API.</summary>
public sealed class RulebookDoorTests : IAsyncLifetime
{
    private const string OneLot = """{"exchange":"NFO","tradingsymbol":"NIFTY30DEC26000CE","product":"NRML","mode":"quantity","quantity":75}""";

    private static readonly TradingRules Rules = new(
        MarketRules.AlwaysOpen with
        {
            Prices = new PriceRules([new LimitPriceProtection(new DateOnly(2020, 1, 1), ["OPTIDX"], 4000, 2000)], [], []),
            DerivativeBans = [new DerivativeBan(MarketRules.DayOf(new ManualClock().GetUtcNow()), ["NIFTY"])],
        },
        new ExitPolicy { RepeatWindow = TimeSpan.FromSeconds(10), RequestsPerMinuteMax = 3 });

    private TradersDoor _door = null!;

    public async ValueTask InitializeAsync() => _door = await TradersDoor.OpenAsync(Rules);

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    private static string Order(string side, long quantity, string type = "MARKET", string product = "NRML", string price = "0") =>
        $$"""{"exchange":"NFO","tradingsymbol":"NIFTY30DEC26000CE","transaction_type":"{{side}}","quantity":{{quantity}},"product":"{{product}}","order_type":"{{type}}","price":{{price}},"validity":"DAY"}""";

    [Fact]
    public async Task An_order_in_kites_form_that_exits_is_an_exit()
    {
        var placed = await _door.SendAsync("POST", "/orders/regular", "DEMO01", Order("SELL", 75));

        Assert.Equal(HttpStatusCode.OK, placed.Status);
        var order = (await _door.SendAsync("GET", $"/orders/{(string)placed.Data["order_id"]!}", "DEMO01")).Data.AsArray()[^1]!;
        Assert.Equal(("SELL", 75, 99m), ((string)order["transaction_type"]!, (int)order["quantity"]!, (decimal)order["price"]!));
    }

    [Fact]
    public async Task An_order_in_kites_form_that_is_asked_about_goes_once_confirmed()
    {
        await _door.SendAsync("POST", "/orders/regular", "DEMO01", Order("SELL", 75));

        Assert.Equal("ConfirmationNeeded", (string?)(await _door.SendAsync("POST", "/orders/regular", "DEMO01", Order("SELL", 75))).Data["reason"]);
        Assert.Equal(HttpStatusCode.OK, (await _door.SendAsync(
            "POST", "/orders/regular", "DEMO01", Order("SELL", 75).Replace("}", ",\"confirm\":\"looks_repeated\"}", StringComparison.Ordinal))).Status);
    }

    [Fact]
    public async Task A_body_of_another_kind_is_told_so()
    {
        var answer = await _door.SendTextAsync("POST", "/exits", "DEMO01", "mode=full");

        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "InputException"), (answer.Status, answer.ErrorType));
    }

    [Fact]
    public async Task A_refused_line_names_the_position_that_is_not_held()
    {
        var plan = await _door.SendAsync("POST", "/exits", "DEMO01",
            """{"positions":[{"exchange":"NFO","tradingsymbol":"NIFTY30DEC26000CE","product":"NRML"},{"exchange":"NSE","tradingsymbol":"X","product":"CNC"}],"mode":"full"}""", "one");

        Assert.Equal(("X", "CNC"), ((string)plan.Data["refused"]![0]!["position"]!["tradingsymbol"]!, (string)plan.Data["refused"]![0]!["position"]!["product"]!));
    }

    [Theory]
    [InlineData("regular", "BUY", 75, "NRML", "EntryNotAllowed", 300)] // enlarges
    [InlineData("regular", "SELL", 75, "MIS", "EntryNotAllowed", 0)] // opens
    [InlineData("regular", "SELL", 375, "NRML", "ExceedsClosable", 300)] // would turn it round
    [InlineData("amo", "SELL", 75, "NRML", "EntryNotAllowed", 0)]
    [InlineData("co", "BUY", 75, "NRML", "EntryNotAllowed", 0)]
    public async Task An_order_that_opens_or_enlarges_is_refused_with_the_facts(string variety, string side, long quantity, string product, string reason, long net)
    {
        var answer = await _door.SendAsync("POST", $"/orders/{variety}", "DEMO01", Order(side, quantity, product: product));

        Assert.Equal((HttpStatusCode.BadRequest, "ReduceOnlyException", reason), (answer.Status, answer.ErrorType, (string?)answer.Data["reason"]));
        Assert.Equal(net, (long)answer.Data["net"]!);
        Assert.Empty((await _door.SendAsync("GET", "/orders", "DEMO01")).Data.AsArray());
    }

    [Theory]
    [InlineData("{}", "transaction_type")]
    [InlineData("[]", "body")]
    [InlineData("""{"transaction_type":"SELL","quantity":"x","order_type":"MARKET"}""", "quantity")]
    [InlineData("""{"transaction_type":"SELL","quantity":75,"order_type":"SL"}""", "order_type")]
    [InlineData("""{"transaction_type":"SELL","quantity":75,"order_type":"LIMIT"}""", "price")]
    [InlineData("""{"transaction_type":"SELL","quantity":75,"order_type":"MARKET","validity":"IOC"}""", "validity")]
    public async Task An_order_that_cannot_be_read_is_refused_with_the_field(string body, string field)
    {
        var answer = await _door.SendAsync("POST", "/orders/regular", "DEMO01", body);

        Assert.Equal("InputException", answer.ErrorType);
        Assert.StartsWith($"{field}: expected", (string)answer.Body["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_position_is_not_moved_to_another_product()
    {
        var answer = await _door.SendAsync("PUT", "/portfolio/positions", "DEMO01",
            """{"exchange":"NFO","tradingsymbol":"NIFTY30DEC26000CE","old_product":"NRML","new_product":"MIS","transaction_type":"BUY","position_type":"day","quantity":75}""");

        Assert.Equal(("ReduceOnlyException", "ProductChangeNotAllowed", 300L), (answer.ErrorType, (string?)answer.Data["reason"], (long)answer.Data["net"]!));
    }

    [Theory]
    [InlineData("105.55", HttpStatusCode.OK, "")]
    [InlineData("105.57", HttpStatusCode.BadRequest, "PriceNotATickMultiple")]
    [InlineData("60", HttpStatusCode.BadRequest, "PriceOutOfRange")]
    public async Task A_limit_of_the_clients_own_goes_when_the_exchange_would_take_it(string price, HttpStatusCode status, string reason)
    {
        var answer = await _door.SendAsync("POST", "/exits", "DEMO01", OneLot.Replace("}", $",\"price\":{price}}}", StringComparison.Ordinal), "one");

        Assert.Equal(status, answer.Status);
        Assert.Equal(reason, status == HttpStatusCode.OK ? "" : (string)answer.Data["reason"]!);
        Assert.True(status != HttpStatusCode.OK || (decimal)answer.Data["orders"]![0]!["price"]! == 105.55m);
    }

    [Fact]
    public async Task The_ticket_names_its_protection_table_and_what_the_exchange_takes()
    {
        var preview = (await _door.SendAsync("POST", "/exits/preview", "DEMO01", OneLot)).Data;

        Assert.Equal(("test table", 10m), ((string)preview["protection_table"]!, (decimal)preview["protection_percent"]!));
        Assert.Equal((66m, 154m), ((decimal)preview["price_range"]!["low"]!, (decimal)preview["price_range"]!["high"]!));
    }

    [Fact]
    public async Task The_same_exit_again_under_a_new_key_is_asked_about_and_goes_once_confirmed()
    {
        await _door.SendAsync("POST", "/exits", "DEMO01", OneLot, "one");

        var asked = await _door.SendAsync("POST", "/exits", "DEMO01", OneLot, "two");
        Assert.Equal(["looks_repeated"], asked.Data["confirm"]!.AsArray().Select(name => (string)name!));
        Assert.Equal(HttpStatusCode.OK, (await _door.SendAsync(
            "POST", "/exits", "DEMO01", OneLot.Replace("}", ",\"confirm\":[\"looks_repeated\"]}", StringComparison.Ordinal), "two")).Status);
    }

    [Fact]
    public async Task Too_many_requests_are_told_when_to_come_back_and_cancels_still_go()
    {
        var first = await _door.SendAsync("POST", "/exits", "DEMO01", OneLot, "one");
        var order = (string)first.Data["orders"]![0]!["order_id"]!;
        await _door.SendAsync("PUT", $"/orders/regular/{order}", "DEMO01", """{"price":101}""");
        await _door.SendAsync("PUT", $"/orders/regular/{order}", "DEMO01", """{"price":102}""");

        // The minute of the clock may end between two requests; then one more fits.
        var answers = new List<HttpStatusCode>();
        for (var price = 103; price < 108; price++)
        {
            answers.Add((await _door.SendAsync("PUT", $"/orders/regular/{order}", "DEMO01", $$"""{"price":{{price}}}""")).Status);
        }

        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
        Assert.Equal(HttpStatusCode.OK, (await _door.SendAsync("DELETE", $"/orders/regular/{order}", "DEMO01")).Status);
    }

    [Fact]
    public async Task A_stop_of_the_main_site_is_shown_as_one_changed_and_cancelled_after_a_question()
    {
        var stop = AccountWorld.MainOrder(900, 300, trigger: 9050);
        await _door.World.CarryAsync("DEMO01", stop);
        await _door.World.TellAsync("DEMO01", stop);

        var shown = (await _door.SendAsync("GET", "/orders", "DEMO01")).Data[0]!;
        Assert.Equal(("TRIGGER PENDING", "SL", "co", "main-1"), ((string)shown["status"]!, (string)shown["order_type"]!, (string)shown["variety"]!, (string)shown["parent_order_id"]!));
        Assert.Equal((90.5m, 90m, "client"), ((decimal)shown["trigger_price"]!, (decimal)shown["price"]!, (string)shown["placed_by"]!));
        var order = (string)shown["order_id"]!;

        Assert.Equal("LimitWorseThanTrigger", (string)(await _door.SendAsync("PUT", $"/orders/co/{order}", "DEMO01", """{"trigger_price":80}""")).Data["reason"]!);
        Assert.Equal(HttpStatusCode.OK, (await _door.SendAsync("PUT", $"/orders/co/{order}", "DEMO01", """{"trigger_price":95,"price":94,"order_type":"SL"}""")).Status);
        var asked = await _door.SendAsync("DELETE", $"/orders/co/{order}", "DEMO01");
        Assert.Equal(["leaves_unprotected"], asked.Data["confirm"]!.AsArray().Select(name => (string)name!));
        Assert.Equal("InputException", (await _door.SendAsync("DELETE", $"/orders/co/{order}?confirm=yes", "DEMO01")).ErrorType);
        Assert.Equal(HttpStatusCode.OK, (await _door.SendAsync("DELETE", $"/orders/co/{order}?confirm=leaves_unprotected", "DEMO01")).Status);
    }

    [Fact]
    public async Task A_position_shows_what_rules_hold_back_and_whether_it_is_in_the_ban()
    {
        var position = (await _door.SendAsync("GET", "/portfolio/positions", "DEMO01")).Data["net"]![0]!;

        Assert.Equal((0L, null, true), ((long)position["held_back_quantity"]!, (string?)position["held_back_reason"], (bool)position["banned"]!));
    }

    [Fact]
    public async Task An_instrument_that_only_an_order_names_is_not_shown_as_a_position()
    {
        var entry = AccountWorld.MainOrder(901, 75, OrderSide.Buy);
        await _door.World.CarryAsync("DEMO01", entry with { Product = "MIS" });

        Assert.Single((await _door.SendAsync("GET", "/portfolio/positions", "DEMO01")).Data["net"]!.AsArray());
        Assert.Equal("UNKNOWN", (string)(await _door.SendAsync("GET", "/orders", "DEMO01")).Data[0]!["status"]!);
    }
}
