using System.Text.Json.Nodes;

namespace Backup.Drills.Cluster;

/// <summary>One node of a stack: its folder and ports stay when its process ends.</summary>
internal sealed class Member(string name, string data, int gatewayPort, int managementPort)
{
    internal string Name => name;

    internal string Data => data;

    internal int GatewayPort => gatewayPort;

    internal int ManagementPort => managementPort;

    internal ManagedProcess? Process { get; set; }

    internal bool IsRunning => Process is { HasExited: false };

    /// <summary>Whether it says of itself that it serves.</summary>
    internal async Task<bool> ServesAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{gatewayPort}/readyz"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception gone) when (Trader.IsAway(gone))
        {
            return false;
        }
    }

    /// <summary>What the operator's door answers under this path.</summary>
    internal async Task<JsonNode> ManageAsync(HttpClient http, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{managementPort}/manage/{path}");

        // A restarted node has a new token.
        request.Headers.Authorization = new("Bearer", (await File.ReadAllTextAsync(Path.Combine(data, "operator.token"))).Trim());
        using var response = await http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!["data"]!;
    }
}
