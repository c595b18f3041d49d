using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;
using Backup.Tap.Stream;

namespace Backup.Wire.Bench;

/// <summary>The 136-byte order of the cash segment, written as the product writes it and read back field by field.</summary>
internal sealed class OrderCodec
{
    public const int Size = 136;

    private readonly OrderWriter _writer = new(new TapSessionOptions
    {
        Segment = Segment.CapitalMarket,
        RouterHost = "exchange",
        RouterPort = 1,
        BoxId = 101,
        BrokerId = "90123",
        BranchId = 7,
        UserId = 40521,
        Password = "Trade@26",
        MessagesPerSecond = 40,
        FirstSessionEpoch = 1,
    });

    private readonly TapRequest _request = new TapRequest.Enter(
        new TapOrder("CLI0001", "ABCDE1234F", new TapInstrument(Segment.CapitalMarket, 1594, "", "INFY", "EQ", 0, 0, ""), BuySell.Sell, 65, 152550, 700001));

    public byte[] Message { get; } = new byte[OrderWriter.MaxLength];

    public void Encode() => _writer.Write(Message, _request);

    /// <summary>Every field that carries something; the sum keeps the compiler from leaving any out.</summary>
    public long Decode()
    {
        ReadOnlySpan<byte> message = Message.AsSpan(0, Size);
        return 0L + CmOrderEntry.TransactionCode.Read(message)
            + CmOrderEntry.TraderId.Read(message)
            + CmOrderEntry.Symbol.ReadBytes(message).Length
            + CmOrderEntry.Series.ReadBytes(message).Length
            + CmOrderEntry.AccountNumber.ReadBytes(message).Length
            + CmOrderEntry.BookType.Read(message)
            + CmOrderEntry.BuySell.Read(message)
            + CmOrderEntry.Volume.Read(message)
            + CmOrderEntry.Price.Read(message)
            + CmOrderEntry.OrderFlags.ReadNumber(message)
            + CmOrderEntry.BranchId.Read(message)
            + CmOrderEntry.UserId.Read(message)
            + CmOrderEntry.BrokerId.ReadBytes(message).Length
            + CmOrderEntry.Settlor.ReadBytes(message).Length
            + CmOrderEntry.ProClient.Read(message)
            + CmOrderEntry.NNFField.Read(message)
            + CmOrderEntry.TransactionId.Read(message)
            + CmOrderEntry.PAN.ReadBytes(message).Length;
    }
}
