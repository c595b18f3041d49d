using System.Text;
using Backup.Account.Domain.Orders;
using Xunit;

namespace Backup.Account.Domain.Tests;

/// <summary>
/// The life of an order as one table, asked of the rulebook itself: docs/order-life.md holds what it says, so the page is always true.
/// Run with ORDER_LIFE=write in the environment to write the page anew.
/// </summary>
public sealed class OrderLifeTableTests
{
    private const long Units = 150;

    private static readonly (string Name, Func<Book> Make)[] States =
    [
        ("Accepted", Accepted),
        ("Sent", Sent),
        ("Open", Open),
        ("Open: cancel wanted", () => WishCancel(Open())),
        ("Open: change wanted", () => WishChange(Open())),
        ("CancelSent", CancelSent),
        ("ModifySent", ModifySent),
        ("Unknown: entry", () => Lose(Sent())),
        ("Unknown: cancel", () => Lose(CancelSent())),
        ("Unknown: change", () => Lose(ModifySent())),
        ("Filled", () => Hear(Open(), OrderReportKind.Traded, Units)),
        ("Cancelled", () => Hear(Open(), OrderReportKind.Cancelled)),
        ("Rejected", () => Hear(Sent(), OrderReportKind.Rejected)),
        ("Open: waits for its trigger", Stop),
        ("Unknown: of the main site", Carried),
        ("Absent", () => Conclude(Lose(Sent()), hasHole: false)),
    ];

    private static readonly (string Name, Func<Book, Book> Happen)[] Messages =
    [
        ("client: cancel", WishCancel),
        ("client: change the price", WishChange),
        ("stage: may the order go?", book => book.Send(book.LastOrder.Id.Number, 2)),
        ("stage: may its cancel go?", book => book.Do(new AccountCommand.AuthorizeCancel(book.LastOrder.Id, 2))),
        ("stage: may its change go?", book => book.Do(new AccountCommand.AuthorizeModify(book.LastOrder.Id, 2))),
        ("exchange: confirmed", book => Hear(book, OrderReportKind.Confirmed)),
        ("exchange: rejected", book => Hear(book, OrderReportKind.Rejected)),
        ("exchange: refreshed", book => Hear(book, OrderReportKind.Refreshed)),
        ("exchange: triggered", book => Hear(book, OrderReportKind.Triggered)),
        ("exchange: traded a part", book => Hear(book, OrderReportKind.Traded, 75)),
        ("exchange: traded all", book => Hear(book, OrderReportKind.Traded, Units)),
        ("exchange: cancelled", book => Hear(book, OrderReportKind.Cancelled)),
        ("exchange: cancel refused", book => Hear(book, OrderReportKind.CancelRejected)),
        ("exchange: changed as asked", book => Hear(book, OrderReportKind.Modified)),
        ("exchange: change refused", book => Hear(book, OrderReportKind.ModifyRejected)),
        ("link: session lost", Lose),
        ("link: complete download without it", book => Conclude(book, hasHole: false)),
        ("link: download with a hole", book => Conclude(book, hasHole: true)),
        ("exchange: stream lost in an outage", book => book.Do(new AccountCommand.LoseStream(MarketSegment.Derivatives, 0, 9000, book.Now))),
        ("operator: lapse", book => book.Do(new AccountCommand.LapseOrder(book.LastOrder.Id, "operator Rao", "NSE-HD-17"))),
    ];

    [Fact]
    public void The_page_of_the_orders_life_says_what_the_rulebook_does()
    {
        var page = Page();
        var path = Path.Combine(Root(), "docs", "order-life.md");
        if (Environment.GetEnvironmentVariable("ORDER_LIFE") == "write")
        {
            File.WriteAllText(path, page);
        }

        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), page);
    }

    [Fact]
    public void Every_status_and_every_kind_of_report_has_its_place_in_the_table()
    {
        Assert.Equal(
            Enum.GetValues<OrderStatus>().Order(),
            States.Select(state => state.Make().LastOrder.Status).Distinct().Order());
        Assert.All(States, state => Assert.StartsWith(state.Make().LastOrder.Status.ToString(), state.Name, StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_that_is_final_comes_to_life_again() => Assert.All(
        from state in States
        from message in Messages
        let before = state.Make()
        where before.LastOrder.Status.IsFinal()
        select message.Happen(before).State.Orders.Values.First(),
        order => Assert.True(order.Status.IsFinal(), $"{order.Status}"));

    private static string Page()
    {
        var page = new StringBuilder();
        page.Append("# The life of an order\n\n");
        page.Append("What each message makes of an order in each status: the status afterwards, `=` where something is recorded and the status stays, ");
        page.Append("an empty cell where nothing is recorded, and the refusal where a person is told no. An order of 150 units, nothing of it traded before.\n\n");
        page.Append("Written by `OrderLifeTableTests` from the rulebook itself; that test fails when this page is not what it does. Write it anew with ");
        page.Append("`ORDER_LIFE=write ./test Account.Domain`.\n\n");
        page.Append("| message | ").AppendJoin(" | ", States.Select(state => state.Name)).Append(" |\n");
        page.Append("|---|").Append(string.Concat(States.Select(_ => "---|"))).Append('\n');
        foreach (var (name, happen) in Messages)
        {
            page.Append("| ").Append(name).Append(" | ").AppendJoin(" | ", States.Select(state => Cell(state.Make(), happen))).Append(" |\n");
        }

        return page.ToString();
    }

    private static string Cell(Book book, Func<Book, Book> happen)
    {
        var before = book.LastOrder;
        happen(book);
        var after = book.State.Orders[before.Id];
        return book.Reply is AccountReply.Refused refused ? $"refused: {refused.Refusal.Code}"
            : book.Events.IsEmpty ? ""
            : after.Status == before.Status ? "="
            : after.Status.ToString();
    }

    private static Book Accepted() => Given.Holding(Units).Do(Given.Exit(new ExitAmount.Full()));

    private static Book Sent() => Accepted() is var book ? book.Send(book.LastOrder.Id.Number) : book;

    private static Book Open() => Hear(Sent(), OrderReportKind.Confirmed);

    private static Book WishCancel(Book book) => book.Do(new AccountCommand.CancelOrder(book.LastOrder.Id, Given.AccountId));

    private static Book WishChange(Book book) => book.Do(new AccountCommand.ModifyOrder(book.LastOrder.Id, null, 10200, Given.AccountId));

    private static Book CancelSent() => WishCancel(Open()) is var book ? book.Do(new AccountCommand.AuthorizeCancel(book.LastOrder.Id, 1)) : book;

    private static Book ModifySent() => WishChange(Open()) is var book ? book.Do(new AccountCommand.AuthorizeModify(book.LastOrder.Id, 1)) : book;

    private static Book Stop() => Given.Holding(Units).Hear(Given.Report(
        OrderReportKind.Confirmed, 0, Given.Reference(500, 1, Units) with { TriggerPaise = 10150, IsStop = true }));

    private static Book Carried() => Given.Holding(Units).Do(new AccountCommand.CarryOrders(
        [new CarriedOrder(Given.Option, "NRML", OrderSide.Sell, Units, 10110, 0, 500, new OrderOrigin("regular", "main-1", null), "client")]));

    private static Book Lose(Book book) => book.Do(new AccountCommand.LoseSession(MarketSegment.Derivatives, 1));

    private static Book Conclude(Book book, bool hasHole) => book.Do(new AccountCommand.ConcludeRecovery(MarketSegment.Derivatives, 2, hasHole));

    /// <summary>The exchange says it now: later than all that it said before.</summary>
    private static Book Hear(Book book, OrderReportKind kind, long traded = 0)
    {
        var order = book.LastOrder;
        var place = 1000 + book.State.Version;
        var price = kind == OrderReportKind.Modified ? 10200 : order.LimitPricePaise;
        var reference = Given.Reference(kind == OrderReportKind.Rejected ? 0 : 500, place, Units, traded, price) with { StreamTime = place };
        return book.Hear(Given.Report(kind, order.Id.Number, reference) with
        {
            TradeNumber = traded > 0 ? place : 0,
            FillQuantity = traded,
            FillPricePaise = traded > 0 ? 11200 : 0,
            ErrorCode = kind is OrderReportKind.Rejected or OrderReportKind.CancelRejected or OrderReportKind.ModifyRejected ? 16388 : 0,
        });
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Backup.Actors.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("this test runs inside the repository");
    }
}
