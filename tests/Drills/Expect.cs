using System.Net.Sockets;

namespace Backup.Drills;

/// <summary>A demand in words.</summary>
internal static class Expect
{
    internal static void That(bool holds, string expectation)
    {
        if (!holds)
        {
            throw new DrillFailedException($"expected: {expectation}");
        }
    }
}

/// <summary>Waits on a condition of another process; the only waiting that drills do.</summary>
internal static class Eventually
{
    internal static async Task HoldsAsync(string what, TimeSpan patience, Func<Task<bool>> condition, Func<Task<string>>? found = null)
    {
        var until = DateTime.UtcNow + patience;
        Exception? last = null;
        while (DateTime.UtcNow < until)
        {
            try
            {
                if (await condition())
                {
                    return;
                }
            }
            catch (Exception away) when (away is HttpRequestException or IOException or SocketException or TaskCanceledException)
            {
                last = away;
            }

            await Task.Delay(10);
        }

        throw new DrillFailedException(
            $"expected within {patience.TotalSeconds:F0} s: {what}{(found is null ? "" : $"; found {await found()}")}{(last is null ? "" : $" (last: {last.Message})")}");
    }
}
