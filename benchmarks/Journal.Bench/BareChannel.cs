using System.Diagnostics;
using System.Threading.Channels;

namespace Backup.Journal.Bench;

/// <summary>The control of the mailbox: a bare bounded channel, one reader, and a task completion source for each answer.</summary>
internal sealed class BareChannel : ISide
{
    private readonly Channel<TaskCompletionSource<long>> _channel = Channel.CreateBounded<TaskCompletionSource<long>>(
        new BoundedChannelOptions(1024) { SingleReader = true });
    private readonly Task _reader;
    private readonly int _inFlight;

    public BareChannel(int inFlight)
    {
        _inFlight = inFlight;
        _reader = Task.Run(AnswerAsync);
    }

    public string Name => $"bare Channel + TaskCompletionSource, {_inFlight} in flight";

    public async Task<Reading> RunAsync(TimeSpan time)
    {
        var watch = new Stopwatches();
        var until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(Enumerable.Range(0, _inFlight).Select(_ => Task.Run(() => AskUntilAsync(until, watch))));
        return watch.Read();
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Writer.Complete();
        await _reader;
    }

    private async Task AnswerAsync()
    {
        var answered = 0L;
        while (await _channel.Reader.WaitToReadAsync())
        {
            while (_channel.Reader.TryRead(out var asked))
            {
                asked.SetResult(++answered);
            }
        }
    }

    private async Task AskUntilAsync(long until, Stopwatches watch)
    {
        while (Stopwatch.GetTimestamp() is var at && at < until)
        {
            var asked = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            await _channel.Writer.WriteAsync(asked);
            await asked.Task;
            watch.Add(at);
        }
    }
}
