using System.Globalization;

namespace Backup.Gateway.Api;

/// <summary>The wall clock of the exchange and of everybody who reads these answers; there is no summer time.</summary>
internal static class IndiaTime
{
    internal static readonly TimeSpan Offset = new(5, 30, 0);

    /// <summary>Kite writes times of day in India without a zone.</summary>
    internal static string Kite(DateTimeOffset at) => at.ToOffset(Offset).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    internal static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.ToOffset(Offset).DateTime);

    internal static DateTimeOffset StartOf(DateOnly day) => new(day, TimeOnly.MinValue, Offset);

    internal static string HoursAndMinutes(DateTimeOffset at) => at.ToOffset(Offset).ToString("HH:mm", CultureInfo.InvariantCulture);
}
