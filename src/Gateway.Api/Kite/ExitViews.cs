using Backup.Account.Domain;
using Backup.Account.Domain.Market;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Plans;
using Backup.Account.Domain.Positions;
using Backup.Gateway.Api.Access;
using Backup.Gateway.Api.Live;
using Microsoft.AspNetCore.Http;

namespace Backup.Gateway.Api.Kite;

/// <summary>Exits as the API shows them, and requests as the account understands them.</summary>
internal sealed class ExitViews(PortfolioSources sources)
{
    /// <summary>The request as a command, with the prices as this gateway sees them now; or what is wrong with the request.</summary>
    internal (AccountCommand.StartPlan? Command, string? Wrong) Command(AccountState state, ExitRequest request, string exitId, Instruction asked)
    {
        var (plan, wrongOptions) = request.Options();
        var (chosen, wrongChoice) = request.Choose(state);
        return plan is null || chosen is null
            ? (null, wrongOptions ?? wrongChoice)
            : (new AccountCommand.StartPlan(exitId, [.. chosen.Select(one => Line(state, one.Key, one.Amount, one.LimitPaise))], plan, asked.By, asked.Evidence), null);
    }

    internal IResult Shown(AccountReply reply) => reply is AccountReply.PlanShown shown
        ? Data(shown.State, shown.Plan)
        : throw new InvalidOperationException($"an exit was answered with {reply.GetType().Name}");

    internal IResult All(AccountState state) => Envelope.Data(state.Plans.Values.OrderBy(plan => plan.AcceptedAt).Select(plan => View(state, plan)));

    internal IResult One(AccountState state, string exitId) => state.Plans.TryGetValue(exitId, out var plan)
        ? Data(state, plan)
        : Envelope.Refuse(StatusCodes.Status404NotFound, "OrderException", $"There is no exit {exitId} in this account.");

    internal IResult Data(AccountState state, Plan plan) => Envelope.Data(View(state, plan));

    /// <summary>What the exit would do now, line by line in send order, and nothing is done.</summary>
    internal IResult Preview(AccountState state, ExitRequest request)
    {
        var (command, wrong) = Command(state, request, "preview", new Instruction(state.AccountId, null));
        if (command is null)
        {
            return Envelope.InputError(wrong!);
        }

        var preview = ExitPreview.Of(state, command, sources.Clock.GetUtcNow(), sources.Rules);
        if (request.IsOne)
        {
            return preview.Lines[0].Refusal is { } refusal ? AccountDoor.Refuse(state.AccountId, refusal) : Envelope.Data(PreviewOne(state, preview, command));
        }

        return Envelope.Data(new PreviewOfMany(
            [.. preview.Lines.Select(line => PreviewLine(state, line))],
            PositionView.Rupees(preview.PremiumPaise),
            [.. preview.Warnings.Select(Warning)]));
    }

    private PreviewOfOne PreviewOne(AccountState state, ExitPreview preview, AccountCommand.StartPlan command)
    {
        var (line, quote) = (command.Lines[0], preview.Lines[0].Quote);
        return new PreviewOfOne(
            OrderView.SideOf(quote.Side),
            quote.Quantity,
            quote.Slices,
            PositionView.Rupees(quote.LimitPricePaise),
            line.Price is { } last ? PositionView.Rupees(last.Paise) : null,
            line.LimitPaise is null ? line.Protection.BasisPoints / 100m : null,
            sources.Options.Protection.Version,
            RangeOf(state.Positions[line.Key], line.Price),
            line.Price?.At,
            PositionView.Rupees(preview.PremiumPaise),
            [.. preview.Warnings.Select(Warning)]);
    }

    /// <summary>What the exchange would take now, for a client who sets his own limit; null where no rule binds him.</summary>
    private PriceSpan? RangeOf(Position position, PriceSeen? price)
    {
        var range = sources.Rules.Market.RangeOf(position.Contract, price?.Paise ?? 0, sources.Clock.GetUtcNow());
        return range.HighPaise == long.MaxValue
            ? null
            : new PriceSpan(PositionView.Rupees(range.LowPaise), PositionView.Rupees(range.HighPaise));
    }

    private static PreviewLine PreviewLine(AccountState state, ExitPreviewLine line) => new(
        Name(state, line.Request.Key),
        line.Refusal is null ? OrderView.SideOf(line.Quote.Side) : null,
        line.Quote.Quantity,
        line.Quote.Slices,
        line.Refusal is null ? PositionView.Rupees(line.Quote.LimitPricePaise) : null,
        line.IsHedge,
        line.Refusal is { } refusal ? new LineRefusal((int)refusal.Code, refusal.Code.ToString(), refusal.Message) : null);

    private static ExitWarning Warning(PlanWarning warning) => new(WarningNames.Of(warning), ExitPreview.Words(warning));

    private ExitView View(AccountState state, Plan plan) => View(state, plan, plan.Orders.Select(id => state.Orders[id]).ToLookup(order => order.Key));

    private ExitView View(AccountState state, Plan plan, ILookup<PositionKey, Order> orders) => new(
        plan.Id,
        plan.IsRunning ? plan.StoppedBy is null ? "running" : "stopping" : plan.StoppedBy is null ? "done" : "stopped",
        plan.Lines.Sum(line => line.Quantity),
        plan.AcceptedAt,
        plan.RequestedBy,
        plan.Evidence,
        AssistedView.Of(plan.StoppedBy, plan.StopEvidence),
        AssistedView.Of(plan.HedgesReleasedBy, plan.ReleaseEvidence),
        [.. plan.Lines.Select(line => LineView(state, plan, line, [.. orders[line.Key]]))],
        [.. plan.Refused.Select(refused => new RefusedLine(Name(state, refused.Key), (int)refused.Code, refused.Code.ToString(), refused.Message))],
        [.. plan.Orders.Select(id => OrderView.Of(state, state.Orders[id], sources.Links))]);

    private ExitLineView LineView(AccountState state, Plan plan, PlanLine line, Order[] orders)
    {
        var filled = orders.Sum(order => order.Filled);
        var working = orders.Sum(order => order.Leaves);
        return new ExitLineView(
            Name(state, line.Key),
            OrderView.SideOf(line.Side),
            line.Quantity,
            filled,
            working,
            plan.Unreleased(line),
            line.IsHedge,
            [.. line.WaitsFor.Where(id => !state.Orders[id].Status.IsFinal()).Select(id => id.In(state.AccountId))],
            Outcome(plan, line, filled, working, state),
            Reprice(state, plan, line, orders));
    }

    private static string Outcome(Plan plan, PlanLine line, long filled, long working, AccountState state)
    {
        var held = plan.Unreleased(line);
        var doing = (filled, working, held) switch
        {
            _ when filled >= line.Quantity => "Done.",
            _ when line.WaitsFor.Any(id => !state.Orders[id].Status.IsFinal()) => "Waits until the orders that hold this position are cancelled.",
            (_, _, > 0) when line.IsHedge => $"{held} units wait until the shorts that they cover are bought back.",
            (_, > 0, _) => $"{filled} of {line.Quantity} exited; the rest works at the exchange.",
            _ => $"{filled} of {line.Quantity} exited; nothing works any more.",
        };
        return line.Reduced is { } reduced ? $"{doing} {reduced}" : doing;
    }

    /// <summary>For what rests away from the market: the price that a person could change it to.</summary>
    private NewPrice? Reprice(AccountState state, Plan plan, PlanLine line, Order[] orders)
    {
        var resting = orders.FirstOrDefault(order => order is { Status: OrderStatus.Open, ModifyWanted: null, CancelWanted: false });
        if (resting is null || LivePrice(state.Positions[line.Key]) is not { } last)
        {
            return null;
        }

        var contract = state.Positions[line.Key].Contract;
        var range = sources.Rules.Market.RangeOf(contract, last.Paise, sources.Clock.GetUtcNow());
        var limit = ExitRules.LimitPrice(contract, line.Side, last.Paise, line.Protection, range);
        var isToward = line.Side == OrderSide.Sell ? limit < resting.LimitPricePaise : limit > resting.LimitPricePaise;
        return isToward && plan.IsRunning
            ? new NewPrice(resting.Id.In(state.AccountId), PositionView.Rupees(limit), PositionView.Rupees(last.Paise))
            : null;
    }

    /// <summary>One position of a request, with the price and the protection as this gateway sees them now.</summary>
    internal PlanLineRequest Line(AccountState state, PositionKey key, ExitAmount amount, long? limitPaise)
    {
        if (!state.Positions.TryGetValue(key, out var position))
        {
            return new PlanLineRequest(key, amount, null, new Protection(0, 0), limitPaise);
        }

        var price = LivePrice(position);
        var day = MarketRules.DayOf(sources.Clock.GetUtcNow());
        return new PlanLineRequest(key, amount, price, sources.Options.Protection.Of(position.Contract, price?.Paise ?? limitPaise ?? 0, day), limitPaise);
    }

    private PriceSeen? LivePrice(Position position) => sources.Prices.Live(position, sources.Clock.GetUtcNow(), sources.Options.PriceAgeMax);

    private static PositionName Name(AccountState state, PositionKey key) => state.Positions.TryGetValue(key, out var position)
        ? new PositionName(position.Contract.Exchange, position.Contract.TradingSymbol, key.Product)
        : ExitRequest.NameOf(key);
}
