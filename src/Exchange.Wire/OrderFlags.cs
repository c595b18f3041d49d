namespace Backup.Exchange.Wire;

/// <summary>The books that orders of this house are in (NSE-TAP.md 1.8).</summary>
public static class BookNumber
{
    public const short RegularLot = 1;

    /// <summary>An order waits here for its trigger; then it goes on in the regular lot (NSE-TAP.md N34).</summary>
    public const short StopLoss = 3;
}

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

    /// <summary>Self-trade prevention: must not change in a modify.</summary>
    public const ushort SelfTradePrevention = 0x0002;
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

/// <summary>Bits of ADDITIONAL_ORDER_FLAGS in F&amp;O, one byte (NSE-TAP.md 1.7).</summary>
public static class FoAdditionalFlags
{
    /// <summary>The exchange cancels this order when its user logs off.</summary>
    public const byte CancelOnLogout = 0x02;

    /// <summary>Self-trade prevention: must not change in a modify.</summary>
    public const byte SelfTradePrevention = 0x10;
}
