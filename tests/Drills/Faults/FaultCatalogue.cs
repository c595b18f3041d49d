using Backup.Drills.Proxy;
using Backup.Drills.Records;

namespace Backup.Drills.Faults;

/// <summary>Every fault by its name. The order is the order of the matrix.</summary>
internal static class FaultCatalogue
{
    private static readonly Func<IFault>[] Makers =
    [
        () => new NodeKilled(),
        () => new HeldAnswers(),
        () => new PartitionToExchange(),
        () => new PartitionFromExchange(),
        () => new CableUnplugged(),
        () => new FlappingLine(),
        () => new AcceptThenClose(),
        () => new ResetMidOrder(),
        () => new FinishMidOrder(),
        () => new ExchangeDrops(),
        () => new ReplyLost(),
        () => new StalledLine(Direction.ToExchange),
        () => new StalledLine(Direction.FromExchange),
        () => new ThinLine(),
        () => new TurnedBit(Direction.ToExchange),
        () => new TurnedBit(Direction.FromExchange),
        () => new CancelLostToFill(),
    ];

    internal static IReadOnlyList<string> Names { get; } = [.. Makers.Select(make => make().Name)];

    /// <summary>One to three different faults, as the dice fall.</summary>
    internal static List<IFault> Draw(SeededDice dice)
    {
        var left = Makers.ToList();
        var drawn = new List<IFault>();
        for (var count = 1 + dice.Next(3); count > 0; count--)
        {
            var chosen = left[dice.Next(left.Count)];
            left.Remove(chosen);
            drawn.Add(chosen());
        }

        return drawn;
    }

    /// <exception cref="DrillFailedException">There is no such fault.</exception>
    internal static IFault Make(string name) =>
        Makers.Select(make => make()).FirstOrDefault(fault => fault.Name == name)
        ?? throw new DrillFailedException($"there is no fault \"{name}\"; found in the catalogue: {string.Join(", ", Names)}");
}
