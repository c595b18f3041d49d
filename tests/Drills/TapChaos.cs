using System.Diagnostics;
using System.Text.Json;
using Backup.Drills.Faults;

namespace Backup.Drills;

/// <summary>What <c>./chaos tap</c> was asked for.</summary>
internal sealed record TapChaosOptions
{
    internal int Seeds { get; init; } = 20;

    internal ulong FirstSeed { get; init; }

    /// <summary>One kind of link for all runs; null: the kinds take turns.</summary>
    internal string? Link { get; init; }

    /// <summary>These faults, one run each, instead of what the seeds choose.</summary>
    internal IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>Faults that the seeds do not choose.</summary>
    internal IReadOnlyList<string> Without { get; init; } = [];

    /// <summary>Runs side by side; each has its own product, network and ports.</summary>
    internal int Lanes { get; init; } = 2;

    /// <summary>Where the node was built, when it is another one than this repository's.</summary>
    internal string? NodeRoot { get; init; }

    /// <summary>The first violation ends everything.</summary>
    internal bool StopsAtFirst { get; init; }

    /// <summary>Nothing is printed and no folder is kept: violations are what is hoped for.</summary>
    internal bool IsQuiet { get; init; }
}

/// <summary>Many seeded runs against real processes: faults of the exchange's link, alone or composed.</summary>
internal sealed class TapChaos(TapChaosOptions options)
{
    private const int RunsOnOneStage = 10;

    /// <summary>So few that the backlog after a fault runs at the limit.</summary>
    private const int MessagesPerSecond = 20;

    private static readonly string[] Links = ["clear", "existing", "new"];

    /// <summary>How often a seed may strike into the void.</summary>
    private const int StrikesMax = 3;

    private readonly Tally _tally = new();
    private readonly Lock _gate = new();
    private int _next;
    private int _stages;
    private int _runs;
    private int _failedRuns;

    /// <summary>Every violation with the seed that found it, in the order of their finding.</summary>
    internal List<(ulong Seed, string Violation)> Violations { get; } = [];

    internal int Runs => _runs;

    /// <summary>Which promise a violation is about; null when the drill itself did not work.</summary>
    internal static string? LawOf(string violation)
    {
        var first = violation.Split(' ')[0];
        return first.Length is 2 or 3 && first[0] is 'P' or 'I' or 'F' && char.IsDigit(first[1]) ? first
            : violation.Contains("waits any more", StringComparison.Ordinal) || violation.Contains("without an answer", StringComparison.Ordinal) ? "P6"
            : null;
    }

    private int Count => options.Faults.Count > 0 ? options.Faults.Count : options.Seeds;

    internal async Task<int> RunAsync()
    {
        var clock = Stopwatch.StartNew();
        var kind = options.Faults.Count > 0 ? "faults" : "seeds";
        Say($"{Count} {kind} from seed {options.FirstSeed}, {options.Lanes} side by side");
        await Task.WhenAll(Enumerable.Range(0, Math.Min(options.Lanes, Count)).Select(_ => LaneAsync()));
        if (options.Faults.ToList().IndexOf(ManyFillsDrill.Name) is >= 0 and var place)
        {
            // By itself: it compares how others fare with and without the fills, and what ran beside it would count as theirs.
            await RunManyFillsAsync(place);
        }

        if (options.Faults.Count == 0 && Count >= 20 && Violations.Count == 0)
        {
            Violations.AddRange(_tally.NeverMet().Select(danger => (0UL, $"the series met no {danger.Replace('_', ' ')}: it proved nothing")));
            Violations.ForEach(each => Say($"VIOLATION {each.Violation}"));
        }

        if (options.Faults.Count > 0)
        {
            Say($"{_runs - _failedRuns} faults held, {_failedRuns} failed");
        }

        Say(JsonSerializer.Serialize(new
        {
            chaos = "tap",
            runs = _runs,
            violations = Violations.Count,
            seconds = (int)clock.Elapsed.TotalSeconds,
            seen = _tally.Seen,
            felt = _tally.Felt,
        }));
        return Violations.Count == 0 ? 0 : 1;
    }

    private async Task LaneAsync()
    {
        FaultStage? stage = null;
        try
        {
            while (Take() is { } number)
            {
                if (options.Faults.Count > 0 && options.Faults[number] == ManyFillsDrill.Name)
                {
                    continue;
                }

                var link = options.Link ?? Links[number / RunsOnOneStage % Links.Length];
                if (stage is not null && (stage.Runs >= RunsOnOneStage || stage.HasHole || stage.Stack.Link != link))
                {
                    await stage.DisposeAsync();
                    stage = null;
                }

                stage ??= await OpenAsync(link);
                if (stage is null || !await RunOneAsync(stage, number))
                {
                    await (stage?.DisposeAsync() ?? ValueTask.CompletedTask);
                    stage = null;
                }
            }
        }
        finally
        {
            await (stage?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private int? Take()
    {
        lock (_gate)
        {
            return _next < Count && !(options.StopsAtFirst && Violations.Exists(each => LawOf(each.Violation) is not null)) ? _next++ : null;
        }
    }

    private async Task<FaultStage?> OpenAsync(string link)
    {
        try
        {
            Interlocked.Increment(ref _stages);
            return await FaultStage.OpenAsync(link, MessagesPerSecond, options.NodeRoot);
        }
        catch (DrillFailedException failure)
        {
            Report(options.FirstSeed, ["the product does not start for the drill: " + failure.Message], "");
            return null;
        }
    }

    /// <summary>It needs a day of its own, and is too long to be one of several faults.</summary>
    private async Task RunManyFillsAsync(int number)
    {
        var drill = new ManyFillsDrill(options.Link ?? "clear");
        try
        {
            await drill.RunAsync();
            Say($"ok {ManyFillsDrill.Name} ({drill.Seen})");
        }
        catch (Exception failure)
        {
            // Outermost frame of a run: whatever it is, the run did not hold.
            Interlocked.Increment(ref _failedRuns);
            var words = failure is DrillFailedException ? failure.Message : failure.ToString();
            Say($"FAILED {ManyFillsDrill.Name} {words}");
            Report(options.FirstSeed + (ulong)number, [words], $"  repeat: ./chaos tap --fault {ManyFillsDrill.Name}");
        }

        Interlocked.Increment(ref _runs);
    }

    /// <summary>False when the stage cannot be used any more.</summary>
    private async Task<bool> RunOneAsync(FaultStage stage, int number)
    {
        var seed = options.FirstSeed + (ulong)number;
        var clock = Stopwatch.StartNew();
        var (run, faults) = await StrikeAsync(stage, seed, number, $"{seed}");
        for (var strike = 2; run.Felt.Count == 0 && stage.Violations.Count == 0 && strike <= StrikesMax; strike++)
        {
            // A run in which nothing broke has proved nothing: on a busy machine a blow can fall between two messages.
            (run, faults) = await StrikeAsync(stage, seed, number, $"{seed}-{strike}");
        }

        if (run.Felt.Count == 0 && stage.Violations.Count == 0)
        {
            stage.Violations.Add($"no fault was felt in {StrikesMax} runs, so they proved nothing: {string.Join(", ", faults.Select(fault => fault.Name))}");
        }

        Interlocked.Increment(ref _runs);
        var names = string.Join(" + ", faults.Select(fault => run.Felt.Contains(fault.Name) ? fault.Name : $"({fault.Name})"));
        var isAlone = options.Faults.Count > 0;
        if (stage.Violations.Count == 0)
        {
            Say(isAlone ? $"ok {faults[0].Name} ({clock.Elapsed.TotalSeconds:F1} s; {run.Seen})" : $"seed {seed} {stage.Stack.Link} {names}: {run.Seen} ({clock.Elapsed.TotalSeconds:F1} s)");
            return true;
        }

        stage.Stack.KeepsFolder = !options.IsQuiet;
        Interlocked.Increment(ref _failedRuns);
        var again = isAlone ? $"./chaos tap --fault {faults[0].Name} --seed {seed} --link {stage.Stack.Link}" : $"./chaos tap --seeds 1 --seed {seed} --link {stage.Stack.Link}";
        Say(isAlone ? $"FAILED {faults[0].Name} {stage.Violations[0]}" : $"FAILED seed {seed} {stage.Stack.Link} {names}");
        Report(seed, stage.Violations, $"  repeat: {again}\n  records: {stage.Stack.Folder}");
        return false;
    }

    private async Task<(FaultRun Run, IReadOnlyList<IFault> Faults)> StrikeAsync(FaultStage stage, ulong seed, int number, string name)
    {
        IReadOnlyList<IFault> faults = options.Faults.Count > 0
            ? [FaultCatalogue.Make(options.Faults[number])]
            : FaultCatalogue.Draw(new SeededDice(seed), options.Without);
        var run = new FaultRun(stage, seed, name, faults, _tally);
        try
        {
            await run.RunAsync();
        }
        catch (Exception failure)
        {
            // Outermost frame of a run: whatever it is, the run did not hold.
            stage.Violations.Add(failure is DrillFailedException ? failure.Message : failure.ToString());
        }

        return (run, faults);
    }

    private void Report(ulong seed, IReadOnlyList<string> violations, string more)
    {
        lock (_gate)
        {
            foreach (var violation in violations)
            {
                Violations.Add((seed, violation));
                Say($"VIOLATION seed {seed}: {violation}");
            }

            if (more.Length > 0)
            {
                Say(more);
            }
        }
    }

    private void Say(string line)
    {
        if (!options.IsQuiet)
        {
            Console.WriteLine(line);
        }
    }
}
