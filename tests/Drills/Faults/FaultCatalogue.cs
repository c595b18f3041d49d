using Backup.Drills.Proxy;
using Backup.Drills.Records;

namespace Backup.Drills.Faults;

/// <summary>Every fault by its name. The order is the order of the matrix.</summary>
internal static class FaultCatalogue
{
    /// <summary>Error numbers of the exchange (NSE-TAP.md 7).</summary>
    private const int ForcedSignOff = 17102;

    private const int SystemBusy = 16123;

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
        () => new ExchangeMischief("F18-close-unread", "the exchange closes the connection over an order without reading it", "close-unread", 2, seen => seen.Marked("before it was read") > 0 && seen.Broke),
        () => new ExchangeMischief("F18-close-unanswered", "the exchange takes an order and closes the connection instead of answering", "close-unanswered", 2, seen => seen.Broke),
        () => new ExchangeMischief("F18-forced-sign-off", "the exchange signs the box off by itself", "sign-off", 1, seen => seen.Out(ExchangeCodes.SignedOff) > 0 && seen.Broke)
        {
            Also = ("error", ForcedSignOff, ForcedSignOff),
        },
        () => new ExchangeMischief("F18-silent-exchange", "the exchange takes everything and says nothing for a while", "silence", 1, seen => seen.HasNote("FAULT"))
        {
            Also = ("milliseconds", 300, 1800),
            BunchesBytes = true,
        },
        () => new ExchangeMischief("F18-refused-orders", "the exchange refuses orders that are right", "reject", 3, seen => seen.Journaled("OrderRejected") > 0)
        {
            Also = ("error", SystemBusy, SystemBusy),
        },
        () => new ExchangeMischief("F19-duplicate", "reports arrive twice", "duplicate", 6, seen => seen.Marked("is sent twice") > 0),
        () => new ExchangeMischief("F19-reorder", "reports overtake each other", "reorder", 4, seen => seen.Marked("waits for the report") > 0) { NeedsFills = true },
        () => new ExchangeMischief("F19-trade-first", "the fill arrives before the confirmation of its order", "trade-first", 3, seen => seen.Marked("goes before line") > 0) { NeedsFills = true },
        () => new ExchangeMischief("F19-replay", "old reports arrive again in the middle of new ones", "replay", 20, seen => seen.Marked("is sent again") > 0),
        () => new ReplayAcrossSessions(),
        () => new ExchangeMischief("F20-corrupt-from-exchange", "the exchange sends a report with one bit turned over", "corrupt", 1, seen => seen.Marked("one bit turned") > 0 && seen.Broke),
        () => new ExchangeMischief("F20-bad-length", "the exchange sends a packet of a length that none can have", "bad-length", 1, seen => seen.Marked("impossible length") > 0 && seen.Broke),
        () => new ExchangeMischief("F20-ignored-order", "the exchange drops an order without a word", "ignore", 1, seen => seen.Marked("ignored") > 0),
        () => new StalledLine(Direction.ToExchange),
        () => new StalledLine(Direction.FromExchange),
        () => new ThinLine(),
        () => new TurnedBit(Direction.ToExchange),
        () => new TurnedBit(Direction.FromExchange),
        () => new StreamOutage(),
        () => new Disaster(),
        () => new CancelLostToFill(),
        () => new UnsolicitedCancel(),
    ];

    /// <summary>So few that the backlog after a fault runs at the limit.</summary>
    private const int MessagesPerSecond = 20;

    private static readonly string[] Links = ["clear", "existing", "new"];

    /// <summary>What can be run alone; the first needs a day of its own and is never composed.</summary>
    internal static IReadOnlyList<string> Names { get; } = [ManyFillsDrill.FaultName, .. Makers.Select(make => make().Name)];

    internal static IEnumerable<(string Name, string Means)> Explained =>
        Makers.Select(make => make()).Select(fault => (fault.Name, fault.Means)).Append((ManyFillsDrill.FaultName, ManyFillsDrill.Means));

    /// <summary>The faults of the exchange's link, as <c>./chaos tap</c> runs them.</summary>
    /// <param name="link">One kind of link for all runs; null: the kinds take turns.</param>
    /// <param name="nodeRoot">Where the node was built, when it is another one than this repository's.</param>
    /// <param name="fills">In so many pieces the order of <see cref="ManyFillsDrill"/> is filled.</param>
    internal static FaultList ListFor(string? link, string? nodeRoot = null, int fills = ManyFillsDrill.Fills) => new(
        "tap",
        Make,
        Draw,
        (_, number) => link ?? Links[number / FaultChaos.RunsOnOneStage % Links.Length],
        kind => FaultStage.OpenAsync(kind, $" --link {kind}", new StackOptions
        {
            MessagesPerSecond = MessagesPerSecond,
            Link = kind,
            IsBehindProxy = true,
            NodeRoot = nodeRoot,
        }),
        new Dictionary<string, Func<ILongDrill>>(StringComparer.Ordinal) { [ManyFillsDrill.FaultName] = () => new ManyFillsDrill(link ?? "clear", fills) });

    /// <summary>One to three different faults, as the dice fall.</summary>
    internal static IReadOnlyList<IFault> Draw(SeededDice dice, IReadOnlyList<string> without)
    {
        var left = Makers.Where(make => !without.Contains(make().Name)).ToList();
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
