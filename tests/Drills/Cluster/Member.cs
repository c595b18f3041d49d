using System.Net.Sockets;
using System.Text.Json.Nodes;
using Backup.Drills.Network;

namespace Backup.Drills.Cluster;

/// <summary>One node of a stack: its folder and ports stay when its process ends.</summary>
internal sealed class Member : IDisposable
{
    private readonly HttpClient _operator;

    internal Member(string name, string data, int gatewayPort, int managementPort)
    {
        (Name, Data, GatewayPort, ManagementPort) = (name, data, gatewayPort, managementPort);

        // The operator's door is on the node's own loopback, so the way to it leads into the node's network.
        _operator = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (context, stop) =>
            {
                var socket = Place?.OpenSocket() ?? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(context.DnsEndPoint, stop);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { Timeout = TimeSpan.FromSeconds(5) };
    }

    internal string Name { get; }

    internal string Data { get; }

    internal int GatewayPort { get; }

    internal int ManagementPort { get; }

    /// <summary>The network of its own, when it has one.</summary>
    internal NodePlace? Place { get; set; }

    /// <summary>Where clients reach it.</summary>
    internal Uri Gateway => new($"http://{Place?.Address ?? "127.0.0.1"}:{GatewayPort}");

    internal ManagedProcess? Process { get; set; }

    internal bool IsRunning => Process is { HasExited: false };

    /// <summary>By how much the clock that counts since the machine's start is ahead of ours in this node, from its next start on.</summary>
    internal TimeSpan ClockAhead { get; set; }

    /// <summary>How a program is started where this node is: the words to put before it.</summary>
    internal (string Program, string[] Arguments) Inside(string program)
    {
        var (first, before) = Place?.Inside(program) ?? (program, []);
        return ClockAhead == TimeSpan.Zero
            ? (first, before)
            : ("unshare", ["--time", "--boottime", ((long)ClockAhead.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture), "--", first, .. before]);
    }

    /// <summary>Whether it says of itself that it serves.</summary>
    internal async Task<bool> ServesAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(Gateway, "/readyz"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception gone) when (Trader.IsAway(gone))
        {
            return false;
        }
    }

    /// <summary>What the operator's door answers under this path.</summary>
    internal async Task<JsonNode> ManageAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{ManagementPort}/manage/{path}");

        // A restarted node has a new token.
        request.Headers.Authorization = new("Bearer", (await File.ReadAllTextAsync(Path.Combine(Data, "operator.token"))).Trim());
        using var response = await _operator.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!["data"]!;
    }

    /// <summary>Shards by the name of their owner, as this node sees it; under "" those that nobody has.</summary>
    internal async Task<IReadOnlyDictionary<string, int>> OwnersAsync() => (await ManageAsync("cluster/shards"))["shards"]!.AsArray()
        .GroupBy(shard => ((string?)shard!["owner"] ?? "").Split('#')[0], StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);

    public void Dispose() => _operator.Dispose();
}
