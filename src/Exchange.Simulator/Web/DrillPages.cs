using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Backup.Exchange.Simulator.Hostile;
using Backup.Exchange.Simulator.Market;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;

namespace Backup.Exchange.Simulator.Web;

public sealed record LiquidityRequest(string? Mode, string? Segment, int? Parts);

/// <param name="Ltp">Paise.</param>
public sealed record PriceRequest(int Token, string? Segment, int Ltp);

public sealed record HoldRequest(bool On);

public sealed record SwallowRequest(int Next);

public sealed record FaultRequest(string? Kind, int? Count, string? Segment, int? Milliseconds, int? Error);

/// <param name="Account">Null: everyone's.</param>
/// <param name="Error">What the cancel messages carry.</param>
public sealed record CancelRequest(string? Account, string? Segment, int? Error);

/// <param name="Stream">0 is all of them.</param>
public sealed record StreamOutageRequest(string? Segment, int? Stream, bool? Down);

/// <param name="Side">buy or sell.</param>
/// <param name="Price">Paise; 0 for a market order.</param>
/// <param name="Trigger">Paise; null for an order that is no stop order.</param>
public sealed record MainSiteRequest(string? Segment, int Token, string? Account, string? Pan, string? Side, int Quantity, int Price, int? Trigger);

public sealed record FreezeRequest(bool? Approve, string? Segment);

public sealed record DisasterRequest(string? Segment);

/// <summary>The levers for drills. A body that is not understood is answered with 400 and a sentence, and nothing happens.</summary>
public static class DrillPages
{
    private const int CountLimit = 100_000;
    private const int PartsLimit = 200_000;

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    public static void Map(WebApplication app, ExchangeFloor floor)
    {
        var control = app.MapGroup("/control");
        MapMarket(control, floor);
        MapOutages(control, floor);
        control.MapPost("/main-site-order", Take<MainSiteRequest>(
            "{\"segment\":\"cm|fo\",\"token\":…,\"account\":\"…\",\"pan\":\"…\",\"side\":\"buy|sell\",\"quantity\":n,\"price\":paise} and, for a stop order, \"trigger\":paise",
            wish => MainSiteOrder(wish) is { } order ? Enter(floor, order) : null));
        control.MapPost("/hold", Take<HoldRequest>("{\"on\":true|false}", wish => Done(floor, (drills, now) => drills.Hold(wish.On, now))));
        control.MapPost("/drop", () => Results.Json(new { dropped = floor.Drill((drills, now) => drills.Drop(now)) }));
        control.MapPost("/swallow", Take<SwallowRequest>($"{{\"next\":n}} with n from 0 to {CountLimit}", wish => wish.Next is >= 0 and <= CountLimit
            ? Done(floor, (drills, now) => drills.Swallow(wish.Next, now))
            : null));
        control.MapPost("/fault", Take<FaultRequest>(
            $"{{\"kind\":\"{string.Join('|', FaultPlan.Names.Keys.Order(StringComparer.Ordinal))}\"}} and, where it has a meaning, \"count\":0 to {CountLimit}, \"segment\":\"cm|fo\", \"milliseconds\" from 1 to 3600000 (silence needs it), \"error\":1 to 32767 (sign-off and reject need it)",
            wish => Fault(floor, wish)));
    }

    private static void MapMarket(RouteGroupBuilder control, ExchangeFloor floor)
    {
        control.MapPost("/liquidity", Take<LiquidityRequest>(
            $"{{\"mode\":\"full|partial|none\"}} and optionally \"segment\":\"cm|fo\" and \"parts\":0 to {PartsLimit}",
            wish => TryMode(wish.Mode, out var mode) && TrySegment(wish.Segment, out var segment) && wish.Parts is null or >= 0 and <= PartsLimit
                ? Done(floor, (drills, now) => drills.SetLiquidity(mode, segment, wish.Parts, now))
                : null));
        control.MapPost("/price", Take<PriceRequest>(
            "{\"token\":…,\"segment\":\"cm|fo\",\"ltp\":paise}",
            wish => SegmentName.Parse(wish.Segment) is not { } segment || wish.Ltp <= 0 ? null
                : floor.SetPrice(segment, wish.Token, wish.Ltp) ? Results.Ok()
                : Results.NotFound(new { error = $"no instrument {wish.Segment}:{wish.Token}" })));
        control.MapPost("/cancel", Take<CancelRequest>(
            "{} or \"account\":\"…\", \"segment\":\"cm|fo\", \"error\":0 to 32767",
            wish => TrySegment(wish.Segment, out var segment) && wish.Error is null or >= 0 and <= short.MaxValue
                ? Results.Json(new
                {
                    cancelled = floor.Drill((drills, now) => drills.Cancel(wish.Account, segment, (short)(wish.Error ?? ExchangeError.SystemCancelled), now)),
                })
                : null));
    }

    private static void MapOutages(RouteGroupBuilder control, ExchangeFloor floor)
    {
        control.MapPost("/freeze", Take<FreezeRequest>(
            "{\"approve\":true|false} and optionally \"segment\":\"cm|fo\"",
            wish => wish.Approve is { } approves && TrySegment(wish.Segment, out var segment)
                ? Results.Json(new { decided = floor.Drill((drills, now) => drills.Freeze(approves, segment, now)) })
                : null));
        control.MapPost("/stream-outage", Take<StreamOutageRequest>(
            $"{{\"segment\":\"cm|fo\",\"stream\":0 to {floor.Streams},\"down\":true|false}}",
            wish => SegmentName.Parse(wish.Segment) is { } segment && wish.Stream is { } stream && stream >= 0 && stream <= floor.Streams && wish.Down is { } down
                ? Results.Json(new { lost = floor.Drill((drills, now) => drills.Outages.SetStream(segment, (byte)stream, down, now)) })
                : null));
        control.MapPost("/disaster", Take<DisasterRequest>("{\"segment\":\"cm|fo\"}", wish =>
        {
            if (SegmentName.Parse(wish.Segment) is not { } segment)
            {
                return null;
            }

            var (lost, cut) = floor.Drill((drills, now) => drills.Outages.Move(segment, now));
            return Results.Json(new { lost, dropped = cut });
        }));
    }

    private static IResult? Fault(ExchangeFloor floor, FaultRequest wish)
    {
        if (!FaultPlan.Names.TryGetValue(wish.Kind ?? "", out var kind) || !TrySegment(wish.Segment, out var segment))
        {
            return null;
        }

        var isFit = wish.Count is null or >= 0 and <= CountLimit
            && (wish.Error is > 0 and <= short.MaxValue || (wish.Error is null && kind is not (FaultKind.Reject or FaultKind.SignOff)))
            && (wish.Milliseconds is > 0 and <= 3_600_000 || (wish.Milliseconds is null && kind != FaultKind.Silence));
        return isFit
            ? Results.Json(new
            {
                done = floor.Drill((drills, now) => drills.Fault(
                    kind, wish.Count ?? 1, segment, (short)(wish.Error ?? (kind == FaultKind.RejectKill ? ExchangeError.KillSwitchFailed : 0)), TimeSpan.FromMilliseconds(wish.Milliseconds ?? 0), now)),
            })
            : null;
    }

    private static MainSiteOrder? MainSiteOrder(MainSiteRequest wish)
    {
        var isFit = wish is { Account.Length: > 0 and <= 10, Pan.Length: 10, Side: "buy" or "sell", Quantity: > 0, Price: >= 0, Trigger: null or > 0 }
            && Ascii.IsValid(wish.Account) && Ascii.IsValid(wish.Pan);
        return isFit && SegmentName.Parse(wish.Segment) is { } segment
            ? new MainSiteOrder(segment, wish.Token, wish.Account!, wish.Pan!, wish.Side == "buy" ? BuySell.Buy : BuySell.Sell, wish.Quantity, wish.Price, wish.Trigger)
            : null;
    }

    /// <summary>409 when the exchange's own rules are against it; then nothing has happened.</summary>
    private static IResult Enter(ExchangeFloor floor, MainSiteOrder order)
    {
        var (number, error) = floor.Drill((drills, now) => drills.Enter(order, now));
        return number != 0
            ? Results.Json(new { orderNumber = number })
            : Results.Conflict(new { error = $"the exchange refuses it: {ExchangeError.Describe(order.Segment, error)} ({error})" });
    }

    /// <summary>Reads the body; null from <paramref name="act"/> means that it is not what is expected.</summary>
    private static Func<HttpContext, Task<IResult>> Take<T>(string expected, Func<T, IResult?> act) => async http =>
    {
        try
        {
            var wish = await JsonSerializer.DeserializeAsync<T>(http.Request.Body, Strict, http.RequestAborted);
            return (wish is null ? null : act(wish)) ?? Results.BadRequest(new { error = $"expected {expected}" });
        }
        catch (JsonException problem)
        {
            return Results.BadRequest(new { error = $"expected {expected}; found something else at {problem.Path ?? "the start"}" });
        }
    };

    private static IResult Done(ExchangeFloor floor, Action<DrillDesk, DateTimeOffset> act)
    {
        floor.Drill(act);
        return Results.Ok();
    }

    private static bool TryMode(string? text, out LiquidityMode mode) => Enum.TryParse(text, ignoreCase: true, out mode) && Enum.IsDefined(mode);

    private static bool TrySegment(string? text, out Segment? segment)
    {
        segment = SegmentName.Parse(text);
        return text is null || segment is not null;
    }
}
