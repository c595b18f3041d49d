namespace Backup.Exchange.Wire;

/// <summary>The exchange's clocks: India wall time counted from 1980-01-01 00:00 (NSE-TAP.md 1.6, N15).</summary>
public static class NnfTime
{
    /// <summary>Jiffies a second, the unit of TimeStamp1.</summary>
    public const int JiffiesPerSecond = 65536;

    /// <summary>India time; no daylight saving since 1945.</summary>
    public static readonly TimeSpan IndiaOffset = TimeSpan.FromMinutes(330);

    /// <summary>The instant from which everything is counted.</summary>
    public static readonly DateTimeOffset Origin = new(1980, 1, 1, 0, 0, 0, IndiaOffset);

    public static int ToSeconds(DateTimeOffset instant) => checked((int)FloorDivide((instant - Origin).Ticks, TimeSpan.TicksPerSecond));

    public static long ToNanoseconds(DateTimeOffset instant) => checked((instant - Origin).Ticks * TimeSpan.NanosecondsPerTick);

    public static long ToJiffies(DateTimeOffset instant)
    {
        var ticks = (instant - Origin).Ticks;
        var seconds = FloorDivide(ticks, TimeSpan.TicksPerSecond);
        var rest = ticks - (seconds * TimeSpan.TicksPerSecond);
        return (seconds * JiffiesPerSecond) + (rest * JiffiesPerSecond / TimeSpan.TicksPerSecond);
    }

    public static DateTimeOffset FromSeconds(long seconds) => Origin.AddTicks(checked(seconds * TimeSpan.TicksPerSecond));

    public static DateTimeOffset FromNanoseconds(long nanoseconds) => Origin.AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick);

    public static DateTimeOffset FromJiffies(long jiffies)
    {
        var seconds = FloorDivide(jiffies, JiffiesPerSecond);
        var rest = jiffies - (seconds * JiffiesPerSecond);
        return Origin.AddTicks(checked((seconds * TimeSpan.TicksPerSecond) + (rest * TimeSpan.TicksPerSecond / JiffiesPerSecond)));
    }

    private static long FloorDivide(long value, long by) => (value / by) - (value % by < 0 ? 1 : 0);
}
