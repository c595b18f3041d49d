using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Backup.Drills;

/// <summary>What an HTTP call came back with.</summary>
internal sealed record Answer(HttpStatusCode Status, JsonNode? Body)
{
    internal bool Ok => Status == HttpStatusCode.OK;

    /// <exception cref="HttpRequestException">There is none, as in an answer that nobody serves the account.</exception>
    internal JsonNode Data => Body?["data"] ?? throw new HttpRequestException($"an answer without data: {(int)Status} {Message}");

    internal string Message => (string?)Body?["message"] ?? "";

    internal string ErrorType => (string?)Body?["error_type"] ?? "";
}

/// <summary>A client with a browser: logs in with the code from his SMS, looks, exits, cancels. Public doors only.</summary>
/// <param name="gateway">Which node's page he has open; null: the one address that everybody knows.</param>
/// <param name="patience">How long he waits for an answer.</param>
internal sealed partial class Trader(Stack stack, string clientId, string mobile, Uri? gateway = null, TimeSpan? patience = null) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = gateway ?? stack.Gateway, Timeout = patience ?? TimeSpan.FromSeconds(15) };

    internal string ClientId => clientId;

    /// <summary>Whether a call failed because nobody was there to answer it; what was asked for may have been done.</summary>
    internal static bool IsAway(Exception failure) => failure is HttpRequestException or IOException or TaskCanceledException;

    internal string Token { get; private set; } = "";

    internal async Task LoginAsync()
    {
        var asked = await PostAsync("/session/otp", new { client_id = clientId });
        Expect.That(asked.Ok, $"a code is sent to {clientId}; found {asked.Status} {asked.Message}");
        var token = await PostAsync("/session/token", new { client_id = clientId, code = await NewestCodeAsync() });
        Expect.That(token.Ok, $"{clientId} logs in with the code from the SMS; found {token.Status} {token.Message}");
        UseToken((string)token.Data["access_token"]!);
    }

    /// <summary>The same person, logged in, at another device: with this node's page open.</summary>
    internal Trader At(Uri node, TimeSpan? patient = null)
    {
        var other = new Trader(stack, clientId, mobile, node, patient);
        other.UseToken(Token);
        return other;
    }

    internal void UseToken(string token)
    {
        Token = token;
        _http.DefaultRequestHeaders.Authorization = new("Bearer", token);
    }

    /// <summary>The code in the newest SMS to this client.</summary>
    internal async Task<string> NewestCodeAsync()
    {
        using var inbox = new HttpClient { BaseAddress = stack.Simulator };
        var messages = JsonNode.Parse(await inbox.GetStringAsync(new Uri($"/inbox.json?to={mobile}", UriKind.Relative)))!.AsArray();
        return Code().Match((string)messages[0]!["text"]!).Value;
    }

    internal async Task<JsonArray> PositionsAsync() => (await GetAsync("/portfolio/positions")).Data["net"]!.AsArray();

    internal async Task<JsonArray> OrdersAsync() => (await GetAsync("/orders")).Data.AsArray();

    internal Task<Answer> ExitAsync(string key, JsonNode position, string mode, long? quantity = null, int? percent = null)
    {
        var body = new JsonObject
        {
            ["exchange"] = (string)position["exchange"]!,
            ["tradingsymbol"] = (string)position["tradingsymbol"]!,
            ["product"] = (string)position["product"]!,
            ["mode"] = mode,

            // A drill has read every warning.
            ["confirm"] = new JsonArray("leaves_short_uncovered", "opens_other_product", "entry_still_works"),
        };
        if (quantity is { } units)
        {
            body["quantity"] = units;
        }

        if (percent is { } part)
        {
            body["percent"] = part;
        }

        return SendAsync(HttpMethod.Post, "/exits", body, key);
    }

    /// <param name="confirm">A warning that was read, by name.</param>
    internal Task<Answer> CancelAsync(string orderId, string? confirm = null) =>
        SendAsync(HttpMethod.Delete, $"/orders/regular/{orderId}{(confirm is null ? "" : $"?confirm={confirm}")}", null, null);

    internal Task<Answer> MoveStopAsync(string orderId, decimal price, decimal trigger) =>
        SendAsync(HttpMethod.Put, $"/orders/co/{orderId}", new JsonObject { ["price"] = price, ["trigger_price"] = trigger, ["order_type"] = "SL" }, null);

    internal Task<Answer> ModifyAsync(string orderId, long quantity, decimal price) =>
        SendAsync(HttpMethod.Put, $"/orders/regular/{orderId}", new JsonObject { ["quantity"] = quantity, ["price"] = price }, null);

    internal Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null, null);

    internal async Task<Answer> PostAsync(string path, object body)
    {
        using var response = await _http.PostAsJsonAsync(path, body);
        return await ReadAsync(response);
    }

    public void Dispose() => _http.Dispose();

    private async Task<Answer> SendAsync(HttpMethod method, string path, JsonNode? body, string? key)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : JsonContent.Create(body);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var response = await _http.SendAsync(request);
        return await ReadAsync(response);
    }

    private static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        var body = text.StartsWith('{') ? JsonNode.Parse(text) : null;
        return body is null && (int)response.StatusCode >= 500
            ? throw new HttpRequestException($"the front door answered {(int)response.StatusCode}: no node did")
            : new Answer(response.StatusCode, body);
    }

    [GeneratedRegex("[0-9]{6}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();
}
