using System.Diagnostics;
using System.Text.Json.Nodes;
using Backup.Drills;

namespace Backup.Failover.Bench;

/// <summary>How often a probe only looks, and whether that is an answer that counts: who looks needs no database.</summary>
internal sealed record Pace(int ReadsPerWrite, bool ReadsCount);

/// <summary>
/// A client who looks at his account again and again, and now and then exits one lot: how long he goes without a good answer is the gap of his
/// shard. What he was told is kept, so that nothing acknowledged can be lost unseen.
/// </summary>
internal sealed class Probe(Trader trader, int shard, Pace pace) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly List<long> _answered = [];
    private readonly List<(string Key, JsonNode Position)> _doubts = [];
    private CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private int _asked;
    private long _last;

    /// <summary>When the last good answer came.</summary>
    internal long LastAnsweredAt => Volatile.Read(ref _last);

    internal Trader Trader => trader;

    internal int Shard => shard;

    internal List<string> Acknowledged { get; } = [];

    /// <summary>Requests that came back with an error or not at all since the probe was started, each in words.</summary>
    internal List<string> Failed { get; } = [];

    /// <summary>The words of exits that were refused by a rule: an answer, but no commit.</summary>
    internal List<string> Refused { get; } = [];

    /// <summary>Exits of which the client does not know what became of them, since the probe was started.</summary>
    internal int Unknown { get; private set; }

    internal void Start()
    {
        (_stop, Unknown) = (new CancellationTokenSource(), 0);
        _answered.Clear();
        Failed.Clear();
        Refused.Clear();
        _running = Task.Run(() => AskAsync(_stop.Token));
    }

    internal async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    /// <summary>The longest time without a good answer that ended after one moment and not after another.</summary>
    internal TimeSpan GapBetween(long after, long until)
    {
        var longest = TimeSpan.Zero;
        for (var i = 1; i < _answered.Count; i++)
        {
            if (_answered[i] > after && _answered[i] <= until && Stopwatch.GetElapsedTime(_answered[i - 1], _answered[i]) is var gap && gap > longest)
            {
                longest = gap;
            }
        }

        return longest;
    }

    /// <summary>Asks again, with the same keys, what became of exits without an answer.</summary>
    internal async Task SettleDoubtsAsync()
    {
        foreach (var (key, position) in _doubts.ToArray())
        {
            await Eventually.HoldsAsync($"an answer to {key} of {trader.ClientId}", TimeSpan.FromSeconds(30), async () =>
            {
                var again = await ExitAsync(key, position);
                return again.Ok || (int)again.Status < 500;
            });
        }

        _doubts.Clear();
    }

    /// <summary>How many lots the client could exit one after the other.</summary>
    internal async Task<long> LotsAsync() => (await trader.PositionsAsync()).Max(static held => Lots(held!));

    /// <summary>Takes back what rests, so that the next round has something to exit.</summary>
    internal async Task TakeBackAsync() => await Eventually.HoldsAsync($"no order of {trader.ClientId} waits any more", TimeSpan.FromSeconds(60), async () =>
    {
        foreach (var order in (await trader.OrdersAsync()).Where(order => (string)order!["status"]! == "OPEN"))
        {
            await trader.CancelAsync((string)order!["order_id"]!);
        }

        return await Reconciliation.IsQuietAsync(trader);
    });

    public void Dispose() => trader.Dispose();

    private async Task AskAsync(CancellationToken stop)
    {
        JsonArray positions = [];
        for (var step = 0; !stop.IsCancellationRequested; step++)
        {
            var what = "look";
            try
            {
                if (step % (pace.ReadsPerWrite + 1) < pace.ReadsPerWrite || positions.Count == 0)
                {
                    positions = await trader.PositionsAsync();
                    if (pace.ReadsCount)
                    {
                        Answered();
                    }
                }
                else if (positions.MaxBy(held => Lots(held!)) is { } most && Lots(most) > 0)
                {
                    (what, _asked) = ("exit", _asked + 1);
                    await WriteAsync($"probe-{shard}-{_asked}", most);
                }
            }
            catch (Exception gone) when (Trader.IsAway(gone))
            {
                Failed.Add($"{what} of {DateTime.UtcNow:HH:mm:ss}: {gone.Message}");
            }

            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private void Answered()
    {
        Volatile.Write(ref _last, Stopwatch.GetTimestamp());
        _answered.Add(_last);
    }

    private async Task WriteAsync(string key, JsonNode position)
    {
        try
        {
            var answer = await ExitAsync(key, position);
            if (answer.Ok)
            {
                Answered();
            }
            else if ((int)answer.Status < 500)
            {
                Refused.Add($"exit of {DateTime.UtcNow:HH:mm:ss}: {answer.Message}");
            }
            else
            {
                Failed.Add($"exit of {DateTime.UtcNow:HH:mm:ss}: {(int)answer.Status} {answer.Message}");
                if ((int)answer.Status == 504)
                {
                    Unknown++;
                    _doubts.Add((key, position));
                }
            }
        }
        catch (Exception gone) when (Trader.IsAway(gone))
        {
            Unknown++;
            _doubts.Add((key, position));
            throw;
        }
    }

    private async Task<Answer> ExitAsync(string key, JsonNode position)
    {
        var answer = await trader.ExitAsync(key, position, "quantity", (long)position["lot_size"]!);
        if (answer.Ok)
        {
            Acknowledged.Add(key);
        }

        return answer;
    }

    private static long Lots(JsonNode position) => (long)position["closable_quantity"]! / (long)position["lot_size"]!;
}
