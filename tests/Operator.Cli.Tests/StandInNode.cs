using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Backup.Tests;

namespace Backup.Operator.Cli.Tests;

/// <summary>Stands where a node would: writes what pbm looks for into a data folder, keeps what it is asked, and gives one answer.</summary>
internal sealed class StandInNode : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly string _answer;
    private readonly int _status;

    /// <param name="data">Under "data" in a yes; with another status than 200 the sentence of a no.</param>
    internal StandInNode(JsonNode data, int status = 200)
    {
        _status = status;
        _answer = (status == 200 ? new JsonObject { ["status"] = "success", ["data"] = data } : new JsonObject { ["status"] = "error", ["message"] = data }).ToJsonString();
        var address = $"http://127.0.0.1:{FreePorts.Next()}/";
        File.WriteAllText(Path.Combine(Folder, "node.json"), new JsonObject { ["management"] = address }.ToJsonString());
        File.WriteAllText(Path.Combine(Folder, "operator.token"), "token");
        _listener.Prefixes.Add(address);
        _listener.Start();
        Asked = AnswerAsync();
    }

    internal string Folder { get; } = Directory.CreateTempSubdirectory("stand-in-").FullName;

    /// <summary>The one request, as method and path, and its body.</summary>
    internal Task<(string What, JsonNode? Body)> Asked { get; }

    public void Dispose()
    {
        _listener.Close();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task<(string What, JsonNode? Body)> AnswerAsync()
    {
        var context = await _listener.GetContextAsync();
        using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        context.Response.StatusCode = _status;
        context.Response.ContentType = "application/json";
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(_answer));
        context.Response.Close();
        return ($"{context.Request.HttpMethod} {context.Request.Url!.AbsolutePath} {context.Request.Headers["Authorization"]}", body.Length == 0 ? null : JsonNode.Parse(body));
    }
}
