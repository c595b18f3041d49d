using System.Collections.Concurrent;
using System.Diagnostics;

namespace Backup.Drills;

/// <summary>A program that a drill started: its output is kept, and it is stopped with the drill whatever happens.</summary>
internal sealed class ManagedProcess : IAsyncDisposable
{
    private const int LinesKept = 40_000;
    private readonly int _linesKept;
    private readonly Process _process;
    private volatile bool _isOver;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> _awaited = new(StringComparer.Ordinal);

    private ManagedProcess(string name, Process process, int linesKept)
    {
        Name = name;
        _process = process;
        _linesKept = linesKept;
    }

    internal string Name { get; }

    internal int Id => _process.Id;

    internal bool HasExited => _isOver || _process.HasExited;

    /// <summary>The last lines that it wrote, newest last.</summary>
    internal string Output => string.Join('\n', _lines);

    /// <param name="isShort">It ends soon: then its output is kept whole, and nothing is spent on making it fast later.</param>
    internal static ManagedProcess Start(string name, string program, IEnumerable<string> arguments, bool isShort = false)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        if (isShort)
        {
            start.Environment["DOTNET_TieredPGO"] = "0";
            start.Environment["DOTNET_gcConcurrent"] = "0";
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var managed = new ManagedProcess(name, new Process { StartInfo = start, EnableRaisingEvents = true }, isShort ? int.MaxValue : LinesKept);
        managed._process.OutputDataReceived += (_, line) => managed.Take(line.Data);
        managed._process.ErrorDataReceived += (_, line) => managed.Take(line.Data);
        managed._process.Start();
        Farewell.Remember(managed, () => managed._process.Kill(entireProcessTree: true));
        managed._process.BeginOutputReadLine();
        managed._process.BeginErrorReadLine();
        return managed;
    }

    /// <summary>The first line that holds <paramref name="text"/>.</summary>
    internal async Task<string> WaitForLineAsync(string text, TimeSpan patience)
    {
        var awaited = _awaited.GetOrAdd(text, static _ => new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));
        foreach (var line in _lines)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                awaited.TrySetResult(line);
            }
        }

        var first = await Task.WhenAny(awaited.Task, _process.WaitForExitAsync(), Task.Delay(patience));
        return first == awaited.Task
            ? await awaited.Task
            : throw new DrillFailedException($"{Name} did not say \"{text}\" within {patience.TotalSeconds:F0} s{(HasExited ? $" (it ended with status {_process.ExitCode})" : "")}:\n{Output}");
    }

    /// <summary>kill -9: nothing is flushed, nothing is said.</summary>
    internal async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop, as an operator would, and returns its exit status.</summary>
    internal async Task<int> StopAsync(TimeSpan patience)
    {
        await SignalAsync("TERM");
        if (await Task.WhenAny(_process.WaitForExitAsync(), Task.Delay(patience)) is var ended && !_process.HasExited)
        {
            await ended;
            await KillAsync();
            throw new DrillFailedException($"{Name} did not stop within {patience.TotalSeconds:F0} s of SIGTERM");
        }

        return _process.ExitCode;
    }

    /// <summary>Sends it a signal: TERM, STOP, CONT.</summary>
    internal async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString()]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for its end, whoever brings it, and returns its exit status.</summary>
    internal async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Runs a program to its end.</summary>
    internal static async Task<(int Status, string Output)> RunAsync(string program, IEnumerable<string> arguments)
    {
        await using var managed = Start(Path.GetFileName(program), program, arguments, isShort: true);
        await managed._process.WaitForExitAsync();
        return (managed._process.ExitCode, managed.Output);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        Farewell.Forget(this);
        _isOver = true;
        _process.Dispose();
    }

    public override string ToString() => $"{Name} (process {_process.Id})";

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        _lines.Enqueue(line);
        foreach (var (text, awaited) in _awaited)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                awaited.TrySetResult(line);
            }
        }

        while (_lines.Count > _linesKept)
        {
            _lines.TryDequeue(out _);
        }
    }
}

/// <summary>A step of a drill did not hold; the message says what was found and what was expected.</summary>
internal sealed class DrillFailedException(string message) : Exception(message);
