using System.Globalization;
using System.Security.Claims;
using Backup.Account.Domain;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Positions;
using Backup.Gateway.Api.Prices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Backup.Gateway.Api.Kite;

/// <summary>Positions, orders, exits and cancels of the caller's own account.</summary>
internal static class TradingEndpoints
{
    private const int ExitIdLengthMax = 64;

    internal static void MapTrading(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/portfolio/positions", (ClaimsPrincipal user, TradingViews views, CancellationToken stop) =>
            views.ShowAsync(user, views.Positions, stop));
        routes.MapGet("/orders", (ClaimsPrincipal user, TradingViews views, CancellationToken stop) => views.ShowAsync(user, views.Orders, stop));
        routes.MapGet("/orders/{orderId}", (string orderId, ClaimsPrincipal user, TradingViews views, CancellationToken stop) =>
            views.ShowAsync(user, state => views.Order(state, orderId), stop));
        routes.MapGet("/orders/{orderId}/trades", (string orderId, ClaimsPrincipal user, TradingViews views, CancellationToken stop) =>
            views.ShowAsync(user, state => views.TradesOf(state, orderId), stop));
        routes.MapPost("/exits", PlaceExitAsync);
        routes.MapPost("/exits/preview", (ExitRequest request, ClaimsPrincipal user, TradingViews views, CancellationToken stop) =>
            views.ShowAsync(user, state => views.Preview(state, request), stop));
        routes.MapGet("/exits/{exitId}", (string exitId, ClaimsPrincipal user, TradingViews views, CancellationToken stop) =>
            views.ShowAsync(user, state => views.ExitOf(state, exitId), stop));
        routes.MapDelete("/orders/regular/{orderId}", CancelAsync);
        routes.MapPut("/orders/regular/{orderId}", ModifyAsync);
    }

    private static async Task<IResult> PlaceExitAsync(
        ExitRequest request, [FromHeader(Name = "Idempotency-Key")] string? key, ClaimsPrincipal user, TradingViews views, AccountDoor door,
        CancellationToken stop)
    {
        if (key is null || key.Length is 0 or > ExitIdLengthMax || key.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')))
        {
            return Envelope.InputError(
                $"Idempotency-Key: expected a header of 1 to {ExitIdLengthMax} letters, digits, - or _ that is new for each exit; found {(key is null ? "none" : "something else")}.");
        }

        return await views.ShowAsync(user, async state =>
        {
            var (command, wrong) = views.Command(state, request, key);
            return command is null ? wrong! : await door.AskAsync(user, command, views.ExitPlaced, stop);
        }, stop);
    }

    private static async Task<IResult> CancelAsync(string orderId, ClaimsPrincipal user, AccountDoor door, CancellationToken stop)
    {
        var client = AccountDoor.ClientOf(user);
        if (!ClientOrderId.TryParse(client, orderId, out var order))
        {
            return Envelope.Refuse(StatusCodes.Status404NotFound, "OrderException", $"There is no order {orderId} in this account.");
        }

        return await door.AskAsync(
            user, new AccountCommand.CancelOrder(order, client), _ => Envelope.Data(new { OrderId = orderId }), stop);
    }

    /// <summary>Kite's form or JSON: quantity and price, each optional. Type, validity and product of an order do not change here.</summary>
    private static async Task<IResult> ModifyAsync(string orderId, HttpRequest request, ClaimsPrincipal user, AccountDoor door, CancellationToken stop)
    {
        var client = AccountDoor.ClientOf(user);
        if (!ClientOrderId.TryParse(client, orderId, out var order))
        {
            return Envelope.Refuse(StatusCodes.Status404NotFound, "OrderException", $"There is no order {orderId} in this account.");
        }

        var (change, wrong) = await OrderChange.ReadAsync(request, stop);
        return change is null
            ? Envelope.InputError(wrong!)
            : await door.AskAsync(
                user,
                new AccountCommand.ModifyOrder(order, change.Quantity, change.PricePaise, client),
                _ => Envelope.Data(new { OrderId = orderId }),
                stop);
    }
}

/// <summary>The body of POST /exits.</summary>
/// <param name="Mode">full, quantity or percent.</param>
public sealed record ExitRequest(string? Exchange, string? Tradingsymbol, string? Product, string? Mode, long? Quantity, int? Percent);

/// <summary>The account's state as the API shows it.</summary>
internal sealed class TradingViews(AccountDoor door, PriceBook prices, IExchangeLinks links, GatewayOptions options, TimeProvider clock)
{
    internal Task<IResult> ShowAsync(ClaimsPrincipal user, Func<AccountState, IResult> view, CancellationToken stop) =>
        door.AskAsync(user, new AccountCommand.Show(), reply => view(((AccountReply.Shown)reply).State), stop);

    internal Task<IResult> ShowAsync(ClaimsPrincipal user, Func<AccountState, Task<IResult>> view, CancellationToken stop) =>
        door.AskAsync(user, new AccountCommand.Show(), reply => view(((AccountReply.Shown)reply).State), stop);

    internal IResult Positions(AccountState state)
    {
        var now = clock.GetUtcNow();
        return Envelope.Data(new
        {
            Net = state.Positions.Values.Select(position => PositionView.Of(state, position, prices, options.PriceAgeMax, now)),
            Day = state.Positions.Values
                .Where(position => position.DayBuyQuantity + position.DaySellQuantity > 0)
                .Select(position => PositionView.Of(
                    state, position with { OvernightQuantity = 0, OvernightPricePaise = 0 }, prices, options.PriceAgeMax, now)),
        });
    }

    internal IResult Orders(AccountState state) => Envelope.Data(state.Orders.Values.Select(order => OrderView.Of(state, order, links)));

    internal IResult Order(AccountState state, string orderId) =>
        ClientOrderId.TryParse(state.AccountId, orderId, out var id) && state.Orders.TryGetValue(id, out var order)
            ? Envelope.Data(OrderView.Of(state, order, links))
            : Envelope.Refuse(StatusCodes.Status404NotFound, "OrderException", $"There is no order {orderId} in this account.");

    /// <summary>Every execution of one order, oldest first, with Kite's fields.</summary>
    internal IResult TradesOf(AccountState state, string orderId)
    {
        if (!ClientOrderId.TryParse(state.AccountId, orderId, out var id) || !state.Orders.TryGetValue(id, out var order))
        {
            return Envelope.Refuse(StatusCodes.Status404NotFound, "OrderException", $"There is no order {orderId} in this account.");
        }

        var contract = state.Positions[order.Key].Contract;
        return Envelope.Data(order.Trades.Select(trade => new
        {
            TradeId = trade.Key.TradeNumber.ToString(CultureInfo.InvariantCulture),
            OrderId = orderId,
            ExchangeOrderId = trade.Key.ExchangeOrderNumber.ToString(CultureInfo.InvariantCulture),
            contract.Exchange,
            Tradingsymbol = contract.TradingSymbol,
            InstrumentToken = contract.Token,
            order.Key.Product,
            TransactionType = order.Side == OrderSide.Buy ? "BUY" : "SELL",
            AveragePrice = PositionView.Rupees(trade.PricePaise),
            trade.Quantity,
            FillTimestamp = IndiaTime.Kite(trade.RecordedAt),
        }));
    }

    internal IResult ExitOf(AccountState state, string exitId) => state.Exits.TryGetValue(exitId, out var exit)
        ? ExitData(state, exit)
        : Envelope.Refuse(StatusCodes.Status404NotFound, "OrderException", $"There is no exit {exitId} in this account.");

    internal IResult ExitPlaced(AccountReply reply) => reply is AccountReply.ExitPlaced placed
        ? ExitData(placed.State, placed.Exit)
        : throw new InvalidOperationException($"an exit was answered with {reply.GetType().Name}");

    internal IResult Preview(AccountState state, ExitRequest request)
    {
        var (command, wrong) = Command(state, request, "preview");
        if (command is null)
        {
            return wrong!;
        }

        var plan = ExitRules.Plan(state, command.Key, command.Amount, command.Price, command.Protection);
        return plan.Refusal is { } refusal
            ? AccountDoor.Refuse(state.AccountId, refusal)
            : Envelope.Data(new
            {
                Side = plan.Side == OrderSide.Buy ? "BUY" : "SELL",
                plan.Quantity,
                Slices = plan.Slices,
                Price = PositionView.Rupees(plan.LimitPricePaise),
                LastPrice = PositionView.Rupees(command.Price!.Paise),
                ProtectionPercent = command.Protection.BasisPoints / 100m,
                AsOf = command.Price.At,
            });
    }

    /// <summary>The request as a command, with the price as this gateway sees it now; or what is wrong with the request.</summary>
    internal (AccountCommand.PlaceExit? Command, IResult? Wrong) Command(AccountState state, ExitRequest request, string exitId)
    {
        var position = state.Positions.Values.FirstOrDefault(held =>
            held.Contract.Exchange == request.Exchange && held.Contract.TradingSymbol == request.Tradingsymbol && held.Key.Product == request.Product);
        if (position is null)
        {
            return (null, AccountDoor.Refuse(state.AccountId, new Refusal(
                RefusalCode.NoSuchPosition,
                $"This account has no position in {request.Exchange}:{request.Tradingsymbol} {request.Product}. Only what is held can be exited here.")));
        }

        ExitAmount? amount = request switch
        {
            { Mode: "full", Quantity: null, Percent: null } => new ExitAmount.Full(),
            { Mode: "quantity", Quantity: { } units, Percent: null } => new ExitAmount.Units(units),
            { Mode: "percent", Quantity: null, Percent: { } percent } => new ExitAmount.Percent(percent),
            _ => null,
        };
        return amount is null
            ? (null, Envelope.InputError("mode: expected \"full\", or \"quantity\" with quantity, or \"percent\" with percent (and nothing else)."))
            : (new AccountCommand.PlaceExit(
                exitId, position.Key, amount, LivePrice(position), options.Protection.Of(position.Contract.Kind), state.AccountId), null);
    }

    private PriceSeen? LivePrice(Position position) =>
        prices.Find(position.Contract) is { } last && clock.GetUtcNow() - last.At <= options.PriceAgeMax
            ? new PriceSeen(last.Paise, last.At, last.Source)
            : null;

    private IResult ExitData(AccountState state, Exit exit) => Envelope.Data(new
    {
        ExitId = exit.Id,
        exit.Quantity,
        Orders = exit.Orders.Select(id => OrderView.Of(state, state.Orders[id], links)),
    });
}
