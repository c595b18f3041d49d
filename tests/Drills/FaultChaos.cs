using System.Diagnostics;
using System.Text.Json;
using Backup.Drills.Faults;

namespace Backup.Drills;

/// <summary>A list of faults and where they strike.</summary>
/// <param name="Name">The word after <c>./chaos</c>.</param>
/// <param name="Make">A fault by its name, made new.</param>
/// <param name="Draw">Some faults, as the dice fall, without those named.</param>
/// <param name="Place">On which kind of stage the fault of this name, or any, strikes in a run of this number.</param>
/// <param name="Open">Opens a stage of a kind.</param>
/// <param name="Alone">Drills that need a day of their own, by their names.</param>
internal sealed record FaultList(
    string Name,
    Func<string, IFault> Make,
    Func<SeededDice, IReadOnlyList<string>, IReadOnlyList<IFault>> Draw,
    Func<string?, int, string> Place,
    Func<string, Task<FaultStage>> Open,
    IReadOnlyDictionary<string, Func<ILongDrill>> Alone);

/// <summary>What <c>./chaos tap</c> or <c>./chaos cluster</c> was asked for.</summary>
internal sealed record FaultChaosOptions(FaultList List)
{
    internal int Seeds { get; init; } = 20;

    internal ulong FirstSeed { get; init; }

    /// <summary>These faults, one run each, instead of what the seeds choose.</summary>
    internal IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>Faults that the seeds do not choose.</summary>
    internal IReadOnlyList<string> Without { get; init; } = [];

    /// <summary>Runs side by side; each has its own product, network and ports.</summary>
    internal int Lanes { get; init; } = 2;

    /// <summary>The first violation ends everything.</summary>
    internal bool StopsAtFirst { get; init; }

    /// <summary>Nothing is printed and no folder is kept: violations are what is hoped for.</summary>
    internal bool IsQuiet { get; init; }
}

/// <summary>Many seeded runs against real processes: faults of a list, alone or composed.</summary>
internal sealed class FaultChaos(FaultChaosOptions options)
{
    internal const int RunsOnOneStage = 10;

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
        for (var number = 0; number < options.Faults.Count; number++)
        {
            if (options.List.Alone.TryGetValue(options.Faults[number], out var make))
            {
                // By itself: it compares how others fare, and what ran beside it would count as its doing.
                await RunAloneAsync(make(), number);
            }
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
            chaos = options.List.Name,
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
                if (options.Faults.Count > 0 && options.List.Alone.ContainsKey(options.Faults[number]))
                {
                    continue;
                }

                var place = options.List.Place(options.Faults.ElementAtOrDefault(number), number);
                if (stage is not null && (stage.Runs >= RunsOnOneStage || stage.HasHole || stage.Place != place))
                {
                    await stage.DisposeAsync();
                    stage = null;
                }

                stage ??= await OpenAsync(place);
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

    private async Task<FaultStage?> OpenAsync(string place)
    {
        try
        {
            Interlocked.Increment(ref _stages);
            return await options.List.Open(place);
        }
        catch (DrillFailedException failure)
        {
            Report(options.FirstSeed, ["the product does not start for the drill: " + failure.Message], "");
            return null;
        }
    }

    /// <summary>It needs a day of its own, and is too long to be one of several faults.</summary>
    private async Task RunAloneAsync(ILongDrill drill, int number)
    {
        try
        {
            await drill.RunAsync();
            Say($"ok {drill.Name} ({drill.Seen})");
        }
        catch (Exception failure)
        {
            // Outermost frame of a run: whatever it is, the run did not hold.
            Interlocked.Increment(ref _failedRuns);
            var words = failure is DrillFailedException ? failure.Message : failure.ToString();
            Say($"FAILED {drill.Name} {words}");
            Report(options.FirstSeed + (ulong)number, [words], $"  repeat: ./chaos {options.List.Name} --fault {drill.Name}");
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
            Say(isAlone ? $"ok {faults[0].Name} ({clock.Elapsed.TotalSeconds:F1} s; {run.Seen})" : $"seed {seed} {stage.Place} {names}: {run.Seen} ({clock.Elapsed.TotalSeconds:F1} s)");
            return true;
        }

        stage.Stack.KeepsFolder = !options.IsQuiet;
        Interlocked.Increment(ref _failedRuns);
        var again = $"./chaos {options.List.Name} {(isAlone ? $"--fault {faults[0].Name}" : "--seeds 1")} --seed {seed}{stage.Again}";
        Say(isAlone ? $"FAILED {faults[0].Name} {stage.Violations[0]}" : $"FAILED seed {seed} {stage.Place} {names}");
        Report(seed, stage.Violations, $"  repeat: {again}\n  records: {stage.Stack.Folder}");
        return false;
    }

    private async Task<(FaultRun Run, IReadOnlyList<IFault> Faults)> StrikeAsync(FaultStage stage, ulong seed, int number, string name)
    {
        IReadOnlyList<IFault> faults = options.Faults.Count > 0
            ? [options.List.Make(options.Faults[number])]
            : options.List.Draw(new SeededDice(seed), options.Without);
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
