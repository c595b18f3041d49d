using System.Diagnostics;
using Backup.Journal.Bench;

namespace Backup.Gateway.Bench;

/// <summary>Pushes to everybody, again as soon as everybody has it. A reading's seconds are the server's processor seconds.</summary>
internal sealed class FanOut : ISide
{
    private const int PricesIntervalMs = 50;

    /// <summary>Until the compiler has seen which methods are hot: its own work is the process's too.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    private readonly Pair _pair;
    private long _expected;

    private FanOut(Pair pair, string name) => (_pair, Name) = (pair, name);

    public string Name { get; }

    internal static async Task<FanOut> StartAsync(string kind, string name, int clients)
    {
        var side = new FanOut(await Pair.StartAsync(kind, clients, PricesIntervalMs), name);
        await side.RunAsync(WarmUp);
        return side;
    }

    public async Task<Reading> RunAsync(TimeSpan time)
    {
        var before = await _pair.UsageAsync();
        var first = await _pair.NumberAsync("count");
        _expected = first;
        var since = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(since) < time)
        {
            // A push that a pulse of the product cuts in two arrives as two messages; one more is then expected too early, and none is lost.
            _expected += _pair.Count;
            await _pair.Server.AskAsync("push");
            await _pair.NumberAsync($"until {_expected}");
        }

        var done = await _pair.NumberAsync("count") - first;
        var after = await _pair.UsageAsync();
        var (_, p50, p99) = await _pair.AgesAsync();
        return new Reading(done, (after.CpuMs - before.CpuMs) / 1000, p50 * 1000, p99 * 1000, after.AllocatedBytes - before.AllocatedBytes, 0);
    }

    public ValueTask DisposeAsync() => _pair.DisposeAsync();
}
