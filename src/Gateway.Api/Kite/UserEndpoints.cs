using System.Security.Claims;
using Backup.Account.Domain;
using Backup.Account.Domain.Positions;
using Backup.Gateway.Api.Access;
using Backup.Gateway.Api.Description;
using Backup.Gateway.Api.Login;
using Backup.Gateway.Api.Login.Staff;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Backup.Gateway.Api.Kite;

/// <summary>Who the caller is, and what he holds in the depository.</summary>
internal static class UserEndpoints
{
    internal static void MapUser(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/user/profile", Profile).About(Reach.Profile).Describe(EndpointTexts.Profile);
        routes.MapGet("/user/margins", NoMargins).About(Reach.Reading).Describe(EndpointTexts.Margins);
        routes.MapGet("/user/margins/{segment}", NoMargins).About(Reach.Reading).Describe(EndpointTexts.MarginsOf);
        routes.MapGet("/portfolio/holdings", (ClaimsPrincipal user, TradingViews views, CancellationToken stop) => views.ShowAsync(user, views.Holdings, stop))
            .About(Reach.Reading).Describe(EndpointTexts.Holdings);
    }

    private static IResult Profile(ClaimsPrincipal user, IClientDirectory clients, InstrumentDump dump) => AccountDoor.FindClient(user) is not { } id
        ? Envelope.Data(UserProfile.OfStaff(user))
        : clients.Find(id) is { } client
            ? Envelope.Data(UserProfile.Of(client, dump.Exchanges))
            : Envelope.Refuse(StatusCodes.Status403Forbidden, "UserException", "This client is not known here any more.");

    /// <summary>A number here would be a guess, and somebody would trade on it.</summary>
    private static IResult NoMargins() => Envelope.Refuse(
        StatusCodes.Status502BadGateway, "DataException",
        "The backup does not know your funds and margins: the main site keeps them. Exits are not checked against them; the exchange may refuse one for margin.");
}

/// <summary>A client, or one of the broker's people, with Kite's fields.</summary>
/// <param name="UserType">individual for a client; else the role.</param>
/// <param name="UserShortname">The first word of the name.</param>
/// <param name="Exchanges">Of the day's instrument master.</param>
/// <param name="Products">What positions here may have.</param>
/// <param name="OrderTypes">What an exit may be.</param>
public sealed record UserProfile(
    string UserId,
    string UserType,
    string Email,
    string UserName,
    string UserShortname,
    string Broker,
    IReadOnlyCollection<string> Exchanges,
    IReadOnlyCollection<string> Products,
    IReadOnlyCollection<string> OrderTypes)
{
    internal static UserProfile Of(GatewayClient client, IReadOnlyCollection<string> exchanges) => new(
        client.Id, "individual", client.Email, client.Name, client.Name.Split(' ')[0], "BACKUP", exchanges, ["CNC", "NRML", "MIS", "MTF"], ["MARKET", "LIMIT"]);

    /// <summary>He trades nothing of his own here.</summary>
    internal static UserProfile OfStaff(ClaimsPrincipal user)
    {
        var name = StaffDirectory.NameIn(TokenAuthentication.SubjectOf(user))!;
        return new UserProfile(name, user.FindFirstValue(ClaimTypes.Role)!, "", name, name, "BACKUP", [], [], []);
    }
}

/// <summary>A share that is held for delivery, with Kite's fields, then the source and age of its price.</summary>
/// <param name="Quantity">Units in the depository that are still held.</param>
/// <param name="T1Quantity">Units bought and not credited yet.</param>
/// <param name="UsedQuantity">Units sold today.</param>
/// <param name="OpeningQuantity">Units at the day's start.</param>
/// <param name="AveragePrice">Rupees.</param>
/// <param name="DayChange">Rupees a unit since the previous close.</param>
public sealed record HoldingView(
    string Tradingsymbol,
    string Exchange,
    long InstrumentToken,
    string Product,
    long Quantity,
    long T1Quantity,
    long UsedQuantity,
    long OpeningQuantity,
    decimal AveragePrice,
    decimal LastPrice,
    decimal ClosePrice,
    decimal Pnl,
    decimal DayChange,
    decimal DayChangePercentage,
    DateTimeOffset AsOf,
    string Source,
    long AgeMs)
{
    /// <summary>Carried in for delivery: bought on days before and not sold since.</summary>
    internal static bool IsHolding(Position position) =>
        position is { Key.Product: "CNC", Contract.Segment: MarketSegment.Cash, OvernightQuantity: > 0 };

    internal static HoldingView Of(Position position, ShownPrice price)
    {
        var sold = Math.Min(position.DaySellQuantity, position.OvernightQuantity);
        var t1 = Math.Min(position.Lock?.T1Quantity ?? 0, position.OvernightQuantity - sold);
        var close = position.Contract.ClosePaise;
        return new HoldingView(
            position.Contract.TradingSymbol,
            position.Contract.Exchange,
            position.Contract.Token,
            position.Key.Product,
            position.OvernightQuantity - sold - t1,
            t1,
            sold,
            position.OvernightQuantity,
            PositionView.Rupees(position.OvernightPricePaise),
            PositionView.Rupees(price.Paise),
            PositionView.Rupees(close),
            PositionView.Rupees((price.Paise - position.OvernightPricePaise) * (position.OvernightQuantity - sold)),
            close == 0 ? 0 : PositionView.Rupees(price.Paise - close),
            close == 0 ? 0 : Math.Round((price.Paise - close) * 100m / close, 2, MidpointRounding.AwayFromZero),
            price.At,
            price.Source,
            price.AgeMs);
    }
}
