using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using System.Text;
using System.Text.Json.Nodes;

namespace Backup.Drills.Edge;

/// <summary>Somebody out there, with an address of his own: any of 127.0.0.0/8 will do.</summary>
internal sealed class EdgeClient : IDisposable
{
    private readonly SocketsHttpHandler _handler;
    private readonly HttpClient _http;
    private readonly string _from;

    internal EdgeClient(Uri edge, string from)
    {
        _from = from;
        _handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectCallback = ConnectAsync,
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, presented, _, _) => presented?.Subject == Edges.Subject },
        };
        _http = new HttpClient(_handler) { BaseAddress = edge, Timeout = TimeSpan.FromSeconds(15) };
    }

    internal string? Token { get; set; }

    public void Dispose() => _http.Dispose();

    internal async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, JsonObject? body = null, Version? version = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Version = version ?? HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        request.Content = body is null ? null : JsonContent.Create(body);
        if (Token is not null)
        {
            request.Headers.Authorization = new("Bearer", Token);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await _http.SendAsync(request);
    }

    internal async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var answer = await SendAsync(HttpMethod.Get, path);
        return answer.StatusCode;
    }

    /// <summary>Opens a TLS connection of the given version alone.</summary>
    internal async Task<bool> TakesAsync(SslProtocols version)
    {
        await using var stream = new SslStream(await ConnectAsync(_http.BaseAddress!.Port));
        try
        {
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                EnabledSslProtocols = version,
                RemoteCertificateValidationCallback = static (_, presented, _, _) => presented?.Subject == Edges.Subject,
            });
            return true;
        }
        catch (Exception refused) when (refused is AuthenticationException or IOException)
        {
            return false;
        }
    }

    /// <summary>Opens the live stream through the edge and waits for its first message.</summary>
    internal async Task<string> FirstOfStreamAsync()
    {
        using var invoker = new HttpMessageInvoker(_handler, disposeHandler: false);
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"wss://{_http.BaseAddress!.Authority}/hub/portfolio?access_token={Token}"), invoker, default);
        await SayAsync(socket, """{"protocol":"json","version":1}""");
        await SayAsync(socket, """{"type":4,"invocationId":"1","target":"Portfolio","arguments":[null,null]}""");
        var buffer = new byte[64 * 1024];
        var heard = new StringBuilder();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (!heard.ToString().Contains("\"kind\":\"", StringComparison.Ordinal))
        {
            var received = await socket.ReceiveAsync(buffer, patience.Token);
            heard.Append(Encoding.UTF8.GetString(buffer, 0, received.Count));
        }

        return heard.ToString();
    }

    private static Task SayAsync(ClientWebSocket socket, string message) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message + '\u001e'), WebSocketMessageType.Text, true, default);

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken stop) => await ConnectAsync(context.DnsEndPoint.Port);

    private async Task<NetworkStream> ConnectAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(IPAddress.Parse(_from), 0));
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
