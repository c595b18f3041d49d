using System.Runtime.InteropServices;

namespace Backup.Cluster.Node.Ownership;

/// <summary>
/// The system's clock, whose timestamps also count while the machine sleeps: a holder that was suspended must find its lease too old. The
/// framework's own timestamps stand still meanwhile on Linux (CLOCK_MONOTONIC).
/// </summary>
internal sealed partial class BootClock : TimeProvider
{
    private const int ClockBootTime = 7;
    private const long NanosecondsPerSecond = 1_000_000_000;

    public override long TimestampFrequency => NanosecondsPerSecond;

    public override long GetTimestamp() => clock_gettime(ClockBootTime, out var time) == 0
        ? (time.Seconds * NanosecondsPerSecond) + time.Nanoseconds
        : throw new PlatformNotSupportedException($"CLOCK_BOOTTIME cannot be read (error {Marshal.GetLastPInvokeError()}); leases need it.");

    [LibraryImport("libc", SetLastError = true)]
    private static partial int clock_gettime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);
}
