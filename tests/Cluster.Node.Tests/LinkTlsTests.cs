using System.Net.WebSockets;
using Backup.Cluster.Node.Links;
using Backup.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Xunit;

namespace Backup.Cluster.Node.Tests;

/// <summary>Links over TLS: who is let in, over real sockets, and what is said of files that cannot be used.</summary>
public sealed class LinkTlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("link-tls-").FullName;
    private readonly NodeCertificates _ours;
    private readonly NodeCertificates _strange;

    public LinkTlsTests() => (_ours, _strange) = (new NodeCertificates(_folder), new NodeCertificates(_folder, "stranger"));

    public void Dispose()
    {
        _ours.Dispose();
        _strange.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Two_nodes_of_one_authority_are_linked()
    {
        using var a = Load(_ours, "a");
        using var b = Load(_ours, "b");

        Assert.Equal("hello", await AskAsync(a, b.Secure));
    }

    [Fact]
    public async Task Nobody_else_is_let_in_and_nobody_else_is_believed()
    {
        using var ours = Load(_ours, "a");
        using var strange = Load(_strange, "b");

        await Assert.ThrowsAsync<WebSocketException>(() => AskAsync(ours, strange.Secure));
        await Assert.ThrowsAsync<WebSocketException>(() => AskAsync(ours, static socket => socket.RemoteCertificateValidationCallback = static (_, shown, _, _) => shown is not null));

        // The other way round: a server that takes anybody, with a certificate that is not the cluster's.
        await Assert.ThrowsAsync<WebSocketException>(() => AskAsync(strange, ours.Secure));
    }

    [Fact]
    public async Task A_certificate_that_has_ended_meanwhile_opens_no_new_link()
    {
        var clock = new ManualClock(DateTimeOffset.UtcNow);
        using var a = Load(_ours, "a", clock);
        using var b = Load(_ours, "b", clock, DateTimeOffset.UtcNow.AddDays(10));
        Assert.Null(a.Warning);
        Assert.Contains("put a new one in its place", b.Warning, StringComparison.Ordinal);
        Assert.Equal("hello", await AskAsync(a, b.Secure));

        clock.Advance(TimeSpan.FromDays(11));

        await Assert.ThrowsAsync<WebSocketException>(() => AskAsync(a, b.Secure));
    }

    [Fact]
    public void Files_that_cannot_be_used_are_named_with_what_was_expected()
    {
        var (certificate, key) = _ours.Make("a");
        var (ended, endedKey) = _ours.Make("ended", DateTimeOffset.UtcNow.AddDays(-1));
        var (strange, strangeKey) = _strange.Make("b");
        var text = Path.Combine(_folder, "text");
        File.WriteAllText(text, "no certificate\n");

        Refuses(new(Path.Combine(_folder, "none"), key, _ours.AuthorityFile), "none: expected a certificate in PEM");
        Refuses(new(text, key, _ours.AuthorityFile), "text: expected a certificate in PEM");
        Refuses(new(certificate, strangeKey, _ours.AuthorityFile), $"{certificate}: expected a certificate in PEM, and its unencrypted key in {strangeKey}");
        Refuses(new(certificate, key, text), "text: expected the certificate in PEM of who signs");
        Refuses(new(strange, strangeKey, _ours.AuthorityFile), $"{strange}: expected a certificate that is good now and signed by {_ours.AuthorityFile}");
        Refuses(new(ended, endedKey, _ours.AuthorityFile), "expired");

        static void Refuses(LinkTlsFiles files, string expected) =>
            Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => LinkTls.Load(files, TimeProvider.System)).Message, StringComparison.Ordinal);
    }

    private static LinkTls Load(NodeCertificates authority, string node, TimeProvider? clock = null, DateTimeOffset? until = null)
    {
        var (certificate, key) = authority.Make(node, until);
        return LinkTls.Load(new LinkTlsFiles(certificate, key, authority.AuthorityFile), clock ?? TimeProvider.System);
    }

    /// <summary>What a server with these certificates says over one link.</summary>
    private static async Task<string> AskAsync(LinkTls server, Action<ClientWebSocketOptions> secure)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, server.Secure));
        await using var app = builder.Build();
        app.UseWebSockets();
        app.Run(static async context =>
        {
            using var accepted = await context.WebSockets.AcceptWebSocketAsync();
            await accepted.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Binary, endOfMessage: true, context.RequestAborted);
            await accepted.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
        });
        await app.StartAsync();
        using var socket = new ClientWebSocket();
        secure(socket.Options);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await socket.ConnectAsync(new UriBuilder(app.Urls.Single()) { Scheme = "wss" }.Uri, patience.Token);
        var buffer = new byte[16];
        var received = await socket.ReceiveAsync(buffer.AsMemory(), patience.Token);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
        return System.Text.Encoding.UTF8.GetString(buffer, 0, received.Count);
    }
}
