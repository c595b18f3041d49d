using Backup.Cluster.Node.Settings;
using Backup.Config.Hocon;
using Xunit;

namespace Backup.Cluster.Node.Tests;

public sealed class SettingsTests
{
    private static readonly string Reference = Path.Combine(AppContext.BaseDirectory, "reference.conf");

    [Fact]
    public void The_reference_alone_is_a_complete_set_of_settings()
    {
        var settings = NodeSettings.From(Load());

        Assert.Equal("node1", settings.Name);
        Assert.Equal(2, settings.Tap.Boxes.Count);
        Assert.Equal(TimeSpan.FromMinutes(10), settings.Gateway.Options.TokenLifetime);
    }

    [Theory]
    [InlineData("gateway.token-lifetime=11m", "gateway.token-lifetime", "at most 10m")]
    [InlineData("gateway.trusted-proxies=10.0.0.5,proxy", "gateway.trusted-proxies", "IP addresses")]
    [InlineData("gateway.ended-sessions-poll=1m", "gateway.ended-sessions-poll", "at most 10s")]
    [InlineData("gateway.notice-poll=11s", "gateway.notice-poll", "at most 10s")]
    [InlineData("gateway.notice-poll=0s", "gateway.notice-poll", "above zero")]
    [InlineData("node.roles=account,dance", "node.roles", "account, tap, gateway")]
    [InlineData("node.roles=gateway", "node.roles", "the role account")]
    [InlineData("journal.kind=oracle", "journal.kind", "sqlite")]
    [InlineData("journal.kind=postgres", "journal.postgres-connection", "found nothing, expected where the database is")]
    [InlineData("cluster.lease-renew=3s", "cluster.lease-renew", "half of cluster.lease-stop-after")]
    [InlineData("cluster.lease-stop-after=6s", "cluster.lease-stop-after", "five sixths of cluster.lease-ttl")]
    [InlineData("cluster.poll=0s", "cluster.poll", "above zero")]
    [InlineData("cluster.affinity-cookie=a;b", "cluster.affinity-cookie", "letters, digits, - and _")]
    [InlineData("gateway.staff-needs-authenticator=ture", "gateway.staff-needs-authenticator", "true or false")]
    [InlineData("cluster.tls-key-file=/k", "cluster.tls-certificate-file", "all three of")]
    [InlineData("prices.url=not-an-address", "prices.url", "http or https")]
    [InlineData("prices.feed=radio", "prices.feed", "stream, broadcast or both")]
    [InlineData("prices.feed=both", "prices.feed", "a port above zero in prices.broadcast")]
    [InlineData("prices.broadcast.cm.group=10.0.0.1", "prices.broadcast.cm.group", "224.0.0.0 to 239.255.255.255")]
    [InlineData("prices.broadcast.fo.port=70000", "prices.broadcast.fo.port", "0 to 65535")]
    [InlineData("prices.broadcast.fo.interface=eth0", "prices.broadcast.fo.interface", "IPv4 address")]
    [InlineData("tap.cm.nnf-field=12", "tap.cm.nnf-field", "15 digits")]
    [InlineData("accounts.shards=0", "accounts.shards", "above zero")]
    [InlineData("tap.capture-frames=-5", "tap.capture-frames", "0 to 100000")]
    [InlineData("tap.order-answer-timeout=0s", "tap.order-answer-timeout", "above zero")]
    [InlineData("tap.invitations=1", "tap.invitations", "ignore, add or replace")]
    [InlineData("tap.fo.new-password=Short@1", "tap.fo.new-password", "8 characters")]
    [InlineData("tap.cm.password=short", "tap.cm.password", "exactly 8 characters")]
    [InlineData("exits.review-interval=0s", "exits.review-interval", "above zero")]
    public void A_value_that_makes_no_sense_is_named_with_what_was_expected(string set, string key, string expected)
    {
        var refused = Assert.Throws<HoconException>(() => NodeSettings.From(Load(set)));

        Assert.Contains(key, refused.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once() =>
        Assert.Equal(2, Assert.Throws<HoconException>(() => NodeSettings.From(Load("accounts.shards=0", "prices.url=x"))).Problems.Count);

    [Fact]
    public void A_password_is_in_no_printed_setting_and_in_no_text_of_a_box()
    {
        var hocon = Load("tap.cm.password=Secret@1");

        Assert.DoesNotContain("Secret@1", hocon.Describe(), StringComparison.Ordinal);
        Assert.All(NodeSettings.From(hocon).Tap.Boxes, box => Assert.DoesNotContain(box.Password, box.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void A_segment_that_is_switched_off_has_no_box() =>
        Assert.Equal(Backup.Exchange.Wire.Segment.FuturesAndOptions, Assert.Single(NodeSettings.From(Load("tap.cm.enabled=false")).Tap.Boxes).Segment);

    private static HoconSettings Load(params string[] sets) => HoconSettings.Load(new HoconSources(Reference) { Sets = sets });
}
