using System.Diagnostics;
using Backup.Drills.Proxy;

namespace Backup.Drills.Faults;

/// <summary>Small turns of speech that faults share.</summary>
internal static class Moments
{
    /// <summary>Waits a time that the dice choose, from <paramref name="least"/> to <paramref name="most"/> milliseconds.</summary>
    internal static Task PauseAsync(SeededDice dice, int least, int most, CancellationToken stop) =>
        Task.Delay(TimeSpan.FromMilliseconds(least + dice.Next(most - least + 1)), stop);

    internal static string Segment(SeededDice dice) => ExchangeProxy.Segments[dice.Next(2)];

    /// <summary>Both segments, so that a fault meets whatever the clients happen to trade.</summary>
    internal static void Everywhere(Stack stack, Action<LineRules> change)
    {
        foreach (var segment in ExchangeProxy.Segments)
        {
            change(stack.Proxy!.Rules(segment));
        }
    }

    internal static void CutEverywhere(Stack stack, CutKind kind)
    {
        foreach (var segment in ExchangeProxy.Segments)
        {
            stack.Proxy!.Cut(segment, kind);
        }
    }

    /// <summary>
    /// Waits until every session of the node has noticed, and holds each to <paramref name="limit"/>. It counts from the first message of ours
    /// that was lost: a side that says nothing while the other still talks has lost nothing yet.
    /// </summary>
    internal static async Task NoticedAsync(Stack stack, IReadOnlyList<TapState> before, TimeSpan limit, string what)
    {
        var (broken, clock, node) = (DateTimeOffset.UtcNow, Stopwatch.StartNew(), stack.Node!);
        var firstLost = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        var noticed = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        await Eventually.HoldsAsync(
            $"both sessions notice that {what}",
            limit + limit,
            async () =>
            {
                if (stack.Node != node || node.HasExited)
                {
                    return true;
                }

                foreach (var link in await stack.TapAsync())
                {
                    if (link.LastSent > broken && !noticed.ContainsKey(link.Segment))
                    {
                        firstLost.TryAdd(link.Segment, link.LastSent - broken);
                    }

                    if (link.Breaks > before.Single(one => one.Segment == link.Segment).Breaks)
                    {
                        noticed.TryAdd(link.Segment, clock.Elapsed);
                    }
                }

                return noticed.Count == before.Count;
            },
            async () => string.Join("; ", (await stack.TapAsync()).Select(link => $"{link.Segment} is {link.State}, last break: {link.LastBreak}")));
        if (stack.Node != node || node.HasExited)
        {
            // Another fault killed the node meanwhile: who is dead notices nothing.
            return;
        }

        foreach (var (segment, after) in noticed)
        {
            var took = after - firstLost.GetValueOrDefault(segment);
            Expect.That(took <= limit, $"{segment} notices within {limit.TotalSeconds} s that {what}; found {took.TotalSeconds:F1} s after the first message of ours was lost, {after.TotalSeconds:F1} s after the break");
        }
    }
}
