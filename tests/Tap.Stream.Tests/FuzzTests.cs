namespace Backup.Tap.Stream.Tests;

public class FuzzTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(20261120)]
    public void Hostile_bytes_always_come_to_a_named_end(ulong seed)
    {
        // The long run is ./chaos fuzz-wire.
        var fuzz = new Wire.Fuzz.WireFuzz(seed);
        fuzz.Run(60_000);
        Assert.Empty(fuzz.Violations);
        Assert.All(
            ["frame", "needMoreData", "malformed", "badChecksum", "badTag", "badField", "sessionBreak", "sessionSend", "reportConfirmed", "reportTraded", "reportTriggered"],
            danger => Assert.Contains(danger, fuzz.Seen));
    }
}
