namespace Backup.Operator.Cli.Tests;

/// <summary><c>pbm staff</c>: what it asks of a node, and that a password comes from standard input and from nowhere else.</summary>
public sealed class StaffCommandTests : IDisposable
{
    private const string Password = "seven green boats";
    private readonly FakeNode _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task Somebody_is_added_with_the_password_that_was_piped_in_and_it_is_not_shown()
    {
        var said = await RunAsync(Password + "\n", "staff", "add", "asha", "--role", "assisted-desk");

        Assert.Equal((0, "asha may log in as assisted-desk.\n"), (said.Status, said.Output));
        var (request, body) = Assert.Single(_node.Asked);
        Assert.Equal("POST /manage/staff", request);
        Assert.Equal("""{"name":"asha","role":"assisted-desk","password":"seven green boats"}""", body!.ToJsonString());
        Assert.DoesNotContain(Password, said.Output + said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_password_or_with_one_in_an_argument_nothing_is_asked()
    {
        var silent = await RunAsync("", "staff", "add", "asha", "--role", "auditor");
        var argued = await RunAsync("", "staff", "password", "asha", Password);
        var other = await RunAsync(Password + "\n", "staff", "add", "asha", "--role", "trader");

        Assert.Equal((1, "pbm: expected a password on standard input; found none\n"), (silent.Status, silent.Error));
        Assert.Equal((1, 1), (argued.Status, other.Status));
        Assert.Empty(_node.Asked);
    }

    [Fact]
    public async Task What_the_node_refuses_is_said_in_its_words()
    {
        (_node.Status, _node.Answer) = (409, """{"status":"error","message":"password: expected 15 to 256 characters, of any kind.","error_type":"InputException","data":null}""");

        var said = await RunAsync("short\n", "staff", "password", "asha");

        Assert.Equal((1, "pbm: password: expected 15 to 256 characters, of any kind.\n"), (said.Status, said.Error));
        Assert.Equal("POST /manage/staff/asha/password", Assert.Single(_node.Asked).Request);
    }

    [Theory]
    [InlineData("disable", "asha is disabled.")]
    [InlineData("enable", "asha is enabled.")]
    public async Task He_is_disabled_and_enabled_by_name(string verb, string words)
    {
        var said = await RunAsync("", "staff", verb, "asha");

        Assert.Equal((0, words + "\n"), (said.Status, said.Output));
        Assert.Equal($"POST /manage/staff/asha/{verb}", Assert.Single(_node.Asked).Request);
    }

    [Fact]
    public async Task A_lost_telephone_needs_a_name_and_a_reason()
    {
        Assert.Equal(1, (await RunAsync("", "staff", "remove-authenticator", "asha")).Status);

        Assert.Equal(0, (await RunAsync("", "staff", "remove-authenticator", "asha", "--by", "amol", "--reason", "lost")).Status);

        var (request, body) = Assert.Single(_node.Asked);
        Assert.Equal(("POST /manage/staff/asha/authenticator/remove", """{"by":"amol","reason":"lost"}"""), (request, body!.ToJsonString()));
    }

    [Fact]
    public async Task The_list_is_a_table_for_people_and_JSON_for_scripts()
    {
        _node.Answer = """{"status":"success","data":[{"name":"asha","role":"auditor","since":"2026-11-28T16:22:56+00:00","disabled":true}]}""";

        Assert.Matches("asha +auditor +2026-11-28T16:22:56\\+00:00 +yes", (await RunAsync("", "staff", "list")).Output);
        Assert.Equal("asha", (string?)(await RunAsync("", "staff", "list", "--json")).Json[0]!["name"]);
        Assert.All(_node.Asked, asked => Assert.Equal("GET /manage/staff", asked.Request));
    }

    private Task<Said> RunAsync(string typed, params string[] arguments) => Pbm.RunTypedAsync(typed, [.. arguments, "--data", _node.Folder]);
}
