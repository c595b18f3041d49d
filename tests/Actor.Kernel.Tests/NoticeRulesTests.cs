using Backup.Actor.Kernel.Notices;
using Xunit;

namespace Backup.Actor.Kernel.Tests;

/// <summary>What may stand in a notice that everybody reads.</summary>
public sealed class NoticeRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 10, 30, 0, TimeSpan.FromHours(5.5));

    private static MainSiteNotice Down { get; } = new(MainSiteState.Backup, Now.AddMinutes(-26), null, "We watch it.", "amol", "its login is away", Now);

    private static MainSiteNotice Back { get; } = Down with { State = MainSiteState.MainSiteBack, DownSince = null, Address = "https://trade.example.com/login?x=1" };

    [Fact]
    public void Good_ones_have_no_fault_with_and_without_what_may_be_left_out()
    {
        MainSiteNotice[] good =
        [
            Down, Back, Down with { DownSince = Now, Text = null }, Back with { Address = null, Text = new string('a', NoticeRules.TextMax) },
            Down with { Text = "मुख्य साइट बंद है; क्‍या करें?" },
        ];

        Assert.All(good, notice => Assert.Null(NoticeRules.FindFault(notice)));
    }

    [Theory]
    [InlineData("", "by: found nothing, expected 1 to 80 characters.")]
    [InlineData(" \t", "by: found nothing, expected 1 to 80 characters.")]
    [InlineData("amol\u001b[2J", "by: found the character U+001B, expected one line without characters that control how it is shown.")]
    public void A_name_that_nobody_can_read_is_refused(string by, string fault) => Assert.Equal(fault, NoticeRules.FindFault(Down with { By = by }));

    [Fact]
    public void A_reason_is_needed_and_everything_has_a_longest_length()
    {
        Assert.Equal("reason: found nothing, expected 1 to 200 characters.", NoticeRules.FindFault(Down with { Reason = "" }));
        Assert.Equal("reason: found 201 characters, expected 1 to 200 characters.", NoticeRules.FindFault(Down with { Reason = new string('a', 201) }));
        Assert.Equal("by: found 81 characters, expected 1 to 80 characters.", NoticeRules.FindFault(Down with { By = new string('a', 81) }));
        Assert.Equal("text: found 201 characters, expected 1 to 200 characters.", NoticeRules.FindFault(Down with { Text = new string('a', 201) }));
        Assert.Equal("text: found nothing, expected 1 to 200 characters.", NoticeRules.FindFault(Down with { Text = "" }));
    }

    [Theory]
    [InlineData('\n', "U+000A")]
    [InlineData('\0', "U+0000")]
    [InlineData('\u0085', "U+0085")]
    [InlineData('\u2028', "U+2028")]
    [InlineData('\u202E', "U+202E")]
    [InlineData('\u2066', "U+2066")]
    [InlineData('\u200F', "U+200F")]
    public void A_sentence_is_one_line_that_reads_as_it_stands(char letter, string named) =>
        Assert.StartsWith($"text: found the character {named}, expected one line", NoticeRules.FindFault(Down with { Text = $"a{letter}b" }), StringComparison.Ordinal);

    [Fact]
    public void The_main_site_is_down_since_a_time_that_was()
    {
        Assert.Equal(
            "since: found 2026-11-20T10:30:01+05:30, expected a time that is not after now, 2026-11-20T10:30:00+05:30.", NoticeRules.FindFault(Down with { DownSince = Now.AddSeconds(1) }));
        Assert.Null(NoticeRules.FindFault(Down with { DownSince = Now.AddDays(-30) }));
        Assert.Equal("since: found 2026-10-21T10:29:59+05:30, expected a time of the last 30 days.", NoticeRules.FindFault(Down with { DownSince = Now.AddDays(-30).AddSeconds(-1) }));
        Assert.Equal("since: found a time, expected none: the main site is back.", NoticeRules.FindFault(Back with { DownSince = Now }));
    }

    [Theory]
    [InlineData("http://trade.example.com/")]
    [InlineData("trade.example.com")]
    [InlineData("/login")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://user:secret@trade.example.com/")]
    [InlineData("https://trade.example.com@other.example/")]
    [InlineData("https://trade.example.com\\@other.example/")]
    [InlineData("https://trade.example.com/a b")]
    [InlineData("https://trade.example.com/\u202Ea")]
    [InlineData("https:///")]
    [InlineData("")]
    public void An_address_is_one_of_https_and_shows_where_it_leads(string address)
    {
        Assert.Null(NoticeRules.Normalize(address));
        Assert.StartsWith("address: found \"", NoticeRules.FindFault(Back with { Address = address }), StringComparison.Ordinal);
        Assert.DoesNotContain('\u202E', NoticeRules.FindFault(Back with { Address = address })!);
    }

    [Fact]
    public void An_address_is_kept_as_browsers_write_it_and_only_where_one_can_go()
    {
        Assert.Equal("https://trade.example.com/Login", NoticeRules.Normalize("HTTPS://Trade.Example.com/Login"));
        Assert.Null(NoticeRules.Normalize($"https://trade.example.com/{new string('a', NoticeRules.AddressMax)}"));
        Assert.Equal(
            "address: found \"https://a.example/\", expected none: nobody is sent to a main site that is down.", NoticeRules.FindFault(Down with { Address = "https://a.example/" }));
    }
}
