using Backup.Account.Domain.Market;
using Backup.Cluster.Node.Settings;
using Backup.Config.Hocon;
using Xunit;

namespace Backup.Cluster.Node.Tests;

/// <summary>The files that accounts decide by, as shipped and as people get them wrong.</summary>
public sealed class TradingRulesFilesTests
{
    [Fact]
    public void The_shipped_rules_of_NSE_are_read()
    {
        var rules = Read(Shipped);

        Assert.Equal("NSE 2026-08-03", rules.Version);
        Assert.Equal(5, rules.Sessions.Length);
        Assert.Equal(MarketPhase.ClosingAuction, rules.Sessions[2].Phases[^1].Phase);
    }

    [Fact]
    public void The_shipped_rules_of_NSE_price_an_option_and_a_share()
    {
        var rules = Read(Shipped);

        Assert.Equal([4000, 200, 300], rules.Prices.LimitPriceProtection.Select(row => row.BasisPoints));
        Assert.Equal(2, rules.Prices.Bands.Length);
        Assert.Equal(2, rules.Prices.StopRanges.Length);
    }

    [Fact]
    public void Without_hours_the_file_gives_its_prices_only()
    {
        var rules = Load($"market.rules-file={Shipped}", "market.always-open=true").Rules.Market;

        Assert.Empty(rules.Sessions);
        Assert.NotEmpty(rules.Prices.Bands);
    }

    [Theory]
    [InlineData("protection.json", "Breeze 2026-01", 3)]
    [InlineData("protection-by-price.json", "Zerodha 2026-01", 10)]
    public void The_shipped_protection_tables_are_read(string file, string version, int rows)
    {
        var table = Load($"exits.protection-file={Path.Combine(AppContext.BaseDirectory, file)}").Gateway.Options.Protection;

        Assert.Equal((version, rows), (table.Version, table.Rows.Length));
    }

    [Theory]
    [InlineData("\"equity\"", "\"bond\"")]
    [InlineData("\"equity\"", "\"future\"")] // no row for shares is left
    [InlineData("\"upToPaise\": null", "\"upToPaise\": 5000")] // nothing for prices above
    [InlineData("\"basisPoints\": 300", "\"basisPoints\": 0")]
    [InlineData("\"minimumPaise\": 5 ", "\"minimumPaise\": -5 ")]
    public void A_wrong_table_is_refused_with_its_key(string part, string instead)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "protection.json")).Replace(part, instead, StringComparison.Ordinal));

        var refusal = Assert.Throws<HoconException>(() => Load($"exits.protection-file={file}"));

        File.Delete(file);
        Assert.Contains("exits.protection-file", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_brokers_choices_are_read_and_refused_by_their_keys()
    {
        var policy = Load("exits.repeat-window=5s", "exits.requests-per-minute-max=0", "exits.sell-before-delivery=true", "exits.uncovering=refuse").Rules.Policy;

        Assert.Equal(new ExitPolicy { RepeatWindow = TimeSpan.FromSeconds(5), SellBeforeDelivery = true, Uncovering = UncoveringPolicy.Refuse }, policy);
        Assert.Contains("exits.uncovering", Assert.Throws<HoconException>(() => Load("exits.uncovering=maybe")).Message, StringComparison.Ordinal);
        Assert.Contains("exits.requests-per-minute-max", Assert.Throws<HoconException>(() => Load("exits.requests-per-minute-max=-1")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"continuous\"", "\"open\"")]
    [InlineData("\"15:40\"", "\"09:00\"")]
    [InlineData("\"15:40\"", "\"25:00\"")]
    [InlineData("\"version\"", "\"edition\"")]
    [InlineData("\"basisPoints\": 4000", "\"basisPoints\": 40000")]
    [InlineData("\"elsePaise\": 1000", "\"elsePaise\": 0")]
    [InlineData("]", "")]
    public void A_wrong_file_is_refused_with_its_key(string part, string instead)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, File.ReadAllText(Shipped).Replace(part, instead, StringComparison.Ordinal));

        var refusal = Assert.Throws<HoconException>(() => Read(file));

        File.Delete(file);
        Assert.Contains("market.rules-file", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_refused_and_no_file_means_always_open()
    {
        Assert.Contains("market.rules-file", Assert.Throws<HoconException>(() => Read("/nowhere/rules.json")).Message, StringComparison.Ordinal);
        Assert.Same(MarketRules.AlwaysOpen, Read(""));
    }

    private static string Shipped => Path.Combine(AppContext.BaseDirectory, "nse-2026-08-03.json");

    private static MarketRules Read(string path) => Load($"market.rules-file={path}").Rules.Market;

    private static NodeSettings Load(params string[] sets) => NodeSettings.From(HoconSettings.Load(
        new HoconSources(Path.Combine(AppContext.BaseDirectory, "reference.conf")) { Sets = sets }));
}
