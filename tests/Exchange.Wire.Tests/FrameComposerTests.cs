using System.Text.Json;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Wire.Tests;

/// <summary>From names and values back to bytes.</summary>
public class FrameComposerTests
{
    [Fact]
    public void Every_plain_example_comes_back_from_its_description_but_for_the_secrets()
    {
        var compared = 0;
        foreach (var vector in Vectors.All.Where(vector => !vector.IsEncrypted && vector.Code is not (7208 or 7021 or 7304)))
        {
            var described = JsonDocument.Parse(FrameDescriber.Describe(vector.Message, null)).RootElement;
            var kind = MessageCatalogue.Find(null, vector.Code, vector.Message.Length)!;
            var fields = described.GetProperty("fields").EnumerateObject().Select(field => KeyValuePair.Create(field.Name, field.Value.ToString()));

            var composed = FrameComposer.Compose(kind, fields);

            var expected = Blanked(vector.Message, kind.Layout);
            Assert.True(Convert.ToHexString(expected) == Convert.ToHexString(Blanked(composed, kind.Layout)), $"{vector.Name} came back different");
            compared++;
        }

        Assert.True(compared > 40, $"only {compared} examples were compared");
    }

    [Fact]
    public void The_code_and_the_length_are_written_without_being_asked_for()
    {
        var message = FrameComposer.Compose(FrameComposer.Find("HEARTBEAT", null), []);

        Assert.Equal((23506, 40), (MessageHeader.TransactionCode.Read(message), MessageHeader.MessageLength.Read(message)));
    }

    [Theory]
    [InlineData("ORDER_CONFIRMATION_TR", "There are 2 messages ORDER_CONFIRMATION_TR: give the segment, or one of the structures CM_OM_RESPONSE_TR, FO_OE_RESPONSE_TR.")]
    [InlineData("ORDER_CONF", "There is no message ORDER_CONF; there are ORDER_CONFIRMATION, ORDER_CONFIRMATION_TR.")]
    [InlineData("XYZ", "There is no message XYZ.")]
    public void A_name_that_says_not_enough_is_refused(string name, string words) =>
        Assert.Equal(words, Assert.Throws<WireFormatException>(() => FrameComposer.Find(name, null)).Message);

    [Theory]
    [InlineData("Volume", "many", "Volume: expected a whole number of 4 bytes, found \"many\".")]
    [InlineData("Volume", "3000000000", "Volume: expected a whole number of 4 bytes, found \"3000000000\".")]
    [InlineData("OrderFlags", "10zz", "OrderFlags: expected 2 bytes in hexadecimal, or a number, found \"10zz\".")]
    [InlineData("Symbol", "MUCHTOOLONGASYMBOL", "")]
    [InlineData("Weight", "1", "CM_OE_REQUEST_TR has no field Weight; it has TransactionCode, TraderId,")]
    public void A_value_that_does_not_fit_is_refused_with_its_field(string field, string value, string words)
    {
        var refusal = Assert.Throws<WireFormatException>(() =>
            FrameComposer.Compose(FrameComposer.Find("BOARD_LOT_IN_TR", Segment.CapitalMarket), [KeyValuePair.Create(field, value)]));
        Assert.StartsWith(words, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mask_stars_every_secret_and_leaves_the_rest()
    {
        var message = Vectors.Named("sign_on_request_cm").Message.ToArray();
        SecretMask.Apply(message, Segment.CapitalMarket);

        Assert.Equal(("********", 40521), (CmSignOnRequest.Password.Read(message), CmSignOnRequest.UserId.Read(message)));

        var downloaded = new byte[40 + CmFullOrder.Layout.Size];
        MessageHeader.Layout.Begin(downloaded, TransactionCode.DownloadMessage, 40521);
        Vectors.Named("stop_loss_confirmation_cm").Message.CopyTo(downloaded, 40);
        SecretMask.Apply(downloaded, Segment.CapitalMarket);
        Assert.Equal(("**********", "INFY"), (CmFullOrder.PAN.Read(downloaded.AsSpan(40)), CmFullOrder.Symbol.Read(downloaded.AsSpan(40))));
    }

    private static byte[] Blanked(ReadOnlySpan<byte> message, StructureLayout layout)
    {
        var copy = message.ToArray();
        foreach (var field in layout.Fields.Where(field => SecretMask.Covers(field.Name)))
        {
            copy.AsSpan(field.Offset, field.Size).Clear();
        }

        return copy;
    }
}
