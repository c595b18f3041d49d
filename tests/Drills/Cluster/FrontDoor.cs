using System.Net.Sockets;

namespace Backup.Drills.Cluster;

/// <summary>HAProxy with the configuration that ships (deploy/haproxy.cfg): the one address that clients know.</summary>
internal static class FrontDoor
{
    internal static async Task<ManagedProcess> OpenAsync(int port, IReadOnlyList<string> nodes)
    {
        Environment.SetEnvironmentVariable("PAGE", $"127.0.0.1:{port}");
        for (var i = 0; i < nodes.Count; i++)
        {
            Environment.SetEnvironmentVariable($"NODE{i + 1}", nodes[i]);
        }

        var door = ManagedProcess.Start("haproxy", "haproxy", ["-db", "-f", Path.Combine(Repository.Root, "deploy/haproxy.cfg")]);
        await ListensAsync(door, port);
        return door;
    }

    internal static Task ListensAsync(ManagedProcess door, int port) => Eventually.HoldsAsync(
        $"{door.Name} listens", TimeSpan.FromSeconds(10),
        async () =>
        {
            Expect.That(!door.HasExited, $"{door.Name} runs; it said {door.Output}");
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port);
            return true;
        });
}
