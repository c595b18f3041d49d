namespace Backup.Drills;

/// <summary>Looks at the sessions many times a second and keeps the words of every break it sees.</summary>
internal sealed class BreakWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<string> _breaks = [];
    private readonly Task _watching;

    internal BreakWatch(Stack stack) => _watching = WatchAsync(stack);

    /// <summary>Ends the watch and tells what was seen.</summary>
    internal async Task<IReadOnlyList<string>> EndAsync()
    {
        await _stopping.CancelAsync();
        await _watching;
        return _breaks;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _stopping.Dispose();
    }

    private async Task WatchAsync(Stack stack)
    {
        var last = new Dictionary<string, TapState>(StringComparer.Ordinal);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                foreach (var link in await stack.TapAsync())
                {
                    // A restarted node counts from zero again.
                    if (last.TryGetValue(link.Segment, out var before) && link.Breaks != before.Breaks && link.Breaks > 0)
                    {
                        _breaks.Add($"{link.Segment}: {link.LastBreak}");
                    }

                    last[link.Segment] = link;
                }
            }
            catch (Exception away) when (Trader.IsAway(away))
            {
                // The node is down; its breaks are in the ledger.
            }

            await Task.Delay(60);
        }
    }
}
