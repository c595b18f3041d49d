using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Backup.Tests;

namespace Backup.Operator.Cli.Tests;

/// <summary>A node's management port as <c>pbm</c> meets it: what was asked is kept, and every answer is the one that the test gives.</summary>
internal sealed class FakeNode : IDisposable
{
    private readonly HttpListener _listener = new();

    internal FakeNode()
    {
        var address = $"http://127.0.0.1:{FreePorts.Next()}";
        File.WriteAllText(Path.Combine(Folder, "node.json"), $$"""{"management":"{{address}}"}""");
        File.WriteAllText(Path.Combine(Folder, "operator.token"), "secret");
        _listener.Prefixes.Add($"{address}/");
        _listener.Start();
        _ = ServeAsync();
    }

    internal string Folder { get; } = Directory.CreateTempSubdirectory("node-").FullName;

    internal ConcurrentQueue<(string Request, JsonNode? Body)> Asked { get; } = [];

    internal int Status { get; set; } = 200;

    internal string Answer { get; set; } = """{"status":"success","data":{}}""";

    public void Dispose()
    {
        _listener.Close();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var reader = new StreamReader(context.Request.InputStream);
            var body = await reader.ReadToEndAsync();
            Asked.Enqueue(($"{context.Request.HttpMethod} {context.Request.RawUrl}", body.Length > 0 ? JsonNode.Parse(body) : null));
            context.Response.StatusCode = context.Request.Headers["Authorization"] == "Bearer secret" ? Status : 403;
            context.Response.Close(Encoding.UTF8.GetBytes(Answer), willBlock: true);
        }
    }
}
