using System.Text.Json.Nodes;

namespace Backup.Operator.Cli.Tests;

/// <summary><c>pbm tap decode</c> with the protocol reference's own frames, and with what people type wrong.</summary>
public sealed class TapDecodeTests
{
    private static readonly JsonArray Vectors =
        JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "nse-tap-vectors.json")))!["vectors"]!.AsArray();

    [Theory]
    [InlineData("order_entry_tr_cm", 20000)]
    [InlineData("trade_confirmation_tr_cm", 20222)]
    [InlineData("box_sign_on_request", 23000)]
    public async Task A_frame_of_the_reference_is_shown_by_its_name_and_fields(string name, int code)
    {
        var said = await Pbm.RunAsync("tap", "decode", Hex(name));

        Assert.Equal(0, said.Status);
        Assert.Contains(code.ToString(), said.Output, StringComparison.Ordinal);
        Assert.IsType<JsonObject>(said.Json);
    }

    [Fact]
    public async Task Blanks_between_the_digits_do_not_matter()
    {
        var hex = Hex("order_entry_tr_cm");
        var spaced = string.Join(' ', hex.Chunk(8).Select(chunk => new string(chunk)));

        Assert.Equal((await Pbm.RunAsync("tap", "decode", hex)).Output, (await Pbm.RunAsync("tap", "decode", spaced)).Output);
    }

    [Fact]
    public async Task A_file_of_frames_is_one_line_of_JSON_each()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllLinesAsync(file, [Hex("order_entry_tr_cm"), "", Hex("trade_confirmation_tr_cm")]);

        var said = await Pbm.RunAsync("tap", "decode", "--file", file);
        File.Delete(file);

        Assert.Equal(0, said.Status);
        Assert.All(said.Output.Trim().Split('\n'), line => Assert.NotNull(JsonNode.Parse(line)));
        Assert.Equal(2, said.Output.Trim().Split('\n').Length);
    }

    [Theory]
    [InlineData("abc", "the argument: expected an even number of hexadecimal digits, found 3")]
    [InlineData("abxy", "the argument: expected hexadecimal digits, found 'x' at position 3")]
    [InlineData("abcd", "Expected at least 22 bytes, found 2.")]
    public async Task What_is_no_frame_is_refused_with_what_was_expected_and_found(string hex, string message)
    {
        var said = await Pbm.RunAsync("tap", "decode", hex);

        Assert.Equal(1, said.Status);
        Assert.Equal($"pbm: {message}", said.Error.Trim());
        Assert.Empty(said.Output);
    }

    [Fact]
    public async Task A_frame_that_is_cut_is_refused()
    {
        var said = await Pbm.RunAsync("tap", "decode", Hex("order_entry_tr_cm")[..^2]);

        Assert.Equal(1, said.Status);
        Assert.StartsWith("pbm: Expected ", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_to_decode_and_two_things_to_decode_are_both_refused()
    {
        var nothing = await Pbm.RunAsync("tap", "decode");
        var both = await Pbm.RunAsync("tap", "decode", "abcd", "--file", "frames.txt");

        Assert.Equal(["pbm: give exactly one of: HEX, --file FILE, --ledger ADDRESS", "pbm: give exactly one of: HEX, --file FILE, --ledger ADDRESS"],
            [nothing.Error.Trim(), both.Error.Trim()]);
    }

    private static string Hex(string name) => (string)Vectors.Single(vector => (string?)vector!["name"] == name)!["hex"]!;
}
