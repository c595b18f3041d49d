using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Backup.Gateway.Bench;

/// <summary>People who all want in, in a process of their own: a code, its entry, and a look at what they hold.</summary>
internal static class Storm
{
    private static int _letIn;
    private static int _sentAway;
    private static int _withoutRetryAfter;
    private static int _failed;

    internal static async Task RunAsync(Uri door, int firstClient, int perSecond, TimeSpan time)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = door };
        await Console.Out.WriteLineAsync("begins");
        var began = Stopwatch.GetTimestamp();
        var running = new List<Task>();
        for (var i = 0; i < perSecond * time.TotalSeconds; i++)
        {
            if (TimeSpan.FromSeconds((double)i / perSecond) - Stopwatch.GetElapsedTime(began) is var early && early > TimeSpan.Zero)
            {
                await Task.Delay(early);
            }

            running.Add(LogInAsync(http, World.NameOf(firstClient + i)));
        }

        await Task.WhenAll(running);
        await Console.Out.WriteLineAsync(new JsonObject
        {
            ["let_in"] = _letIn,
            ["sent_away"] = _sentAway,
            ["without_retry_after"] = _withoutRetryAfter,
            ["failed"] = _failed,
        }.ToJsonString());
    }

    private static async Task LogInAsync(HttpClient http, string client)
    {
        try
        {
            using var sent = await http.PostAsJsonAsync("/session/otp", new JsonObject { ["client_id"] = client });
            if (sent.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                Interlocked.Increment(ref _sentAway);
                if (sent.Headers.RetryAfter?.Delta is not { TotalSeconds: >= 1 })
                {
                    Interlocked.Increment(ref _withoutRetryAfter);
                }

                return;
            }

            await DataAsync(sent);
            var code = await http.GetStringAsync(new Uri($"{ServerProcess.CodePath}?client={client}", UriKind.Relative));
            using var opened = await http.PostAsJsonAsync("/session/token", new JsonObject { ["client_id"] = client, ["code"] = code });
            var token = (string)(await DataAsync(opened))["access_token"]!;
            foreach (var path in new[] { "/portfolio/positions", "/orders" })
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                using var shown = await http.SendAsync(request);
                await DataAsync(shown);
            }

            Interlocked.Increment(ref _letIn);
        }
        catch (Exception failure)
        {
            if (Interlocked.Increment(ref _failed) == 1)
            {
                await Console.Error.WriteLineAsync(failure.Message);
            }
        }
    }

    private static async Task<JsonNode> DataAsync(HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonNode.Parse(body)!["data"]! : throw new InvalidOperationException($"{(int)answer.StatusCode}: {body}");
    }
}
