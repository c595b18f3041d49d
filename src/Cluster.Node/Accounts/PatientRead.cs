using Backup.Actor.Kernel.Journal;

namespace Backup.Cluster.Node.Accounts;

/// <summary>Reads the journal until it can be read: a database that is away for a moment must end nothing that goes on afterwards.</summary>
internal static class PatientRead
{
    private static readonly TimeSpan TryAgain = TimeSpan.FromMilliseconds(250);

    /// <param name="waiting">Told at each failure, with the journal's reason.</param>
    internal static async Task<T> ReadAsync<T>(Func<Task<T>> read, Action<string> waiting, TimeProvider clock, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return await read();
            }
            catch (JournalException unreachable)
            {
                waiting(unreachable.Message);
                await Task.Delay(TryAgain, clock, stop);
            }
        }
    }
}
