using System.Net;
using System.Net.Http.Json;
using System.Net.Mail;
using System.Text.Json;
using Backup.Config.Hocon;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Simulator.Web;
using Backup.Exchange.Wire;
using Microsoft.Extensions.Configuration;

namespace Backup.Exchange.Simulator.Tests;

public class PagesTests : IAsyncDisposable
{
    private readonly Simulators _simulators = new();

    public async ValueTask DisposeAsync()
    {
        await _simulators.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Mails_and_text_messages_are_found_in_the_inbox()
    {
        var host = await _simulators.StartAsync();
        using (var smtp = new SmtpClient("127.0.0.1", host.SmtpPort))
        using (var mail = new MailMessage("backup@broker.test", "meera@client.test", "Your login · code", "Log in here.\n.hidden dot\nRupee ₹ sign"))
        {
            await smtp.SendMailAsync(mail);
        }

        using var http = Http(host);
        Assert.True((await http.PostAsJsonAsync("/inbox/sms", new { to = "+919800000001", text = "Code <123456>" })).IsSuccessStatusCode);

        var mails = await http.GetFromJsonAsync<InboxMessage[]>("/inbox.json?to=meera@client.test");
        Assert.Equal("Your login · code", Assert.Single(mails!).Subject);
        Assert.Contains(".hidden dot", mails![0].Text, StringComparison.Ordinal);
        Assert.Contains("Rupee ₹ sign", mails[0].Text, StringComparison.Ordinal);
        var page = await http.GetStringAsync("/inbox");
        Assert.Contains("Code &lt;123456&gt;", page, StringComparison.Ordinal);
        Assert.Contains("SMS to &#43;919800000001", page.Replace("+", "&#43;", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_price_stream_starts_with_the_current_price_and_goes_on_with_every_change()
    {
        var host = await _simulators.StartAsync();
        using var http = Http(host);
        await using var stream = await http.GetStreamAsync("/prices/stream?tokens=fo:58072,cm:1594");
        using var reader = new StreamReader(stream);
        var first = new[] { await ReadAsync(reader), await ReadAsync(reader) };
        Assert.Equal(2600000, first.Single(line => line.Token == 58072).Ltp);
        Assert.Equal(152550, first.Single(line => line.Token == 1594).Ltp);

        await http.PostAsJsonAsync("/control/price", new { token = 58072, segment = "fo", ltp = 2610000 });
        var changed = await ReadAsync(reader);
        Assert.Equal((58072, 2610000, 2609990, 2610010), (changed.Token, changed.Ltp, changed.Bid, changed.Ask));
    }

    [Fact]
    public async Task The_book_and_the_trades_are_shown_as_the_exchange_sees_them()
    {
        var host = await _simulators.StartAsync();
        await using var member = await TestMember.SignOnAsync(host, Segment.CapitalMarket);
        await member.SendAsync(_ => Orders.Cash(BuySell.Sell, 10, 152000));
        await member.ExpectAsync(TransactionCode.Trade);
        using var http = Http(host);
        var orders = await http.GetFromJsonAsync<JsonElement>("/orders");
        Assert.Equal("CLI0001", orders[0].GetProperty("account").GetString());
        Assert.Equal("INFY", orders[0].GetProperty("instrument").GetString());
        Assert.Equal(700001, orders[0].GetProperty("clientReference").GetInt32());
        var trades = await http.GetFromJsonAsync<JsonElement>("/trades");
        Assert.Equal("sell", trades[0].GetProperty("side").GetString());
    }

    [Fact]
    public async Task Controls_explain_what_they_expect()
    {
        var host = await _simulators.StartAsync();
        using var http = Http(host);
        var refused = await http.PostAsJsonAsync("/control/liquidity", new { mode = "lots" });
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("full|partial|none", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await http.PostAsJsonAsync("/control/price", new { token = 1, segment = "cm", ltp = 5 })).StatusCode);
        Assert.True((await http.PostAsJsonAsync("/control/liquidity", new { mode = "none", segment = "fo" })).IsSuccessStatusCode);
        Assert.True((await http.PostAsJsonAsync("/control/hold", new { on = true })).IsSuccessStatusCode);
        Assert.True((await http.PostAsJsonAsync("/control/swallow", new { next = 1 })).IsSuccessStatusCode);
        Assert.Equal("ok", await http.GetStringAsync("/healthz"));
        Assert.Contains("/inbox", await http.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_main_sites_orders_are_entered_by_one_call_and_listed_with_their_trigger()
    {
        var host = await _simulators.StartAsync();
        using var http = Http(host);
        var stop = new { segment = "fo", token = 58072, account = "CLI0001", pan = "ABCDE1234F", side = "sell", quantity = 65, price = 2545000, trigger = (int?)2550000 };
        var entered = await (await http.PostAsJsonAsync("/control/main-site-order", stop)).Content.ReadFromJsonAsync<JsonElement>();
        var plain = new { segment = "cm", token = 1594, account = "CLI0001", pan = "ABCDE1234F", side = "buy", quantity = 10, price = 140000 };
        Assert.True((await http.PostAsJsonAsync("/control/main-site-order", plain)).IsSuccessStatusCode);
        var listed = (await http.GetFromJsonAsync<OrderLine[]>("/orders"))!;
        Assert.Equal((entered.GetProperty("orderNumber").GetInt64(), 2550000, true), (listed[0].OrderNumber, listed[0].Trigger, listed[0].IsStop));
        Assert.Equal(("INFY", "buy", 0, false, "open"), (listed[1].Instrument, listed[1].Side, listed[1].Trigger, listed[1].IsStop, listed[1].Status));

        var refused = await http.PostAsJsonAsync("/control/main-site-order", stop with { price = 2560000 });
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains($"({ExchangeError.LimitWorseThanTrigger})", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        foreach (var wrong in new object[] { stop with { side = "short" }, stop with { account = "TOO-LONG-BY-FAR" }, stop with { pan = "" }, stop with { trigger = 0 }, stop with { segment = "" } })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await http.PostAsJsonAsync("/control/main-site-order", wrong)).StatusCode);
        }
    }

    [Fact]
    public async Task Dropping_cuts_every_gateway_connection()
    {
        var host = await _simulators.StartAsync();
        await using var member = await TestMember.SignOnAsync(host, Segment.CapitalMarket);
        using var http = Http(host);
        var dropped = await (await http.PostAsync("/control/drop", null)).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(1, dropped.GetProperty("dropped").GetInt32());
        Assert.True(await member.IsEndedAsync());
    }

    [Fact]
    public async Task The_exchange_listens_where_it_is_told()
    {
        var host = await _simulators.StartAsync(settings => settings with { Listen = IPAddress.Parse("127.0.0.2") });
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.2:{host.HttpPort}") };
        Assert.Equal("ok", await http.GetStringAsync("/healthz"));
        await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(() => TestMember.ConnectAsync(host.RouterCm, Segment.CapitalMarket));
    }

    [Fact]
    public async Task A_busy_port_is_told_in_plain_words()
    {
        var host = await _simulators.StartAsync();
        var refused = await Assert.ThrowsAsync<SettingsException>(
            () => _simulators.StartAsync(settings => settings with { RouterPortCm = host.RouterCm, DataFolder = Path.Combine(_simulators.Folder, "other") }));
        Assert.Contains($"port {host.RouterCm} is already in use", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("simulator:liquidity", "lots", "simulator.liquidity: expected full, partial or none, found 'lots'.")]
    [InlineData("simulator:http-port", "http", "simulator.http-port: expected a whole number from 0 to 65535, found 'http'.")]
    [InlineData("simulator:listen", "localhost", "simulator.listen: expected an IPv4 address such as 127.0.0.1, found 'localhost'.")]
    [InlineData("simulator:advertised-gateway-fo", "127.0.0.1", "simulator.advertised-gateway-fo: expected an IPv4 address and a port such as 127.0.0.1:9700, found '127.0.0.1'.")]
    [InlineData("simulator:htp-port", "1", "simulator.htp-port: there is no such setting; hocon/simulator.conf lists them all.")]
    public void A_setting_that_cannot_be_used_is_named(string key, string value, string message)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();
        Assert.Equal(message, Assert.Throws<SettingsException>(() => SettingsReader.Read(configuration)).Message);
    }

    [Fact]
    public void The_settings_file_names_every_key_and_can_be_read()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Backup.Actors.sln")))
        {
            folder = folder.Parent;
        }

        var file = new ConfigurationBuilder().AddHoconFile(Path.Combine(folder.FullName, "hocon", "simulator.conf")).Build();
        var settings = SettingsReader.Read(file);
        Assert.Equal((9601, 9602, 9600, 9625), (settings.RouterPortCm, settings.RouterPortFo, settings.HttpPort, settings.SmtpPort));
        Assert.Equal("Trade@26", settings.Fo.Passwords[40521]);
        Assert.Null(settings.InstrumentsFile);
    }

    private static HttpClient Http(SimulatorHost host) => new() { BaseAddress = new Uri($"http://127.0.0.1:{host.HttpPort}") };

    private static async Task<Market.PriceLine> ReadAsync(StreamReader reader)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        return JsonSerializer.Deserialize<Market.PriceLine>((await reader.ReadLineAsync(patience.Token))!, JsonSerializerOptions.Web)!;
    }
}
