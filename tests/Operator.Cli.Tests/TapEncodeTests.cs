using System.Text.Json.Nodes;

namespace Backup.Operator.Cli.Tests;

/// <summary><c>pbm tap encode</c>: typed fields, and the way back from what decode printed.</summary>
public sealed class TapEncodeTests
{
    [Fact]
    public async Task What_decode_prints_is_encoded_to_the_same_frame()
    {
        var typed = await Pbm.RunAsync("tap", "encode", "BOARD_LOT_IN_TR", "Symbol=INFY", "Series=EQ", "Volume=100", "Price=152550", "--segment", "cm", "--sequence", "7");
        Assert.Equal(0, typed.Status);
        var decoded = await Pbm.RunAsync("tap", "decode", typed.Output.Trim());
        Assert.Equal(("INFY", 7), ((string)decoded.Json["fields"]!["Symbol"]!, (int)decoded.Json["packet"]!["sequence"]!));
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, decoded.Output);

        var again = await Pbm.RunAsync("tap", "encode", "--file", file);

        File.Delete(file);
        Assert.Equal(typed.Output, again.Output);
    }

    [Theory]
    [InlineData("pbm: found \"Symbol\", expected FIELD=VALUE", "BOARD_LOT_IN_TR", "Symbol", "--segment", "cm")]
    [InlineData("pbm: give either NAME FIELD=VALUE... or --file FILE")]
    [InlineData("pbm: There are 2 messages BOARD_LOT_IN_TR: give the segment, or one of the structures CM_OE_REQUEST_TR, FO_OE_REQUEST_TR.", "BOARD_LOT_IN_TR")]
    public async Task What_cannot_be_encoded_is_refused(string words, params string[] arguments)
    {
        var said = await Pbm.RunAsync(["tap", "encode", .. arguments]);

        Assert.Equal((1, words), (said.Status, said.Error.Trim()));
        Assert.Empty(said.Output);
    }

    [Fact]
    public async Task A_file_that_holds_no_description_is_refused()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, new JsonObject { ["name"] = "HEARTBEAT" }.ToJsonString());

        var said = await Pbm.RunAsync("tap", "encode", "--file", file);

        File.Delete(file);
        Assert.Equal((1, "pbm: expected what decode printed, found an object without \"fields\""), (said.Status, said.Error.Trim()));
    }
}
