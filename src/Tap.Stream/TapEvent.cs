using Backup.Exchange.Wire;

namespace Backup.Tap.Stream;

/// <summary>How serious a happening of the session is.</summary>
public enum TapEventLevel
{
    Info,
    Warning,
    Error,
}

/// <summary>Something an operator may want to read in a log. Carries no secret and no client's name.</summary>
public sealed record TapEvent(DateTimeOffset At, Segment Segment, long SessionEpoch, TapEventLevel Level, string Text);
