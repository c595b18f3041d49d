using FsCheck;
using FsCheck.Fluent;

namespace Backup.Rulebook.Model;

/// <summary>What may happen next, to an account, to its exchange, or to the link between them.</summary>
internal enum StepKind
{
    Exit,
    Cancel,
    Modify,
    StopPlan,
    ReleaseHedges,
    Review,
    Write,
    Arrive,
    Trade,
    Deliver,
    Foreign,
    ExchangeCancels,
    ExchangeRefreshes,
    DeskReduces,
    LoseLink,
    Reconnect,
    Outage,
    Crash,
    Lapse,
    Recount,
    Wait,
    OpenAgain,
    MainSite,
    Trigger,
}

/// <param name="Chance">Decides the particulars: which order, how much, what the exchange answers.</param>
internal readonly record struct Step(StepKind Kind, int Chance);

/// <summary>One life of one account: what it holds in the morning, and what happens to it.</summary>
internal sealed record Interleaving(int Opening, Step[] Steps)
{
    private const int StepsMin = 10;
    private const int StepsMax = 70;

    /// <summary>Each kind as often as it stands here.</summary>
    private static readonly StepKind[] Kinds =
    [
        .. Often(StepKind.Exit, 13), .. Often(StepKind.Cancel, 6), .. Often(StepKind.Modify, 9), .. Often(StepKind.StopPlan, 1),
        .. Often(StepKind.ReleaseHedges, 1), .. Often(StepKind.Review, 4), .. Often(StepKind.Write, 20), .. Often(StepKind.Arrive, 18),
        .. Often(StepKind.Trade, 12), .. Often(StepKind.Deliver, 26), .. Often(StepKind.Foreign, 4), .. Often(StepKind.ExchangeCancels, 2),
        .. Often(StepKind.ExchangeRefreshes, 2), .. Often(StepKind.DeskReduces, 3), .. Often(StepKind.LoseLink, 3),
        .. Often(StepKind.Reconnect, 5), .. Often(StepKind.Outage, 1), .. Often(StepKind.Crash, 1), .. Often(StepKind.Lapse, 3), .. Often(StepKind.Recount, 2),
        .. Often(StepKind.Wait, 2), .. Often(StepKind.OpenAgain, 1),
        .. Often(StepKind.MainSite, 4), .. Often(StepKind.Trigger, 2),
    ];

    /// <summary>What FsCheck draws from, and how it makes a failing life shorter.</summary>
    internal static Arbitrary<Interleaving> Any { get; } = Arb.From(
        from opening in Gen.Choose(0, int.MaxValue)
        from count in Gen.Choose(StepsMin, StepsMax)
        from steps in Gen.Choose(0, int.MaxValue).Select(drawn => new Step(Kinds[drawn % Kinds.Length], drawn / Kinds.Length)).ArrayOf(count)
        select new Interleaving(opening, steps),
        Shorter);

    /// <summary>The same life without some of its steps: halves first, single steps last.</summary>
    private static IEnumerable<Interleaving> Shorter(Interleaving life)
    {
        for (var size = (life.Steps.Length + 1) / 2; size > 0; size = size == 1 ? 0 : (size + 1) / 2)
        {
            for (var from = 0; from < life.Steps.Length; from += size)
            {
                var until = Math.Min(life.Steps.Length, from + size);
                yield return life with { Steps = [.. life.Steps[..from], .. life.Steps[until..]] };
            }
        }
    }

    private static IEnumerable<StepKind> Often(StepKind kind, int times) => Enumerable.Repeat(kind, times);
}
