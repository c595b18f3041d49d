using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Backup.Operator.Cli;

/// <summary>Talks to a running node through its management port, found by what the node wrote into its data folder.</summary>
internal sealed class NodeClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly HttpClient _http;
    private readonly string _address;

    /// <exception cref="CommandFailedException">No node has written there.</exception>
    internal NodeClient(string dataFolder)
    {
        var file = Path.Combine(dataFolder, "node.json");
        if (!File.Exists(file))
        {
            throw new CommandFailedException(
                $"no node has run on {Path.GetFullPath(dataFolder)} (no node.json there). Start one with ./run, or name its data folder with --data.");
        }

        var node = JsonNode.Parse(File.ReadAllText(file))!;
        _address = (string)node["management"]!;
        _http = new HttpClient { BaseAddress = new Uri(_address), Timeout = Patience };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", File.ReadAllText(Path.Combine(dataFolder, "operator.token")).Trim());
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Shows what a node answers: as it came with <c>--json</c>, else in words.</summary>
    /// <param name="body">Null: the node is only looked at. Else it is asked to do this.</param>
    internal static async Task<int> ShowAsync(string data, string path, bool json, Action<JsonNode> show, CancellationToken stop, JsonNode? body = null)
    {
        using var node = new NodeClient(data);
        var answer = body is null ? await node.GetAsync(path, stop) : await node.PostAsync(path, body, stop);
        (json ? Terminal.Json : show)(answer);
        return 0;
    }

    /// <summary>Has the node do something, and says that it is done.</summary>
    /// <param name="body">Asked for when there is a node, so that nobody types a secret for nothing. Null: there is nothing to say.</param>
    internal static async Task<int> DoAsync(string data, string path, Func<JsonNode>? body, string done, CancellationToken stop)
    {
        using var node = new NodeClient(data);
        await node.SendAsync(HttpMethod.Post, path, stop, body?.Invoke());
        Terminal.Line(done);
        return 0;
    }

    /// <summary>What the node answers under <c>data</c>.</summary>
    /// <exception cref="CommandFailedException">It does not answer, or says no.</exception>
    internal Task<JsonNode> GetAsync(string path, CancellationToken stop) => SendAsync(HttpMethod.Get, path, stop);

    /// <summary>Asks the node to do something.</summary>
    /// <exception cref="CommandFailedException">It does not answer, or says no.</exception>
    internal Task<JsonNode> PostAsync(string path, CancellationToken stop) => SendAsync(HttpMethod.Post, path, stop);

    /// <summary>Asks the node to do something, with facts.</summary>
    /// <exception cref="CommandFailedException">It does not answer, or says no.</exception>
    internal Task<JsonNode> PostAsync(string path, JsonNode body, CancellationToken stop) => SendAsync(HttpMethod.Post, path, stop, body);

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, CancellationToken stop, JsonNode? body = null)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            request.Content = body is null ? null : new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
            using var response = await _http.SendAsync(request, stop);
            var text = await response.Content.ReadAsStringAsync(stop);
            var answer = text.StartsWith('{') ? JsonNode.Parse(text) : null;
            return response.StatusCode == HttpStatusCode.OK
                ? answer?["data"] ?? throw new CommandFailedException($"the node at {_address} answered without data")
                : throw new CommandFailedException(answer?["message"] is { } said ? (string)said! : $"the node at {_address} answered {(int)response.StatusCode}");
        }
        catch (Exception away) when (away is HttpRequestException or TaskCanceledException && !stop.IsCancellationRequested)
        {
            throw new CommandFailedException($"the node at {_address} does not answer ({away.Message}). Is it running? Start it with ./run.");
        }
    }
}
