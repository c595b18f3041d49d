using System.Text.Json.Nodes;

namespace Backup.Operator.Cli.Tests;

/// <summary><c>pbm notice</c>: what reaches the node, what comes back, and what people type wrong.</summary>
public sealed class NoticeCommandTests
{
    private static readonly TimeSpan India = new(5, 30, 0);

    private static JsonObject Set => new()
    {
        ["state"] = "backup",
        ["down_since"] = "2026-11-20T04:34:00+00:00",
        ["main_site_address"] = null,
        ["text"] = "We watch it.",
        ["by"] = "amol",
        ["reason"] = "its login is away",
        ["set_at"] = "2026-11-20T04:40:07.25+00:00",
    };

    [Fact]
    public async Task Backup_tells_the_node_since_when_and_who_and_why()
    {
        using var node = Answering(Set);
        var since = DateTimeOffset.UtcNow.ToOffset(India).AddHours(-1);

        var said = await Pbm.RunAsync("notice", "backup", "--since", since.ToString("yyyy-MM-ddTHH:mm:sszzz"), "--text", "We watch it.", "--by", "amol", "--reason", "its login is away", "--data", node.Folder);

        Assert.Equal((0, ""), (said.Status, said.Error));
        var (what, body) = Assert.Single(node.Asked);
        Assert.Equal("POST /manage/notice/backup", what);
        Assert.Equal(since.ToUnixTimeSeconds(), body!["since"]!.GetValue<DateTimeOffset>().ToUnixTimeSeconds());
        Assert.Equal(("We watch it.", "amol", "its login is away", null), ((string?)body["text"], (string?)body["by"], (string?)body["reason"], (string?)body["address"]));
        Assert.Contains("2026-11-20 10:04:00", said.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_of_day_is_one_of_today_in_India()
    {
        using var node = Answering(Set);
        var before = DateTimeOffset.UtcNow.ToOffset(India);

        await Pbm.RunAsync("notice", "backup", "--since", "00:00", "--by", "amol", "--reason", "its login is away", "--data", node.Folder);

        var after = DateTimeOffset.UtcNow.ToOffset(India);
        var since = Assert.Single(node.Asked).Body!["since"]!.GetValue<DateTimeOffset>();
        Assert.Contains(since, new[] { before, after }.Select(now => new DateTimeOffset(now.Date, India)));
    }

    [Fact]
    public async Task Main_site_back_tells_the_node_where_it_is()
    {
        using var node = Answering(Set);

        var said = await Pbm.RunAsync("notice", "main-site-back", "--address", "https://trade.example.com/", "--by", "sita", "--reason", "it answers", "--json", "--data", node.Folder);

        var (what, body) = Assert.Single(node.Asked);
        Assert.Equal("POST /manage/notice/main-site-back", what);
        Assert.Equal(("https://trade.example.com/", null), ((string?)body!["address"], (string?)body["since"]));
        Assert.True(JsonNode.DeepEquals(Set, said.Json));
    }

    [Fact]
    public async Task Show_prints_what_is_shown_and_the_record_and_says_when_it_cannot_be_read()
    {
        using var node = Answering(new JsonObject { ["shown"] = Set, ["newest"] = new JsonArray(Set), ["trouble"] = null });
        var said = await Pbm.RunAsync("notice", "show", "--data", node.Folder);
        Assert.Equal("GET /manage/notice", Assert.Single(node.Asked).Request);
        Assert.Matches(@"shown here: backup, set by amol[\s\S]*2026-11-20 10:10:07 +backup +2026-11-20 10:04:00 +- +We watch it\. +amol +its login is away", said.Output);

        using var deaf = Answering(new JsonObject { ["shown"] = null, ["newest"] = new JsonArray(), ["trouble"] = "the database is away" });
        Assert.Matches(@"nobody has set a notice that this node has read\s+the notices cannot be read, and what is shown stays: the database is away", (await Pbm.RunAsync("notice", "show", "--data", deaf.Folder)).Output);
    }

    [Fact]
    public async Task A_no_of_the_node_is_told_in_its_words()
    {
        using var node = new FakeNode { Status = 503, Answer = """{"status":"error","message":"It is not known whether the notice was stored."}""" };

        var said = await Pbm.RunAsync("notice", "backup", "--by", "amol", "--reason", "its login is away", "--data", node.Folder);

        Assert.Equal((1, "pbm: It is not known whether the notice was stored.\n"), (said.Status, said.Error));
    }

    [Theory]
    [InlineData("--since: found \"yesterday\", expected 2026-11-20T10:21:07+05:30 or a time of day such as 10:21:07", "backup", "--since", "yesterday")]
    [InlineData("--since: found 2999-01-01T00:00:00+05:30, expected a time that is not after now", "backup", "--since", "2999-01-01T00:00:00+05:30")]
    [InlineData("--text: found 201 characters, expected 1 to 200 characters.", "backup", "--text", "{201}")]
    [InlineData("--text: found the character U+000A, expected one line", "main-site-back", "--text", "a\nb")]
    [InlineData("--address: found \"http://trade.example.com/\", expected one like https://trade.example.com/", "main-site-back", "--address", "http://trade.example.com/")]
    [InlineData("--address", "backup", "--address", "https://trade.example.com/")]
    [InlineData("--since", "main-site-back", "--since", "10:04")]
    public async Task What_is_typed_wrong_is_told_with_what_was_expected_and_asks_no_node(string told, string state, string option, string value)
    {
        var said = await Pbm.RunAsync("notice", state, option, value.Replace("{201}", new string('a', 201), StringComparison.Ordinal), "--by", "amol", "--reason", "x", "--data", "/nonexistent");

        Assert.Equal(1, said.Status);
        Assert.Contains(told, said.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("node.json", said.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--by", "notice", "backup", "--reason", "x")]
    [InlineData("--reason", "notice", "main-site-back", "--by", "amol")]
    public async Task Who_and_why_are_needed(string missing, params string[] arguments)
    {
        var said = await Pbm.RunAsync(arguments);

        Assert.Equal(1, said.Status);
        Assert.Contains($"'{missing}' is required", said.Error, StringComparison.Ordinal);
    }

    private static FakeNode Answering(JsonNode data) => new() { Answer = new JsonObject { ["status"] = "success", ["data"] = data.DeepClone() }.ToJsonString() };
}
