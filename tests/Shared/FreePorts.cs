using System.Net;
using System.Net.Sockets;

namespace Backup.Tests;

/// <summary>
/// Ports for servers that are started later, in other processes. They lie below the range from which the system takes ports for outgoing connections
/// (net.ipv4.ip_local_port_range): one of those could take a port between its choice and the server's start.
/// </summary>
internal static class FreePorts
{
    private const int First = 15_000;
    private const int Outgoing = 32_768;
    private static readonly HashSet<int> Given = [];

    /// <summary>One that nobody listens on now, and that this process has not given out before.</summary>
    internal static int Next()
    {
        lock (Given)
        {
            while (true)
            {
                // Another process of the tests chooses as well: from a place of its own.
                var port = System.Security.Cryptography.RandomNumberGenerator.GetInt32(First, Outgoing);
                if (Given.Add(port) && IsFree(port))
                {
                    return port;
                }
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
