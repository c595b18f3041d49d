using System.Globalization;
using System.Security.Claims;
using Backup.Account.Domain;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Plans;
using Backup.Gateway.Api.Access;
using Backup.Gateway.Api.Description;
using Backup.Gateway.Api.Live;
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
            views.ShowAsync(user, views.Positions, stop)).About(Reach.Reading).Describe(EndpointTexts.Positions);
        routes.MapGet("/orders", (ClaimsPrincipal user, TradingViews views, CancellationToken stop) => views.ShowAsync(user, views.Orders, stop))
            .About(Reach.Reading).Describe(EndpointTexts.Orders);
        routes.MapGet("/orders/{orderId}", (string orderId, ClaimsPrincipal user, TradingViews views, CancellationToken stop) =>
            views.ShowAsync(user, state => views.Order(state, orderId), stop)).About(Reach.Reading).Describe(EndpointTexts.Order);
        routes.MapGet("/trades", (ClaimsPrincipal user, TradingViews views, CancellationToken stop) => views.ShowAsync(user, views.Trades, stop))
            .About(Reach.Reading).Describe(EndpointTexts.AllTrades);
        routes.MapGet("/orders/{orderId}/trades", (string orderId, ClaimsPrincipal user, TradingViews views, CancellationToken stop) =>
            views.ShowAsync(user, state => views.TradesOf(state, orderId), stop)).About(Reach.Reading).Describe(EndpointTexts.Trades);
        routes.MapPost("/orders/{variety}", PlaceOrder.PlaceAsync).About(Reach.Changing).Describe(EndpointTexts.Place);
        routes.MapDelete("/orders/{variety}/{orderId}", CancelAsync).About(Reach.Changing).Describe(EndpointTexts.Cancel);
        routes.MapPut("/orders/{variety}/{orderId}", ModifyAsync).About(Reach.Changing).Describe(EndpointTexts.Modify);
        routes.MapPut("/portfolio/positions", PlaceOrder.ConvertAsync).About(Reach.Changing).Describe(EndpointTexts.Convert);
    }

    /// <param name="confirm">leaves_unprotected, where a refusal asked for it.</param>
    private static async Task<IResult> CancelAsync(string orderId, string? confirm, ClaimsPrincipal user, AccountDoor door, CancellationToken stop)
    {
        var client = AccountDoor.ClientOf(user);
        if (!ClientOrderId.TryParse(client, orderId, out var order))
        {
            return Envelope.NoSuchOrder(orderId);
        }

        if (confirm is not null && WarningNames.Find(confirm) != PlanWarning.LeavesUnprotected)
        {
            return Envelope.InputError($"confirm: expected {WarningNames.Of(PlanWarning.LeavesUnprotected)}; found \"{confirm}\".");
        }

        var asked = Instruction.Of(user);
        return await door.AskAsync(
            user, new AccountCommand.CancelOrder(order, asked.By, Confirmed: confirm is not null, asked.Evidence), _ => Envelope.Data(new OrderNamed(orderId)), stop);
    }

    /// <summary>Kite's form or JSON: quantity, price and a stop's trigger, each optional. Type, validity and product of an order do not change here.</summary>
    private static async Task<IResult> ModifyAsync(
        string orderId, HttpRequest request, ClaimsPrincipal user, AccountDoor door, PortfolioSources sources, CancellationToken stop)
    {
        var client = AccountDoor.ClientOf(user);
        if (!ClientOrderId.TryParse(client, orderId, out var order))
        {
            return Envelope.NoSuchOrder(orderId);
        }

        var (change, wrong) = await OrderChange.ReadAsync(request, stop);
        if (change is null)
        {
            return Envelope.InputError(wrong!);
        }

        var asked = Instruction.Of(user);
        return await door.AskAsync(user, new AccountCommand.Show(), async reply =>
        {
            var last = LastPaise(((AccountReply.Shown)reply).State, order, sources);
            return await door.AskAsync(
                user,
                new AccountCommand.ModifyOrder(order, change.Quantity, change.PricePaise, asked.By, change.TriggerPaise, last, asked.Evidence),
                _ => Envelope.Data(new OrderNamed(orderId)),
                stop);
        }, stop);
    }

    /// <summary>The live price of the order's instrument; 0 when none is known.</summary>
    private static long LastPaise(AccountState state, ClientOrderId order, PortfolioSources sources) =>
        state.Orders.TryGetValue(order, out var known)
            ? sources.Prices.Live(state.Positions[known.Key], sources.Clock.GetUtcNow(), sources.Options.PriceAgeMax)?.Paise ?? 0
            : 0;
}

/// <summary>The account's state as the API shows it.</summary>
internal sealed class TradingViews(AccountDoor door, PortfolioSources sources)
{
    internal Task<IResult> ShowAsync(ClaimsPrincipal user, Func<AccountState, IResult> view, CancellationToken stop) =>
        door.AskAsync(user, new AccountCommand.Show(), reply => view(((AccountReply.Shown)reply).State), stop);

    internal IResult Positions(AccountState state)
    {
        var now = sources.Clock.GetUtcNow();
        return Envelope.Data(new PositionsView(
            [.. state.Positions.Values.Where(position => !position.IsPlaceOnly).Select(position => PositionView.Of(state, position, sources, now))],
            [
                .. state.Positions.Values
                    .Where(position => position.DayBuyQuantity + position.DaySellQuantity > 0)
                    .Select(position => PositionView.Of(
                        state, position with { OvernightQuantity = 0, OvernightPricePaise = 0, Lock = null }, sources, now)),
            ]));
    }

    internal IResult Orders(AccountState state) => Envelope.Data(state.Orders.Values.Select(order => OrderView.Of(state, order, sources.Links)));

    internal IResult Order(AccountState state, string orderId) =>
        ClientOrderId.TryParse(state.AccountId, orderId, out var id) && state.Orders.TryGetValue(id, out var order)
            ? Envelope.Data(OrderView.HistoryOf(state, order, sources.Links))
            : Envelope.NoSuchOrder(orderId);

    internal IResult Holdings(AccountState state)
    {
        var now = sources.Clock.GetUtcNow();
        return Envelope.Data(state.Positions.Values
            .Where(HoldingView.IsHolding)
            .Select(position => HoldingView.Of(position, ShownPrice.Of(state, position, sources.Prices, sources.Options.PriceAgeMax, now))));
    }

    /// <summary>Every execution of the day, oldest first.</summary>
    internal IResult Trades(AccountState state) => Envelope.Data(state.Orders.Values
        .SelectMany(order => order.Trades.Select(trade => (order, trade)))
        .OrderBy(one => one.trade.RecordedAt)
        .Select(one => ExecutionOf(state, one.order, one.trade)));

    /// <summary>Every execution of one order, oldest first, with Kite's fields.</summary>
    internal IResult TradesOf(AccountState state, string orderId)
    {
        if (!ClientOrderId.TryParse(state.AccountId, orderId, out var id) || !state.Orders.TryGetValue(id, out var order))
        {
            return Envelope.NoSuchOrder(orderId);
        }

        return Envelope.Data(order.Trades.Select(trade => ExecutionOf(state, order, trade)));
    }

    private static Execution ExecutionOf(AccountState state, Order order, Trade trade)
    {
        var contract = state.Positions[order.Key].Contract;
        return new Execution(
            trade.Key.TradeNumber.ToString(CultureInfo.InvariantCulture),
            order.Id.In(state.AccountId),
            trade.Key.ExchangeOrderNumber.ToString(CultureInfo.InvariantCulture),
            contract.Exchange,
            contract.TradingSymbol,
            contract.Token,
            order.Key.Product,
            OrderView.SideOf(order.Side),
            PositionView.Rupees(trade.PricePaise),
            trade.Quantity,
            IndiaTime.Kite(trade.RecordedAt));
    }
}
