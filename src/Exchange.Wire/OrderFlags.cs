namespace Backup.Exchange.Wire;

/// <summary>Bits of ST_ORDER_FLAGS in the cash segment, both bytes as one big-endian number (NSE-TAP.md 1.7).</summary>
public static class CmOrderFlags
{
    public const ushort Market = 0x4000;
    public const ushort StopLoss = 0x2000;
    public const ushort Day = 0x1000;
    public const ushort Ioc = 0x0400;
    public const ushort Matched = 0x0080;
    public const ushort Traded = 0x0040;
    public const ushort Modified = 0x0020;
    public const ushort Frozen = 0x0010;
}

/// <summary>Bits of ST_ORDER_FLAGS in F&amp;O, both bytes as one big-endian number (NSE-TAP.md 1.7).</summary>
public static class FoOrderFlags
{
    public const ushort Market = 0x4000;
    public const ushort StopLoss = 0x2000;
    public const ushort Day = 0x0800;
    public const ushort Ioc = 0x0200;
    public const ushort Matched = 0x0040;
    public const ushort Traded = 0x0020;
    public const ushort Modified = 0x0010;
    public const ushort Frozen = 0x0008;
}
