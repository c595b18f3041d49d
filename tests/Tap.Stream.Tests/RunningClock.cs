namespace Backup.Tap.Stream.Tests;

/// <summary>Lets a session run on a clock that only the test moves.</summary>
internal static class RunningClock
{
    /// <summary>Moves time in small steps until the task is done, giving everything woken the time to run.</summary>
    public static async Task RunUntilAsync(this ManualClock clock, Task task, TimeSpan? step = null)
    {
        var patience = Task.Delay(TimeSpan.FromSeconds(20));
        while (!task.IsCompleted)
        {
            Assert.False(patience.IsCompleted, "What the test waits for did not happen.");
            clock.Advance(step ?? TimeSpan.FromMilliseconds(10));
            await Task.WhenAny(task, Task.Delay(1));
        }

        await task;
    }

    public static async Task<T> RunUntilAsync<T>(this ManualClock clock, Task<T> task)
    {
        await clock.RunUntilAsync((Task)task);
        return await task;
    }
}
