using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Backup.Journal.Bench;

namespace Backup.Gateway.Bench;

/// <summary>G23: how long the exits of those who are in take while ten times as many as the door lets in try to log in, against the same at rest.</summary>
internal static class LoginStorm
{
    private const int ActiveUsers = 4000;
    private const int Watching = 500;
    private const int ExitsPerSecond = 100;
    private const int Nominal = 50;
    private const int StormTimes = 10;
    private const int PricesEveryMs = 500;
    private const double Goal = 2;

    internal static async Task<JsonObject> MeasureAsync(int rounds, int seconds)
    {
        Console.WriteLine($"G23: p99 of {ExitsPerSecond} exits a second: A = at rest; B = while {Nominal * StormTimes} logins a second come and {Nominal} are let in; goal <= {Goal}");
        var inStorm = Nominal * StormTimes * seconds;
        await using var pair = await Pair.StartAsync("ours", ActiveUsers + (inStorm * rounds), pricesIntervalMs: PricesEveryMs, listening: Watching);
        using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(pair.Address) };
        var exits = new Exits(http, pair.Tokens);
        await ExitAsync();
        var ratios = new List<double>();
        var figure = new JsonObject();
        for (var round = 0; round < rounds; round++)
        {
            Console.WriteLine($"  round {round + 1}: load {Comparison.LoadAverage()}");
            var rest = await ExitAsync();
            await using var storm = Child.Start(
                "--storm", pair.Address, Text(ActiveUsers + (inStorm * round)), Text(Nominal * StormTimes), Text(seconds));
            await storm.ReadAsync();
            var stormy = await ExitAsync();
            var told = (JsonObject)JsonNode.Parse(await storm.ReadAsync())!;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"    A: p50 {rest.P50:F2} ms, p99 {rest.P99:F2} ms; B: p50 {stormy.P50:F2} ms, p99 {stormy.P99:F2} ms; storm: {told.ToJsonString()}"));
            if ((int)told["failed"]! > 0 || (int)told["without_retry_after"]! > 0 || (int)told["sent_away"]! == 0)
            {
                throw new InvalidOperationException("whoever is not let in is told when to come back, and nobody meets anything else");
            }

            ratios.Add(stormy.P99 / rest.P99);
            (figure["control_p99_ms"], figure["candidate_p99_ms"], figure["storm"]) = (Comparison.Round(rest.P99), Comparison.Round(stormy.P99), told);
        }

        return Figures.Told("G23", figure, ratios, Goal);

        // An exit needs a live price; those who watch get each.
        async Task<(double P50, double P99)> ExitAsync()
        {
            var pricing = pair.Server.AskAsync($"every {PricesEveryMs} {seconds * 1000 / PricesEveryMs}");
            var times = await exits.RunAsync(ExitsPerSecond, TimeSpan.FromSeconds(seconds));
            await pricing;
            return times;
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Exits at a fixed rate, each of a position that was not asked about before; late ones count from when they were due.</summary>
    private sealed class Exits(HttpClient http, string[] tokens)
    {
        private int _next;

        internal async Task<(double P50, double P99)> RunAsync(int perSecond, TimeSpan time)
        {
            var count = (int)(perSecond * time.TotalSeconds);
            var began = Stopwatch.GetTimestamp();
            var running = new List<Task<double>>(count);
            for (var i = 0; i < count; i++)
            {
                var due = TimeSpan.FromSeconds((double)i / perSecond);
                if (due - Stopwatch.GetElapsedTime(began) is var early && early > TimeSpan.Zero)
                {
                    await Task.Delay(early);
                }

                running.Add(ExitAsync(_next++, began, due));
            }

            var times = await Task.WhenAll(running);
            Array.Sort(times);
            return (times[count / 2], times[(int)(count * 0.99)]);
        }

        private async Task<double> ExitAsync(int number, long began, TimeSpan due)
        {
            var (client, place) = (number % ActiveUsers, number / ActiveUsers);
            using var request = new HttpRequestMessage(HttpMethod.Post, "/exits");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens[client]);
            request.Headers.Add("Idempotency-Key", $"exit-{place}");
            request.Content = JsonContent.Create(new JsonObject
            {
                ["positions"] = new JsonArray(new JsonObject { ["exchange"] = "NFO", ["tradingsymbol"] = World.SymbolOf(client, place), ["product"] = "NRML", ["quantity"] = 75 }),
                ["mode"] = "quantity",
            });
            using var response = await http.SendAsync(request);
            var took = (Stopwatch.GetElapsedTime(began) - due).TotalMilliseconds;
            return response.IsSuccessStatusCode ? took : throw new InvalidOperationException($"an exit was answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        }
    }
}
