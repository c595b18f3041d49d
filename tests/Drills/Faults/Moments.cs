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

    /// <summary>Waits until every session of the node has noticed, and says how long the slowest took.</summary>
    internal static async Task<TimeSpan> NoticedAsync(Stack stack, IReadOnlyList<TapState> before, TimeSpan limit, string what)
    {
        var clock = Stopwatch.StartNew();
        await Eventually.HoldsAsync(
            $"{what} is noticed by both sessions",
            limit,
            async () => (await stack.TapAsync()).All(link => link.Breaks > before.Single(one => one.Segment == link.Segment).Breaks),
            async () => string.Join("; ", (await stack.TapAsync()).Select(link => $"{link.Segment} is {link.State}, last break: {link.LastBreak}")));
        return clock.Elapsed;
    }
}
