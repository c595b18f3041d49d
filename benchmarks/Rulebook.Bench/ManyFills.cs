using Backup.Account.Domain;

namespace Backup.Rulebook.Bench;

/// <summary>One order that trades in 100,000 parts, as one did on 2019-08-29: is the last part as cheap as the first?</summary>
internal static class ManyFills
{
    internal const int Fills = 100_000;
    private const int Edge = 10_000;

    /// <returns>Nanoseconds of the processor for a fill at the beginning and at the end.</returns>
    internal static (double First, double Last) Run()
    {
        var state = Samples.WithOpenOrder(Fills);
        var volume = state.Orders.Values.First().Quantity;
        GC.Collect();
        var first = 0d;
        var start = Processor.Nanoseconds;
        for (var fill = 1; fill <= Fills; fill++)
        {
            state = Samples.Do(state, new AccountCommand.RecordReport(Samples.Trade(500, volume, fill * 75L, fill, 75)));
            if (fill == Edge)
            {
                first = (Processor.Nanoseconds - start) / Edge;
            }
            else if (fill == Fills - Edge)
            {
                start = Processor.Nanoseconds;
            }
        }

        var last = (Processor.Nanoseconds - start) / Edge;
        return state.Positions[Samples.Short].Net == 0 && state.Working.IsEmpty
            ? (first, last)
            : throw new InvalidOperationException($"after {Fills} fills the position is {state.Positions[Samples.Short].Net}, expected 0");
    }
}
