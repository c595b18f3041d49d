namespace Backup.Actor.Kernel;

/// <summary>
/// For <see cref="Task.WhenAny(Task, Task)"/> and <c>Task.WaitAsync</c>: given a task that runs its continuations asynchronously, both go on from a
/// thread of the pool, past the scheduler of whoever waits. Awaited in between, they go on where they were called.
/// </summary>
/// <remarks>Not for a task that may never end and is waited for again and again: each wait leaves its trace until the end.</remarks>
internal static class Here
{
    /// <summary>Waits for a task, at most so long; ends without a word when it was cancelled. A delay that is cancelled is such a task too.</summary>
    public static Task AtMostAsync(Task task, TimeSpan atMost, TimeProvider clock, CancellationToken cancellationToken = default) =>
        Task.WhenAny(Of(task), Of(Task.Delay(atMost, clock, cancellationToken)));

    public static async Task Of(Task task) => await task;

    public static async Task<T> Of<T>(Task<T> task) => await task;
}
