using System.Net;
using System.Security.Authentication;
using System.Text.Json.Nodes;

namespace Backup.Drills.Edge;

/// <summary>What stands between the nodes and the Internet, as people and machines out there meet it: HAProxy alone, and nginx before HAProxy.</summary>
internal sealed class EdgeDrill
{
    private const int Flood = 3000;
    private const int FloodsMax = 10;
    private int _passed;
    private int _failed;

    /// <returns>How many demands were not met.</returns>
    internal async Task<int> RunAsync()
    {
        await using var stack = new Stack(new StackOptions { NodeSettings = ["gateway.trusted-proxies=127.0.0.1"] });
        await stack.StartSimulatorAsync();
        await stack.ImportAsync();
        await stack.StartNodeAsync();
        await using var edges = new Edges(stack);
        await edges.StartAsync();
        foreach (var (name, edge, plain) in new[] { ("haproxy", edges.HaProxy, edges.HaProxyPlain), ("nginx", edges.Nginx, edges.NginxPlain) })
        {
            using var somebody = new EdgeClient(edge, "127.0.0.10");
            await HoldsAsync($"{name} answers once the node is ready", () => Eventually.HoldsAsync(
                "the page's status through the edge", TimeSpan.FromSeconds(30), async () => await somebody.StatusAsync("/status") == HttpStatusCode.OK));
            await HoldsAsync($"{name} speaks HTTP/2 over TLS 1.2 and 1.3, and nothing older", () => SpeaksAsync(somebody));
            await HoldsAsync($"{name} sends plain HTTP on to HTTPS", () => SendsOnAsync(plain));
            await HoldsAsync($"{name} leaves the security headers as the node sets them, once each", () => HasHeadersAsync(somebody));
            await HoldsAsync($"{name} names the client's address whatever the request says, and the cookie is for HTTPS only", () => NamesAddressAsync(stack, somebody));
            await HoldsAsync($"{name} carries the live stream", async () =>
                Expect.That((await somebody.FirstOfStreamAsync()).Contains("\"kind\":\"snapshot\"", StringComparison.Ordinal), "a snapshot first"));
            await HoldsAsync($"{name} refuses an address of the deny list", () => HasStatusAsync(edge, Edges.Denied, HttpStatusCode.Forbidden));
            await HoldsAsync($"{name} keeps the nodes' health to itself", async () =>
                Expect.That(await somebody.StatusAsync("/readyz") == HttpStatusCode.NotFound && await somebody.StatusAsync("/healthz") == HttpStatusCode.NotFound, "404"));
            await HoldsAsync($"{name} slows one address that asks without end, and no other", () => LimitsAsync(edge));
        }

        await HoldsAsync("both follow the node: gone, they say 503; back, they serve", () => FollowAsync(stack, edges));
        Console.WriteLine($"{_passed} passed, {_failed} failed");
        return _failed;
    }

    private static async Task SpeaksAsync(EdgeClient somebody)
    {
        using var answer = await somebody.SendAsync(HttpMethod.Get, "/status");
        Expect.That(answer.Version == HttpVersion.Version20, $"HTTP/2; found {answer.Version}");
        Expect.That(await somebody.TakesAsync(SslProtocols.Tls12) && await somebody.TakesAsync(SslProtocols.Tls13), "TLS 1.2 and TLS 1.3");
#pragma warning disable CA5397, SYSLIB0039 // That it is refused is what is looked at.
        Expect.That(!await somebody.TakesAsync(SslProtocols.Tls11), "no TLS 1.1");
#pragma warning restore CA5397, SYSLIB0039
    }

    private static async Task SendsOnAsync(Uri plain)
    {
        using var somebody = new EdgeClient(plain, "127.0.0.10");
        using var answer = await somebody.SendAsync(HttpMethod.Get, "/orders?x=1", version: HttpVersion.Version11);
        Expect.That(answer.StatusCode == HttpStatusCode.PermanentRedirect, $"308; found {(int)answer.StatusCode}");
        Expect.That(answer.Headers.Location is { Scheme: "https", PathAndQuery: "/orders?x=1" }, $"the same address over HTTPS; found {answer.Headers.Location}");
    }

    private static async Task HasHeadersAsync(EdgeClient somebody)
    {
        using var answer = await somebody.SendAsync(HttpMethod.Get, "/status");
        foreach (var header in new[] { "Strict-Transport-Security", "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy" })
        {
            Expect.That(answer.Headers.TryGetValues(header, out var values) && values.Count() == 1, $"one {header}");
        }

        Expect.That(!answer.Headers.TryGetValues("Server", out var server) || server.All(static name => name == "nginx"), "no word of what serves, and of which version");
    }

    private static async Task NamesAddressAsync(Stack stack, EdgeClient somebody)
    {
        using var trader = new Trader(stack, "DEMO02", "9000000002");
        using var asked = await somebody.SendAsync(HttpMethod.Post, "/session/otp", new JsonObject { ["client_id"] = "DEMO02" });
        Expect.That(asked.IsSuccessStatusCode, $"a code is sent; found {(int)asked.StatusCode}");
        using var opened = await somebody.SendAsync(
            HttpMethod.Post, "/session/token", new JsonObject { ["client_id"] = "DEMO02", ["code"] = await trader.NewestCodeAsync() }, null, ("X-Forwarded-For", "8.8.8.8"), ("X-Forwarded-Proto", "http"));
        Expect.That(opened.IsSuccessStatusCode, $"a session opens; found {(int)opened.StatusCode}");
        Expect.That(opened.Headers.GetValues("Set-Cookie").Any(static cookie => cookie.StartsWith("backup_session", StringComparison.Ordinal) && cookie.Contains("secure", StringComparison.OrdinalIgnoreCase)), "a cookie for HTTPS only");
        somebody.Token = (string)JsonNode.Parse(await opened.Content.ReadAsStringAsync())!["data"]!["access_token"]!;
        using var listed = await somebody.SendAsync(HttpMethod.Get, "/session/list");
        var text = await listed.Content.ReadAsStringAsync();
        Expect.That(text.Contains("127.0.0.10", StringComparison.Ordinal) && !text.Contains("8.8.8.8", StringComparison.Ordinal), $"the session is of 127.0.0.10; found {text}");
    }

    private static async Task HasStatusAsync(Uri edge, string from, HttpStatusCode expected)
    {
        using var client = new EdgeClient(edge, from);
        var found = await client.StatusAsync("/status");
        Expect.That(found == expected, $"{(int)expected}; found {(int)found}");
    }

    private static async Task LimitsAsync(Uri edge)
    {
        using var machine = new EdgeClient(edge, "127.0.0.20");
        using var known = new EdgeClient(edge, Edges.Known);
        var answers = new List<(HttpStatusCode Status, bool HasRetryAfter)>();
        for (var floods = 0; floods < FloodsMax && !answers.Exists(static answer => answer.Status == HttpStatusCode.TooManyRequests); floods++)
        {
            answers.AddRange(await FloodAsync(machine));
        }

        Expect.That(answers.Exists(static answer => answer == (HttpStatusCode.TooManyRequests, true)), "429 with Retry-After");
        Expect.That(answers.TrueForAll(static answer => answer is (HttpStatusCode.OK, _) or (HttpStatusCode.TooManyRequests, true)), $"nothing else; found {string.Join(", ", answers.Distinct())}");
        await HasStatusAsync(edge, "127.0.0.30", HttpStatusCode.OK);
        Expect.That((await FloodAsync(known)).All(static answer => answer.Status == HttpStatusCode.OK), "an address of the allow list is not limited");
    }

    private static async Task<IReadOnlyCollection<(HttpStatusCode Status, bool HasRetryAfter)>> FloodAsync(EdgeClient client)
    {
        using var atOnce = new SemaphoreSlim(64);
        return await Task.WhenAll(Enumerable.Range(0, Flood).Select(async _ =>
        {
            await atOnce.WaitAsync();
            try
            {
                using var answer = await client.SendAsync(HttpMethod.Get, "/status");
                return (answer.StatusCode, answer.Headers.RetryAfter is not null);
            }
            finally
            {
                atOnce.Release();
            }
        }));
    }

    private static async Task FollowAsync(Stack stack, Edges edges)
    {
        await stack.Node!.KillAsync();
        foreach (var (edge, wanted) in new[] { (edges.HaProxy, HttpStatusCode.ServiceUnavailable), (edges.Nginx, HttpStatusCode.ServiceUnavailable) })
        {
            await BecomesAsync(edge, wanted);
        }

        await stack.StartNodeAsync();
        await BecomesAsync(edges.HaProxy, HttpStatusCode.OK);
        await BecomesAsync(edges.Nginx, HttpStatusCode.OK);
    }

    private static async Task BecomesAsync(Uri edge, HttpStatusCode wanted)
    {
        using var client = new EdgeClient(edge, "127.0.0.40");
        await Eventually.HoldsAsync($"{edge} answers {(int)wanted}", TimeSpan.FromSeconds(30), async () => await client.StatusAsync("/status") == wanted);
    }

    private async Task HoldsAsync(string what, Func<Task> demand)
    {
        try
        {
            await demand();
            _passed++;
            Console.WriteLine($"ok {what}");
        }
        catch (Exception failure)
        {
            _failed++;
            Console.WriteLine($"FAILED {what}: {failure.Message}");
        }
    }
}
