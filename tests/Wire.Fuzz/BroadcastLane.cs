using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Broadcast;

namespace Backup.Wire.Fuzz;

/// <summary>Datagrams of the price broadcast, good, damaged and nonsense, for one decoder a segment.</summary>
internal sealed class BroadcastLane
{
    private static readonly BroadcastForm[] Forms = [BroadcastForm.CmDepth, BroadcastForm.CmTrades, BroadcastForm.FoDepth, BroadcastForm.FoTrades];

    private readonly BroadcastDecoder[] _decoders = [new(Segment.CapitalMarket), new(Segment.FuturesAndOptions)];
    private readonly byte[] _datagram = new byte[2 * BroadcastDecoder.DatagramMax];
    private readonly byte[] _message = new byte[BroadcastDecoder.PacketMax];

    /// <summary>One datagram; names the outcome.</summary>
    /// <exception cref="InvalidDataException">A good datagram was not read as it was written, or a bad one left prices behind.</exception>
    public string Run(Chance chance)
    {
        var decoder = _decoders[chance.Below(2)];
        if (chance.OneIn(8))
        {
            var noise = _datagram.AsSpan(0, chance.Below(_datagram.Length));
            chance.Fill(noise);
            if (noise.Length > 4 && chance.OneIn(2))
            {
                (noise[0], noise[2], noise[3]) = ((byte)(chance.OneIn(2) ? 2 : 4), 0, (byte)chance.Below(4));
            }

            return Take(decoder, noise);
        }

        var length = Compose(chance, out var segment, out var prices);
        var datagram = _datagram.AsSpan(0, length);
        if (chance.OneIn(2))
        {
            datagram[chance.Below(length)] ^= (byte)(1 << chance.Below(8));
            return Take(decoder, chance.OneIn(4) ? datagram[..chance.Below(length)] : datagram);
        }

        var outcome = Take(decoder, datagram);
        var isOurs = decoder == _decoders[segment == Segment.CapitalMarket ? 0 : 1];
        if (outcome != (isOurs ? "broadcastRead" : "broadcastOtherSegment") || decoder.Prices.Length != (isOurs ? prices : 0))
        {
            throw new InvalidDataException($"a good datagram of {prices} prices was {outcome} with {decoder.Prices.Length}");
        }

        return outcome;
    }

    private static string Take(BroadcastDecoder decoder, ReadOnlySpan<byte> datagram)
    {
        var status = decoder.Read(datagram, out var fault);
        if (status != BroadcastStatus.Read && decoder.Prices.Length > 0)
        {
            throw new InvalidDataException($"{status} left {decoder.Prices.Length} prices behind");
        }

        if ((status == BroadcastStatus.Malformed) != (fault.Field is not null))
        {
            throw new InvalidDataException($"{status} with the fault {fault}");
        }

        return $"broadcast{status}";
    }

    private int Compose(Chance chance, out Segment segment, out int prices)
    {
        prices = 0;
        var form = Forms[chance.Below(Forms.Length)];
        segment = form.Segment;
        var packets = chance.Below(3);
        var length = BroadcastComposer.BeginDatagram(_datagram, segment, packets);
        for (var packet = 0; packet < packets; packet++)
        {
            var records = chance.Below(form.RecordsMax + 1);
            var message = BroadcastComposer.Begin(_message, form, records, chance.Below(int.MaxValue), NnfTime.Origin.AddYears(46));
            for (var number = 0; number < records; number++)
            {
                var record = BroadcastComposer.Record(message, form, number);
                chance.Fill(record);
                form.Market.Write(record, 1);
                form.Price.Write(record, chance.OneIn(9) ? -chance.Below(9) : 1 + chance.Below(100_000));
                form.Time?.Write(record, 1 + chance.Below(int.MaxValue - 1));
                prices += form.Price.Read(record) > 0 ? 1 : 0;
            }

            length += BroadcastComposer.AddPacket(_datagram.AsSpan(length), segment, message, isCompressed: chance.OneIn(2));
        }

        return length;
    }
}
