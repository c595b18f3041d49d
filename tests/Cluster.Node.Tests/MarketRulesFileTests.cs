using Backup.Account.Domain.Market;
using Backup.Cluster.Node.Settings;
using Backup.Config.Hocon;
using Xunit;

namespace Backup.Cluster.Node.Tests;

/// <summary>The file of market rules, as shipped and as people get it wrong.</summary>
public sealed class MarketRulesFileTests
{
    [Fact]
    public void The_shipped_rules_of_NSE_are_read()
    {
        var rules = Read(Shipped);

        Assert.Equal("NSE 2026-08-03", rules.Version);
        Assert.Equal(5, rules.Sessions.Length);
        Assert.Equal(MarketPhase.ClosingAuction, rules.Sessions[2].Phases[^1].Phase);
    }

    [Theory]
    [InlineData("\"continuous\"", "\"open\"")]
    [InlineData("\"15:40\"", "\"09:00\"")]
    [InlineData("\"15:40\"", "\"25:00\"")]
    [InlineData("\"version\"", "\"edition\"")]
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

    private static MarketRules Read(string path) => NodeSettings.From(HoconSettings.Load(
        new HoconSources(Path.Combine(AppContext.BaseDirectory, "reference.conf")) { Sets = [$"market.rules-file={path}"] })).MarketRules;
}
