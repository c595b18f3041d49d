using System.Globalization;
using System.Security.Claims;
using Backup.Account.Domain;
using Backup.Gateway.Api.Prices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Backup.Gateway.Api.Kite;

/// <summary>Positions, orders and cancels of the caller's own account; exits are in <see cref="ExitEndpoints"/>.</summary>
internal static class TradingEndpoints
{
    internal static void MapTrading(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/portfolio/positions", (ClaimsPrincipal user, TradingViews views, CancellationToken stop) =>
            views.ShowAsync(user, views.Positions, stop));
        routes.MapGet("/orders", (ClaimsPrincipal user, TradingViews views, CancellationToken stop) => views.ShowAsync(user, views.Orders, stop));
        routes.MapGet("/orders/{orderId}", (string orderId, ClaimsPrincipal user, TradingViews views, CancellationToken stop) =>
            views.ShowAsync(user, state => views.Order(state, orderId), stop));
        routes.MapGet("/orders/{orderId}/trades", (string orderId, ClaimsPrincipal user, TradingViews views, CancellationToken stop) =>
            views.ShowAsync(user, state => views.TradesOf(state, orderId), stop));
        routes.MapDelete("/orders/regular/{orderId}", CancelAsync);
        routes.MapPut("/orders/regular/{orderId}", ModifyAsync);
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

/// <summary>The account's state as the API shows it.</summary>
internal sealed class TradingViews(AccountDoor door, PriceBook prices, IExchangeLinks links, GatewayOptions options, TimeProvider clock)
{
    internal Task<IResult> ShowAsync(ClaimsPrincipal user, Func<AccountState, IResult> view, CancellationToken stop) =>
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
}
