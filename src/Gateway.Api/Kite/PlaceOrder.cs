using System.Collections.Immutable;
using System.Security.Claims;
using Backup.Account.Domain;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Plans;
using Backup.Gateway.Api.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Backup.Gateway.Api.Kite;

/// <summary>
/// Kite's way to place an order, for clients that know no other: an order that exits is an exit of one position; everything else is
/// refused with the facts (rulebook 1.2).
/// </summary>
internal static class PlaceOrder
{
    /// <summary>Fields that have one value here.</summary>
    private static readonly Dictionary<string, string> Fixed = new(StringComparer.Ordinal)
    {
        ["validity"] = "DAY",
        ["disclosed_quantity"] = "0",
        ["trigger_price"] = "0",
        ["iceberg_legs"] = "0",
        ["auction_number"] = "",
    };

    private sealed record Wanted(string Exchange, string Tradingsymbol, string Product, OrderSide Side, long Quantity, long? LimitPaise, ImmutableArray<PlanWarning> Confirmed);

    internal static async Task<IResult> PlaceAsync(
        string variety, HttpRequest request, [FromHeader(Name = "Idempotency-Key")] string? key, ClaimsPrincipal user, ExitViews exits, AccountDoor door,
        CancellationToken stop)
    {
        if (variety != "regular")
        {
            return Refuse(user, new Refusal(RefusalCode.EntryNotAllowed, $"Orders of variety {variety} belong to the main site. Here positions can be exited and orders cancelled."));
        }

        var fields = await FormFields.ReadAsync(request, stop);
        var (wanted, wrong) = fields is null ? (null, "body: expected Kite's fields of an order, as a form or a JSON object.") : Read(fields);
        if (wanted is null)
        {
            return Envelope.InputError(wrong!);
        }

        var id = key ?? Guid.NewGuid().ToString("N");
        if (ExitEndpoints.WrongKey(id) is { } wrongKey)
        {
            return wrongKey;
        }

        var asked = Instruction.Of(user);
        return await door.AskAsync(user, new AccountCommand.Show(), async reply =>
        {
            var state = ((AccountReply.Shown)reply).State;
            var line = exits.Line(
                state, ExitRequest.KeyOf(state, new ExitPosition(wanted.Exchange, wanted.Tradingsymbol, wanted.Product, null)),
                new ExitAmount.Units(wanted.Quantity), wanted.LimitPaise) with
            {
                Side = wanted.Side,
            };
            return await door.AskAsync(
                user, new AccountCommand.StartPlan(id, [line], PlanOptions.Plain with { Confirmed = wanted.Confirmed }, asked.By, asked.Evidence), placed => First(state.AccountId, placed), stop);
        }, stop);
    }

    /// <summary>Kite's conversion of a position to another product.</summary>
    internal static async Task<IResult> ConvertAsync(HttpRequest request, ClaimsPrincipal user, AccountDoor door, CancellationToken stop)
    {
        var fields = await FormFields.ReadAsync(request, stop) ?? new Dictionary<string, string>(StringComparer.Ordinal);
        var named = new ExitPosition(fields.GetValueOrDefault("exchange"), fields.GetValueOrDefault("tradingsymbol"), fields.GetValueOrDefault("old_product"), null);
        return await door.AskAsync(user, new AccountCommand.Show(), reply =>
        {
            var state = ((AccountReply.Shown)reply).State;
            return Refuse(user, ExitRules.ProductChange(state, ExitRequest.KeyOf(state, named)));
        }, stop);
    }

    private static IResult Refuse(ClaimsPrincipal user, Refusal refusal) => AccountDoor.Refuse(AccountDoor.ClientOf(user), refusal);

    private static IResult First(string account, AccountReply reply)
    {
        var plan = ((AccountReply.PlanShown)reply).Plan;
        return Envelope.Data(new PlacedExit(plan.Orders[0].In(account), plan.Id, [.. plan.Orders.Select(order => order.In(account))]));
    }

    private static (Wanted? Wanted, string? Wrong) Read(IReadOnlyDictionary<string, string> fields)
    {
        foreach (var (name, only) in Fixed)
        {
            if (fields.TryGetValue(name, out var text) && !text.Equals(only, StringComparison.OrdinalIgnoreCase))
            {
                return (null, $"{name}: expected {(only.Length == 0 ? "nothing" : only)}, found \"{text}\".");
            }
        }

        // Ours: a warning that was read, by the name that the refusal gave; several with commas.
        var names = (fields.GetValueOrDefault("confirm") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (WarningNames.ReadConfirmed(names, out var confirmed) is { } wrongName)
        {
            return (null, wrongName);
        }

        var type = fields.GetValueOrDefault("order_type") ?? "";
        OrderSide? side = fields.GetValueOrDefault("transaction_type") switch { "BUY" => OrderSide.Buy, "SELL" => OrderSide.Sell, _ => null };
        var wrong = FormFields.Whole(fields, "quantity", out var quantity);
        var wrongPrice = FormFields.Rupees(fields, "price", out var price);
        return (wrong ?? wrongPrice) is { } found ? (null, found)
            : side is null ? (null, $"transaction_type: expected BUY or SELL, found \"{fields.GetValueOrDefault("transaction_type")}\".")
            : quantity is null ? (null, "quantity: expected a whole number of units, found none.")
            : type is not ("MARKET" or "LIMIT") ? (null, $"order_type: expected MARKET (sent as a protected limit) or LIMIT, found \"{type}\".")
            : type == "LIMIT" && price is null ? (null, "price: expected one with order_type LIMIT, found none.")
            : (new Wanted(
                fields.GetValueOrDefault("exchange") ?? "", fields.GetValueOrDefault("tradingsymbol") ?? "", fields.GetValueOrDefault("product") ?? "",
                side.Value, quantity.Value, type == "LIMIT" ? price : null, confirmed), null);
    }
}
