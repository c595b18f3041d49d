using System.Buffers;
using System.Buffers.Binary;
using Backup.Account.Domain.Positions;
using Backup.Gateway.Api.Prices;

namespace Backup.Gateway.Api.Kite.Ticker;

/// <summary>How much of an instrument a subscriber wants (Kite Connect 3, WebSocket streaming, modes).</summary>
internal enum TickMode
{
    Ltp,
    Quote,
    Full,
}

/// <summary>
/// One instrument's packet: big-endian numbers of four bytes, prices in paise. The backup knows the last price, when it was made, and the previous
/// close; everything else is 0, as Kite writes what there is none of.
/// </summary>
internal static class Tick
{
    private const int LtpLength = 8;
    private const int QuoteLength = 44;
    private const int FullLength = 184;
    private const int CloseAt = 40;
    private const int LastTradeTimeAt = 44;
    private const int ExchangeTimestampAt = 60;

    internal static string Name(this TickMode mode) => mode switch
    {
        TickMode.Ltp => "ltp",
        TickMode.Quote => "quote",
        _ => "full",
    };

    internal static TickMode? Parse(string? mode) => mode switch
    {
        "ltp" => TickMode.Ltp,
        "quote" => TickMode.Quote,
        "full" => TickMode.Full,
        _ => null,
    };

    /// <summary>The packet, behind its length of two bytes.</summary>
    internal static void Write(IBufferWriter<byte> message, TickMode mode, Contract contract, LastPrice price)
    {
        var length = mode switch
        {
            TickMode.Ltp => LtpLength,
            TickMode.Quote => QuoteLength,
            _ => FullLength,
        };
        var whole = message.GetSpan(length + 2)[..(length + 2)];
        whole.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(whole, (ushort)length);
        var packet = whole[2..];
        BinaryPrimitives.WriteUInt32BigEndian(packet, (uint)contract.Token);
        BinaryPrimitives.WriteInt32BigEndian(packet[4..], checked((int)price.Paise));
        if (mode != TickMode.Ltp)
        {
            BinaryPrimitives.WriteInt32BigEndian(packet[CloseAt..], checked((int)contract.ClosePaise));
        }

        if (mode == TickMode.Full)
        {
            var seconds = (uint)price.At.ToUnixTimeSeconds();
            BinaryPrimitives.WriteUInt32BigEndian(packet[LastTradeTimeAt..], seconds);
            BinaryPrimitives.WriteUInt32BigEndian(packet[ExchangeTimestampAt..], seconds);
        }

        message.Advance(whole.Length);
    }
}
