using Backup.Actor.Kernel.Journal;
using Backup.Cluster.Simulation.Time;

namespace Backup.Cluster.Simulation.Database;

/// <summary>The connection is gone, or there is none to be had: what was asked may have been done or not, unless nothing was sent.</summary>
internal sealed class DatabaseGoneException(string message) : Exception(message);

/// <summary>
/// A node's connections to the database. A message may be lost in either direction, and then it takes seconds until the sender notices; or a
/// connection is cut before the request arrives, or while the server works on it, or after its commit and before the answer.
/// </summary>
internal sealed class DatabaseLink(SimDatabase database, SimProcess node, Dice dice)
{
    /// <summary>tcp_user_timeout and keepalives (RELIABILITY A4, C8).</summary>
    private static readonly TimeSpan Noticed = TimeSpan.FromSeconds(3.4);

    internal SimDatabase Database => database;

    /// <summary>The process at this end.</summary>
    internal SimProcess Node => node;

    /// <summary>Requests do not arrive.</summary>
    internal bool IsCutTo { get; set; }

    /// <summary>Answers do not arrive.</summary>
    internal bool IsCutFrom { get; set; }

    /// <summary>Percent of requests whose connection breaks.</summary>
    internal int BreakPercent { get; set; }

    /// <summary>Answers that never came although their statement was committed.</summary>
    internal int Doubts { get; private set; }

    /// <exception cref="DatabaseGoneException">No answer: nobody knows what became of the request.</exception>
    internal Task<T> AskAsync<T>(Statement statement)
    {
        // Without RunContinuationsAsynchronously, by which Task.WaitAsync would go on from a thread of the pool. Whoever waits is another process, so
        // nothing of it runs within the step that answers.
        var answer = new TaskCompletionSource<T>();
        if (IsCutTo)
        {
            Later(Noticed, () => answer.TrySetException(new DatabaseGoneException($"{statement.Name}: no acknowledgement from the server")));
            return answer.Task;
        }

        var breaks = dice.Chance(BreakPercent) ? dice.Next(3) : -1;
        if (breaks == 0)
        {
            Later(Latency, () => answer.TrySetException(new DatabaseGoneException($"{statement.Name}: connection reset before the request arrived")));
            return answer.Task;
        }

        if (breaks == 1)
        {
            // The client hears of the reset while the server still works.
            Later(dice.Between(0.3, 2), () => answer.TrySetException(new DatabaseGoneException($"{statement.Name}: connection reset under the request")));
        }

        Later(Latency, () => database.Execute(statement, result => Answer(statement, answer, result, isLost: breaks == 2)));
        return answer.Task;
    }

    /// <summary>As above, for those who promise a <see cref="JournalException"/>.</summary>
    /// <exception cref="JournalException">No answer.</exception>
    internal async Task<T> ReadAsync<T>(Statement statement)
    {
        try
        {
            return await AskAsync<T>(statement);
        }
        catch (DatabaseGoneException gone)
        {
            throw new JournalException(gone.Message, gone);
        }
    }

    private TimeSpan Latency => dice.Between(0.05, 0.6);

    private void Answer<T>(Statement statement, TaskCompletionSource<T> answer, object? result, bool isLost)
    {
        if (result is null || isLost)
        {
            Doubts += result is null ? 0 : 1;
            Later(Latency, () => answer.TrySetException(new DatabaseGoneException(
                result is null ? $"{statement.Name}: the server closed the connection" : $"{statement.Name}: connection reset before the answer")));
        }
        else if (IsCutFrom)
        {
            Doubts++;
            Later(Noticed, () => answer.TrySetException(new DatabaseGoneException($"{statement.Name}: the answer did not arrive")));
        }
        else
        {
            Later(Latency, () => answer.TrySetResult((T)result));
        }
    }

    private void Later(TimeSpan wait, Action act) => database.Scheduler.After(wait, act);
}
