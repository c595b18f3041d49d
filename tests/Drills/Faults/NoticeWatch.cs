using System.Diagnostics;

namespace Backup.Drills.Faults;

/// <summary>
/// Waits until every session of the node has noticed that its link is dead, and holds each to a limit. It counts from the first message of
/// ours that was lost: a side that says nothing while the other still talks has lost nothing yet.
/// </summary>
internal sealed class NoticeWatch(Stack stack, IReadOnlyList<TapState> before, TimeSpan limit, string what)
{
    /// <summary>More than this no busy machine may excuse.</summary>
    private static readonly TimeSpan ExcuseMax = TimeSpan.FromSeconds(1);

    private readonly ManagedProcess _node = stack.Node!;
    private readonly DateTimeOffset _broken = DateTimeOffset.UtcNow;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Dictionary<string, TimeSpan> _firstLost = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TimeSpan> _noticed = new(StringComparer.Ordinal);
    private TimeSpan _looked;
    private TimeSpan _longestGap;

    /// <summary>Another fault killed the node meanwhile: who is dead notices nothing.</summary>
    private bool IsNodeGone => stack.Node != _node || _node.HasExited;

    internal async Task RunAsync()
    {
        await Eventually.HoldsAsync($"both sessions notice that {what}", limit + limit, async () => IsNodeGone || await LookAsync(), FoundAsync);
        if (IsNodeGone)
        {
            return;
        }

        // A machine so busy that we ourselves could not look for a while could not let the node act either.
        var excuse = TimeSpan.FromTicks(Math.Min(_longestGap.Ticks, ExcuseMax.Ticks));
        foreach (var (segment, after) in _noticed)
        {
            var took = after - _firstLost.GetValueOrDefault(segment);
            Expect.That(
                took <= limit + excuse,
                $"{segment} notices within {limit.TotalSeconds} s that {what}; found {took.TotalSeconds:F1} s after the first message of ours was lost, {after.TotalSeconds:F1} s after the break (longest time that we could not look: {_longestGap.TotalMilliseconds:F0} ms)");
        }
    }

    private async Task<bool> LookAsync()
    {
        var links = await stack.TapAsync();
        var now = _clock.Elapsed;
        _longestGap = now - _looked > _longestGap ? now - _looked : _longestGap;
        _looked = now;
        foreach (var link in links)
        {
            if (link.LastSent > _broken && !_noticed.ContainsKey(link.Segment))
            {
                _firstLost.TryAdd(link.Segment, link.LastSent - _broken);
            }

            if (link.Breaks > before.Single(one => one.Segment == link.Segment).Breaks)
            {
                _noticed.TryAdd(link.Segment, now);
            }
        }

        return _noticed.Count == before.Count;
    }

    private async Task<string> FoundAsync() =>
        string.Join("; ", (await stack.TapAsync()).Select(link => $"{link.Segment} is {link.State}, last break: {link.LastBreak}"));
}
