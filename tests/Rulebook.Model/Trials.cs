using FsCheck;
using FsCheck.Fluent;

namespace Backup.Rulebook.Model;

/// <summary>A life that broke a promise, as short as FsCheck could make it.</summary>
internal sealed record Failure(int Batch, string Promise, Interleaving Shortest, IReadOnlyList<string> Story);

/// <summary>Many lives, in batches; batch n of a seed always holds the same lives, whoever runs it.</summary>
internal sealed class Trials(ulong seed)
{
    internal const int BatchSize = 500;

    /// <summary>From so many lives on each danger must have been met.</summary>
    internal const int RunsThatMeetEverything = 40_000;

    private readonly Lock _gate = new();
    private long _runs;

    internal long Runs => Volatile.Read(ref _runs);

    internal Tally Seen { get; } = new();

    internal List<Failure> Failures { get; } = [];

    /// <summary>Runs batches side by side until all are done or one has failed.</summary>
    internal void Run(int firstBatch, int batches, int lanes)
    {
        var next = firstBatch - 1;
        var work = Enumerable.Range(0, lanes).Select(_ => new Thread(() =>
        {
            for (var batch = Interlocked.Increment(ref next); batch < firstBatch + batches && Failures.Count == 0; batch = Interlocked.Increment(ref next))
            {
                RunBatch(batch);
            }
        })).ToArray();
        Array.ForEach(work, lane => lane.Start());
        Array.ForEach(work, lane => lane.Join());
    }

    private void RunBatch(int batch)
    {
        var tally = new Tally();
        var report = new Report();
        var lives = Prop.ForAll(Interleaving.Any, life => Live(life, tally));
        var start = new Chance(seed + ((ulong)batch << 32));
        Check.One(
            Config.Quick.WithMaxTest(BatchSize).WithRunner(report).WithReplay(start.Next(), start.Next() | 1),
            lives);
        lock (_gate)
        {
            Seen.Add(tally);
            Volatile.Write(ref _runs, _runs + report.Tests);
            if (report.Shortest is { } shortest)
            {
                Failures.Add(Explain(batch, shortest));
            }
        }
    }

    private static bool Live(Interleaving life, Tally tally)
    {
        try
        {
            Life.Live(life, tally);
            return true;
        }
        catch (Exception)
        {
            // Outermost frame of a life: a broken promise or a defect of any kind is what is looked for; the shortest is lived again.
            return false;
        }
    }

    private static Failure Explain(int batch, Interleaving shortest)
    {
        var story = new List<string>();
        var promise = "it did not fail again";
        try
        {
            Life.Live(shortest, new Tally(), story);
        }
        catch (BrokenPromiseException broken)
        {
            promise = broken.Message;
        }
        catch (Exception defect)
        {
            promise = defect.ToString();
        }

        return new Failure(batch, promise, shortest, story);
    }

    /// <summary>Keeps what FsCheck found instead of printing it.</summary>
    private sealed class Report : IRunner
    {
        internal int Tests { get; private set; }

        internal Interleaving? Shortest { get; private set; }

        public void OnStartFixture(Type t)
        {
        }

        public void OnArguments(int ntest, Microsoft.FSharp.Collections.FSharpList<object> args, Microsoft.FSharp.Core.FSharpFunc<int, Microsoft.FSharp.Core.FSharpFunc<Microsoft.FSharp.Collections.FSharpList<object>, string>> every)
        {
        }

        public void OnShrink(Microsoft.FSharp.Collections.FSharpList<object> args, Microsoft.FSharp.Core.FSharpFunc<Microsoft.FSharp.Collections.FSharpList<object>, string> everyShrink)
        {
        }

        public void OnFinished(string name, TestResult result)
        {
            switch (result)
            {
                case TestResult.Passed passed:
                    Tests = passed.Item1.NumberOfTests;
                    break;
                case TestResult.Failed failed:
                    Tests = failed.Item1.NumberOfTests;
                    Shortest = (Interleaving)failed.Item3.Head;
                    break;
            }
        }
    }
}
