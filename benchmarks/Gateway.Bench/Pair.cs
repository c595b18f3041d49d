using System.Globalization;

namespace Backup.Gateway.Bench;

/// <summary>A server and its clients, each in a process of its own, connected.</summary>
internal sealed class Pair : IAsyncDisposable
{
    private readonly string _tokens;

    private Pair(Child server, Child clients, string tokens, int count) => (Server, Clients, _tokens, Count) = (server, clients, tokens, count);

    internal Child Server { get; }

    internal Child Clients { get; }

    internal int Count { get; }

    /// <summary>What the server used before anybody was connected.</summary>
    internal required Usage Empty { get; init; }

    internal required string Address { get; init; }

    internal required string[] Tokens { get; init; }

    internal static async Task<Pair> StartAsync(string kind, int clients, int pricesIntervalMs, int stalling = 0, int? listening = null)
    {
        var server = Child.Start("--serve", kind, Text(clients), Text(pricesIntervalMs));
        var address = (await server.ReadAsync()).Split(' ')[1];
        var file = Path.GetTempFileName();
        var tokens = new string[clients];
        for (var client = 0; client < clients; client++)
        {
            tokens[client] = await server.ReadAsync();
        }

        await File.WriteAllLinesAsync(file, tokens.Take(listening ?? clients));
        var empty = Usage.Parse(await server.AskAsync("usage"));
        var listener = Child.Start("--listen", kind, address, file, Text(stalling));
        if (await listener.ReadAsync() is var word && word != "connected")
        {
            throw new InvalidOperationException($"the clients said {word}");
        }

        return new Pair(server, listener, file, clients) { Empty = empty, Address = address, Tokens = tokens };
    }

    internal async Task<Usage> UsageAsync() => Usage.Parse(await Server.AskAsync("usage"));

    internal async Task<long> NumberAsync(string ask) => long.Parse(await Clients.AskAsync(ask), CultureInfo.InvariantCulture);

    /// <summary>Number, median and 99th percentile of how old, in milliseconds, prices were when they were shown, since the last time.</summary>
    internal async Task<(int Number, double P50, double P99)> AgesAsync()
    {
        var words = (await Clients.AskAsync("ages")).Split(' ');
        return (int.Parse(words[0], CultureInfo.InvariantCulture), double.Parse(words[1], CultureInfo.InvariantCulture), double.Parse(words[2], CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        await Clients.DisposeAsync();
        await Server.DisposeAsync();
        File.Delete(_tokens);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
