using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Backup.Drills;

/// <summary>
/// What must not outlive a drill: processes and network namespaces. Whatever ends the drill, Ctrl-C and SIGTERM included, what is still
/// noted here is taken away.
/// </summary>
internal static class Farewell
{
    private static readonly ConcurrentDictionary<object, Action> Left = new();
    private static readonly ConcurrentDictionary<string, byte> Folders = new(StringComparer.Ordinal);
    private static readonly List<PosixSignalRegistration> Signals = [];

    /// <summary>Called once, first thing in the program.</summary>
    internal static void Arm()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => TakeAway();
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
        {
            Signals.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                Console.WriteLine("stopped from outside: taking down what was started");
                Environment.Exit(130);
            }));
        }
    }

    /// <summary>Remembers how to take <paramref name="thing"/> away; <see cref="Forget"/> when that has been done.</summary>
    internal static void Remember(object thing, Action takeAway) => Left[thing] = takeAway;

    /// <summary>A folder that goes when everything that writes into it has gone.</summary>
    internal static void RememberFolder(string folder) => Folders[folder] = 0;

    internal static void ForgetFolder(string folder) => Folders.TryRemove(folder, out _);

    internal static void Forget(object thing) => Left.TryRemove(thing, out _);

    private static void TakeAway()
    {
        foreach (var (thing, action) in Left)
        {
            try
            {
                action();
            }
            catch (Exception failure)
            {
                // Outermost frame of a process that ends: what is left must be named, and the others still go.
                Console.WriteLine($"could not take away {thing}: {failure.Message}");
            }
        }

        Left.Clear();
        foreach (var folder in Folders.Keys.Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
