using System.Globalization;
using System.Text.Json;
using Backup.Cluster.Node.Settings;

namespace Backup.Cluster.Node;

/// <summary>node.json in the data folder: where a running node is, for tools on the same machine.</summary>
internal static class NodeFile
{
    internal const string Name = "node.json";

    internal static void Write(NodeSettings settings, int gatewayPort, int managementPort)
    {
        var content = JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["name"] = settings.Name,
            ["pid"] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
            ["gateway"] = $"http://{settings.Gateway.Address}:{gatewayPort}",
            ["management"] = $"http://127.0.0.1:{managementPort}",
        });
        var path = Path.Combine(settings.DataFolder, Name);
        File.WriteAllText(path + ".new", content);
        File.Move(path + ".new", path, overwrite: true);
    }
}

/// <summary>What the process's exit status means.</summary>
internal static class ExitCodes
{
    internal const int Ok = 0;

    /// <summary>Settings, files or ports are wrong; the message says which. Starting again without a change is useless.</summary>
    internal const int CannotStart = 1;

    /// <summary>A promise of journal or lease broke while running; starting again is right.</summary>
    internal const int Broken = 3;
}
