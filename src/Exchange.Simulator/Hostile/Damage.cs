using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Hostile;

/// <summary>What happens to a packet after it was sealed, as if the network or a broken gateway had done it.</summary>
public enum Damage
{
    None,

    /// <summary>One bit of the message is turned, so that its checksum or tag is wrong.</summary>
    TurnedBit,

    /// <summary>The packet says a length that no packet can have.</summary>
    ImpossibleLength,
}

public static class DamageExtensions
{
    public static void Inflict(this Damage damage, Span<byte> packet)
    {
        switch (damage)
        {
            case Damage.TurnedBit:
                packet[FrameReader.HeaderLength + ((packet.Length - FrameReader.HeaderLength) / 2)] ^= 0x10;
                break;
            case Damage.ImpossibleLength:
                PacketHeader.Length.Write(packet, ushort.MaxValue);
                break;
            default:
                break;
        }
    }
}
