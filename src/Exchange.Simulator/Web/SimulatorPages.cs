using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Backup.Exchange.Simulator.Book;
using Backup.Exchange.Simulator.Market;
using Backup.Exchange.Wire;

namespace Backup.Exchange.Simulator.Web;

/// <summary>An SMS as a gateway of the telephone company would take it.</summary>
public sealed record SmsRequest(string? To, string? Text);

/// <summary>An order as the exchange sees it, in paise and units.</summary>
/// <param name="Trigger">0 for an order that never was a stop order.</param>
/// <param name="IsStop">It waits for its trigger.</param>
public sealed record OrderLine(
    long OrderNumber,
    string Segment,
    string Account,
    int Token,
    string Instrument,
    string Side,
    int Quantity,
    int Filled,
    int Remaining,
    int Price,
    string Status,
    int ClientReference,
    int Trigger,
    bool IsStop);

/// <summary>The simulator's pages: what it saw and what it knows.</summary>
public static class SimulatorPages
{
    private const int LedgerLimit = 10_000;
    private const int OrderLimit = 100_000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static void Map(WebApplication app, ExchangeFloor floor, Inbox inbox)
    {
        app.MapGet("/", () => Results.Content(Html.Front, "text/html; charset=utf-8"));
        app.MapGet("/healthz", () => Results.Text("ok"));
        app.MapGet("/ledger", (long? after, int? limit) => Ledger(floor, after ?? 0, Math.Clamp(limit ?? 1000, 1, LedgerLimit)));
        app.MapGet("/orders", () => Results.Json(Orders(floor), Json));
        app.MapGet("/trades", () => Results.Json(floor.Look((_, book, _) => book.Trades.TakeLast(OrderLimit).ToArray()), Json));
        app.MapGet("/prices/stream", (string? tokens, HttpContext http) => StreamAsync(floor, tokens, http));
        app.MapGet("/inbox", () => Results.Content(Html.Inbox(inbox.List(null)), "text/html; charset=utf-8"));
        app.MapGet("/inbox.json", (string? to) => Results.Json(inbox.List(to), Json));
        app.MapPost("/inbox/sms", (SmsRequest sms) => Sms(inbox, sms));
        DrillPages.Map(app, floor);
    }

    private static IResult Problem(string text) => Results.BadRequest(new { error = text });

    private static IResult Sms(Inbox inbox, SmsRequest sms)
    {
        if (string.IsNullOrWhiteSpace(sms.To) || sms.Text is null || sms.To.Length > 40)
        {
            return Problem("expected {\"to\":\"number\",\"text\":\"…\"}");
        }

        inbox.Add("sms", sms.To.Trim(), "", sms.Text);
        return Results.Ok();
    }

    private static IResult Ledger(ExchangeFloor floor, long after, int limit)
    {
        var lines = floor.Look((_, _, ledger) => ledger.Read(after, limit));
        return Results.Text(string.Concat(lines.Select(line => line + "\n")), "application/x-ndjson");
    }

    private static OrderLine[] Orders(ExchangeFloor floor) => floor.Look((_, book, _) => book.Orders.TakeLast(OrderLimit).Select(Line).ToArray());

    private static OrderLine Line(ExchangeOrder order) => new(
        order.Number,
        SegmentName.Of(order.Form.Segment),
        order.Account,
        order.Quote?.Instrument.Token ?? 0,
        order.Name,
        order.IsBuy ? "buy" : "sell",
        order.Volume,
        order.Filled,
        order.Remaining,
        order.Price,
        order.Status,
        order.ClientReference,
        order.Trigger,
        order.IsStop);

    private static async Task StreamAsync(ExchangeFloor floor, string? tokens, HttpContext http)
    {
        if (!TryParse(tokens, out var wanted))
        {
            http.Response.StatusCode = (int)HttpStatusCode.BadRequest;
            await http.Response.WriteAsJsonAsync(new { error = "expected tokens=fo:12345,cm:678" }, http.RequestAborted);
            return;
        }

        http.Response.ContentType = "application/x-ndjson";
        using var listener = floor.Look((board, _, _) => board.Listen(wanted));
        try
        {
            while (true)
            {
                foreach (var line in await listener.NextAsync(http.RequestAborted))
                {
                    await http.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(line, Json), http.RequestAborted);
                    await http.Response.Body.WriteAsync("\n"u8.ToArray(), http.RequestAborted);
                }

                await http.Response.Body.FlushAsync(http.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // The listener has gone, or we are stopping.
        }
        finally
        {
            floor.Look((board, _, _) =>
            {
                board.Leave(listener);
                return 0;
            });
        }
    }

    private static bool TryParse(string? tokens, out List<(Segment, int)>? wanted)
    {
        wanted = null;
        if (string.IsNullOrWhiteSpace(tokens))
        {
            return true;
        }

        wanted = [];
        foreach (var entry in tokens.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = entry.Split(':');
            if (parts.Length != 2 || SegmentName.Parse(parts[0]) is not { } segment || !int.TryParse(parts[1], NumberStyles.None, null, out var token))
            {
                return false;
            }

            wanted.Add((segment, token));
        }

        return true;
    }
}

/// <summary>The two small pages for people.</summary>
internal static class Html
{
    private const string Head = """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
        <style>body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:40rem;padding:1rem;color:#1b1f24;background:#f6f7f9}
        article{background:#fff;border:1px solid #d9dee5;border-radius:10px;padding:.75rem 1rem;margin:.75rem 0}
        header{display:flex;justify-content:space-between;gap:1rem;font-size:.85rem;color:#57606a}
        h1{font-size:1.25rem}h2{font-size:1rem;margin:.25rem 0}pre{white-space:pre-wrap;word-break:break-word;font:inherit;margin:.25rem 0 0}</style>
        """;

    public const string Front = Head + """
        <title>Exchange simulator</title></head><body><h1>Exchange simulator</h1><ul>
        <li><a href="/inbox">Inbox: SMS and e-mails</a></li><li><a href="/orders">Orders</a></li><li><a href="/trades">Trades</a></li>
        <li><a href="/ledger?limit=200">Ledger</a></li><li><a href="/healthz">Health</a></li></ul></body></html>
        """;

    public static string Inbox(IReadOnlyList<InboxMessage> messages)
    {
        var page = new StringBuilder(Head).Append("<meta http-equiv=\"refresh\" content=\"3\"><title>Inbox</title></head><body><h1>Inbox</h1>");
        if (messages.Count == 0)
        {
            page.Append("<p>No message yet. This page looks again every three seconds.</p>");
        }

        foreach (var message in messages.Take(200))
        {
            var at = message.At.ToOffset(NnfTime.IndiaOffset).ToString("HH:mm:ss", CultureInfo.InvariantCulture);
            page.Append("<article><header><span>").Append(message.Kind == "sms" ? "SMS" : "E-mail").Append(" to ").Append(WebUtility.HtmlEncode(message.To))
                .Append("</span><time>").Append(at).Append(" IST</time></header>");
            if (message.Subject.Length > 0)
            {
                page.Append("<h2>").Append(WebUtility.HtmlEncode(message.Subject)).Append("</h2>");
            }

            page.Append("<pre>").Append(WebUtility.HtmlEncode(message.Text)).Append("</pre></article>");
        }

        return page.Append("</body></html>").ToString();
    }
}
