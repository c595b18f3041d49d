using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Backup.Drills.Network;

/// <summary>Into a network namespace and out again.</summary>
internal static class Visit
{
    private const int NetworkKind = 0x40000000; // CLONE_NEWNET

    /// <summary>A TCP socket that lives inside, whoever uses it.</summary>
    internal static Socket OpenSocket(string name)
    {
        Socket? socket = null;
        Exception? failure = null;

        // A namespace belongs to a thread: this one enters, makes the socket, and ends.
        var visitor = new Thread(() =>
        {
            try
            {
                using var place = File.OpenHandle("/var/run/netns/" + name);
                if (SetNamespace(place.DangerousGetHandle().ToInt32(), NetworkKind) != 0)
                {
                    throw new DrillFailedException($"expected to enter the network namespace {name}; error {Marshal.GetLastPInvokeError()}");
                }

                socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            }
            catch (Exception reason)
            {
                // Outermost frame of the thread: it is thrown again below.
                failure = reason;
            }
        });
        visitor.Start();
        visitor.Join();
        return socket ?? throw new DrillFailedException($"no socket inside the network namespace {name}: {failure!.Message}");
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetNamespace(int place, int kind);
}
