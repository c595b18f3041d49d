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
}
