namespace Backup.Actor.Kernel.Cluster.SplitBrain;

/// <summary>What would be decided now, and whether the cut has been the same for long enough.</summary>
/// <param name="StableFor">How long the sides have been as they are.</param>
/// <param name="IsDue">Somebody is lost, and has been for long enough: down the losers.</param>
public sealed record SplitBrainVerdict(SplitBrainDecision Decision, TimeSpan StableFor, bool IsDue);

/// <summary>Watches readings of the membership and says when a cut has stayed the same for <see cref="SplitBrainOptions.StableAfter"/>.</summary>
/// <remarks>
/// A member that joins, ends, or gains or loses a link both ways starts the time anew; beats do not. A cut that never comes to rest is
/// never resolved: nothing is unsafe meanwhile, because the store's epochs decide who writes. For one caller at a time.
/// </remarks>
public sealed class SplitBrainWatch(SplitBrainOptions options)
{
    private ReachabilityGraph? _graph;
    private TimeSpan _since;

    /// <param name="now">The time by a clock that only goes forward, from any beginning.</param>
    public SplitBrainVerdict Observe(IReadOnlyCollection<Member> rows, TimeSpan now)
    {
        var graph = ReachabilityGraph.Of(rows);
        if (graph is null)
        {
            _graph = null;
            return new SplitBrainVerdict(SplitBrainResolver.Resolve(rows, options), TimeSpan.Zero, IsDue: false);
        }

        if (!graph.Equals(_graph))
        {
            _since = now;
        }

        // The newest rows, for their words: the direction in which a link fails may have changed.
        _graph = graph;
        var decision = SplitBrainResolver.Resolve(graph, options);
        return new SplitBrainVerdict(decision, now - _since, !decision.IsWhole && now - _since >= options.StableAfter);
    }
}
