using System.Collections.Immutable;
using Backup.Exchange.Wire;

namespace Backup.Exchange.Simulator.Hostile;

/// <summary>What the exchange can be told to do wrong. Each is explained where it is carried out.</summary>
public enum FaultKind
{
    Duplicate,
    Reorder,
    TradeFirst,
    Replay,
    CloseUnread,
    CloseUnanswered,
    Corrupt,
    BadLength,
    Ignore,
    Silence,
    SignOff,
    Reject,
    RejectKill,
    NoInvitation,
}

/// <summary>How often each fault is still to happen, and in which segment. Used under the floor's gate.</summary>
/// <remarks>Lives in memory only: a restarted exchange is an honest one.</remarks>
public sealed class FaultPlan
{
    public static readonly ImmutableDictionary<string, FaultKind> Names = new Dictionary<string, FaultKind>
    {
        ["duplicate"] = FaultKind.Duplicate,
        ["reorder"] = FaultKind.Reorder,
        ["trade-first"] = FaultKind.TradeFirst,
        ["replay"] = FaultKind.Replay,
        ["close-unread"] = FaultKind.CloseUnread,
        ["close-unanswered"] = FaultKind.CloseUnanswered,
        ["corrupt"] = FaultKind.Corrupt,
        ["bad-length"] = FaultKind.BadLength,
        ["ignore"] = FaultKind.Ignore,
        ["silence"] = FaultKind.Silence,
        ["sign-off"] = FaultKind.SignOff,
        ["reject"] = FaultKind.Reject,
        ["reject-kill"] = FaultKind.RejectKill,
        ["no-invitation"] = FaultKind.NoInvitation,
    }.ToImmutableDictionary();

    private readonly List<Planned> _planned = [];

    /// <summary>So many more of this kind; with 0 all of this kind that were planned for the segment are off.</summary>
    /// <param name="segment">Null: whichever comes first.</param>
    public void Plan(FaultKind kind, int count, Segment? segment, short error)
    {
        if (count > 0)
        {
            _planned.Add(new Planned(kind, segment, error) { Left = count });
        }
        else
        {
            _planned.RemoveAll(one => one.Kind == kind && (segment is null || one.Segment == segment));
        }
    }

    public int Left(FaultKind kind, Segment segment) => _planned.Where(one => one.Fits(kind, segment)).Sum(one => one.Left);

    public bool TryTake(FaultKind kind, Segment segment) => TryTake(kind, segment, out _);

    /// <summary>True when a fault of this kind is to happen now; it is then counted.</summary>
    public bool TryTake(FaultKind kind, Segment segment, out short error)
    {
        // Asked for every message: nothing is planned nearly always.
        var at = _planned.Count == 0 ? -1 : _planned.FindIndex(one => one.Fits(kind, segment));
        error = at < 0 ? (short)0 : _planned[at].Error;
        if (at >= 0 && --_planned[at].Left == 0)
        {
            _planned.RemoveAt(at);
        }

        return at >= 0;
    }

    private sealed record Planned(FaultKind Kind, Segment? Segment, short Error)
    {
        public int Left { get; set; }

        public bool Fits(FaultKind kind, Segment segment) => Kind == kind && (Segment is null || Segment == segment);
    }
}
