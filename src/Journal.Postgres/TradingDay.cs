namespace Backup.Journal.Postgres;

/// <summary>The day in India, by which the journal is cut into partitions. India has one time zone and no summer time.</summary>
internal static class TradingDay
{
    private static readonly TimeSpan India = new(5, 30, 0);

    internal static DateOnly Of(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime + India);
}
