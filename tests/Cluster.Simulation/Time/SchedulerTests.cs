using System.IO.Pipelines;
using System.Threading.Channels;
using Xunit;

namespace Backup.Cluster.Simulation.Time;

public sealed class SchedulerTests
{
    [Fact]
    public void A_seed_repeats_its_run_exactly_and_another_seed_gives_another_one()
    {
        var traces = Enumerable.Range(1, 50).Select(seed => RunAll((ulong)seed)).ToArray();

        Assert.Equal(traces, Enumerable.Range(1, 50).Select(seed => RunAll((ulong)seed)));
        Assert.Equal(traces.Length, traces.Distinct().Count());
    }

    [Fact]
    public void A_continuation_from_another_thread_is_caught_and_named()
    {
        var scheduler = new SimScheduler(1);
        var node = scheduler.NewProcess("node");
        var stranger = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        node.Start(async () => await stranger.Task);
        scheduler.Run(TimeSpan.FromSeconds(1));

        var thread = new Thread(stranger.SetResult);
        thread.Start();
        thread.Join();

        SpinWait.SpinUntil(() => scheduler.Failures.Count > 0, TimeSpan.FromSeconds(10));
        Assert.Contains("node", Assert.Single(scheduler.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void Time_jumps_to_the_next_timer_and_stands_where_it_was_asked_to()
    {
        var scheduler = new SimScheduler(1);
        var node = scheduler.NewProcess("node");
        var at = TimeSpan.Zero;
        node.Start(async () =>
        {
            await Task.Delay(TimeSpan.FromHours(1), node.Clock);
            at = scheduler.Elapsed;
        });

        scheduler.Run(TimeSpan.FromHours(2));

        Assert.InRange(at, TimeSpan.FromHours(1), TimeSpan.FromHours(1) + TimeSpan.FromMilliseconds(1));
        Assert.Equal(TimeSpan.FromHours(2), scheduler.Elapsed);
    }

    [Fact]
    public void A_paused_process_does_nothing_until_it_wakes_and_its_timestamps_have_gone_on()
    {
        var scheduler = new SimScheduler(1);
        var node = scheduler.NewProcess("node");
        var ticks = 0;
        using var timer = node.Clock.CreateTimer(_ => ticks++, null, TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(10));
        scheduler.Run(TimeSpan.FromMilliseconds(105));
        Assert.Equal(10, ticks);

        node.Pause();
        scheduler.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(10, ticks);
        node.Wake();

        Assert.Equal(TimeSpan.FromSeconds(5).Ticks, node.Clock.GetTimestamp());
        scheduler.RunUntil(() => ticks > 10, TimeSpan.FromSeconds(6));
        Assert.InRange(scheduler.Elapsed, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5.01));
    }

    [Fact]
    public void A_killed_process_never_runs_again()
    {
        var scheduler = new SimScheduler(1);
        var node = scheduler.NewProcess("node");
        var (ended, left) = (false, false);
        node.Start(async () =>
        {
            try
            {
                await Task.Delay(TimeSpan.FromSeconds(1), node.Clock);
                ended = true;
            }
            finally
            {
                left = true;
            }
        });
        scheduler.Run(TimeSpan.FromMilliseconds(10));

        node.Kill();
        scheduler.Run(TimeSpan.FromSeconds(10));

        Assert.False(ended || left);
    }

    [Fact]
    public void A_clock_that_drifts_counts_at_its_own_pace_and_its_timers_fire_by_it()
    {
        var scheduler = new SimScheduler(1);
        var node = scheduler.NewProcess("node");
        node.Clock.Drift(100_000);
        var fired = TimeSpan.Zero;
        using var timer = node.Clock.CreateTimer(_ => fired = scheduler.Elapsed, null, TimeSpan.FromSeconds(11), Timeout.InfiniteTimeSpan);

        scheduler.Run(TimeSpan.FromSeconds(20));

        Assert.InRange(fired, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10.001));
        Assert.Equal(TimeSpan.FromSeconds(22).Ticks, node.Clock.GetTimestamp());
        node.Clock.Drift(0);
        scheduler.Run(TimeSpan.FromSeconds(21));
        Assert.Equal(TimeSpan.FromSeconds(23).Ticks, node.Clock.GetTimestamp());
    }

    /// <summary>Everything that the product waits with: delays, channels, semaphores, sources of cancellation, pipes.</summary>
    private static ulong RunAll(ulong seed)
    {
        var scheduler = new SimScheduler(seed);
        var results = new List<int>();
        var channel = Channel.CreateBounded<int>(4);
        using var gate = new SemaphoreSlim(1, 1);
        for (var i = 0; i < 3; i++)
        {
            var (place, node) = (i, scheduler.NewProcess($"node{i}"));
            node.Start(async () =>
            {
                for (var n = 0; n < 20; n++)
                {
                    await gate.WaitAsync();
                    await Task.Yield();
                    gate.Release();
                    await channel.Writer.WriteAsync((place * 100) + n);
                    await Task.Delay(TimeSpan.FromMilliseconds(n % 3), node.Clock);
                }
            });
        }

        var reader = scheduler.NewProcess("reader");
        var pipe = new Pipe(new PipeOptions(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: true));
        reader.Start(async () =>
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2), reader.Clock);
            while (!patience.IsCancellationRequested && await channel.Reader.WaitToReadAsync(patience.Token))
            {
                while (channel.Reader.TryRead(out var number))
                {
                    results.Add(number);
                    await pipe.Writer.WriteAsync(new byte[] { (byte)number });
                    var read = await pipe.Reader.ReadAsync();
                    pipe.Reader.AdvanceTo(read.Buffer.End);
                }

                if (results.Count == 60)
                {
                    return;
                }
            }
        });
        scheduler.Run(TimeSpan.FromSeconds(20));
        Assert.Empty(scheduler.Failures);
        Assert.Equal(60, results.Count);
        results.ForEach(number => scheduler.Mix((ulong)number));
        return scheduler.Trace;
    }
}
