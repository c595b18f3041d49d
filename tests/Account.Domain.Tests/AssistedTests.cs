using System.Buffers;
using System.Text;
using Backup.Account.Domain.Journal;
using Backup.Account.Domain.Orders;
using Xunit;

namespace Backup.Account.Domain.Tests;

/// <summary>What the dealing desk asks for a client stands in the journal with the name and the recorded evidence, and in the state that a replay rebuilds.</summary>
public sealed class AssistedTests
{
    private const string Desk = "desk:asha";

    [Fact]
    public void An_exit_keeps_who_asked_for_it_and_by_which_call()
    {
        var book = Given.Holding(300).Do(Given.Exit(new ExitAmount.Units(75), "one") with { RequestedBy = Desk, Evidence = "CALL-1" });

        var plan = book.State.Plans["one"];
        Assert.Equal((Desk, "CALL-1"), (plan.RequestedBy, plan.Evidence));
        Assert.Equal(Desk, book.LastOrder.PlacedBy);
        Assert.Contains("\"requestedBy\":\"desk:asha\",\"evidence\":\"CALL-1\"", Written(book.Events[0]), StringComparison.Ordinal);
        Replayed(book);
    }

    [Fact]
    public void A_stop_of_an_exit_and_the_cancels_of_it_keep_theirs()
    {
        var book = Given.Holding(300).Do(Given.Exit(new ExitAmount.Units(75), "one")).Do(new AccountCommand.StopPlan("one", true, Desk, "CALL-2"));

        var plan = book.State.Plans["one"];
        Assert.Equal((Given.AccountId, null, Desk, "CALL-2"), (plan.RequestedBy, plan.Evidence, plan.StoppedBy, plan.StopEvidence));
        Assert.Equal(new AssistedChange(Desk, "CALL-2"), book.LastOrder.Assisted);
        Replayed(book);
    }

    [Fact]
    public void A_release_of_hedges_keeps_its_own()
    {
        var far = Given.Option with { Token = Given.Option.Token + 1, ExchangeToken = Given.Option.ExchangeToken + 1, TradingSymbol = "NIFTY-FAR" };
        var book = Given.Holding(new Positions.CarriedPosition(Given.Option, "NRML", -75, 10000), new Positions.CarriedPosition(far, "NRML", 75, 10000));
        var one = Given.Exit(new ExitAmount.Full(), "one");
        book.Do(one with { Lines = [one.Lines[0], one.Lines[0] with { Key = new PositionKey("NFO", far.Token, "NRML") }] });
        Assert.Single(book.State.Orders);

        book.Do(new AccountCommand.ReleaseHedges("one", Desk, "CALL-3"));

        Assert.Equal(2, book.State.Orders.Count);
        Assert.Equal((Desk, "CALL-3"), (book.State.Plans["one"].HedgesReleasedBy, book.State.Plans["one"].ReleaseEvidence));
        Replayed(book);
    }

    [Fact]
    public void An_order_tells_of_the_last_change_or_cancel_only_where_the_desk_asked_for_it()
    {
        var book = Given.Holding(300).Do(Given.Exit(new ExitAmount.Units(75)));
        var order = book.LastOrder.Id;

        book.Do(new AccountCommand.ModifyOrder(order, null, 10000, Desk, Evidence: "CALL-4"));
        Assert.Equal(new AssistedChange(Desk, "CALL-4"), book.LastOrder.Assisted);
        book.Do(new AccountCommand.ModifyOrder(order, null, 9995, Given.AccountId));
        Assert.Null(book.LastOrder.Assisted);
        book.Do(new AccountCommand.CancelOrder(order, Desk, Evidence: "MAIL-5"));
        Assert.Equal(new AssistedChange(Desk, "MAIL-5"), book.LastOrder.Assisted);
        Replayed(book);
    }

    /// <summary>The journal alone rebuilds it, as a journal is read.</summary>
    private static void Replayed(Book book)
    {
        var state = AccountDecider.Initial(Given.AccountId);
        foreach (var (at, recorded) in book.Stored.Select(stored => (stored.At, stored.Event)))
        {
            var buffer = new ArrayBufferWriter<byte>();
            var (type, version) = AccountEventCodec.Encode(recorded, buffer);
            state = AccountDecider.Evolve(state, AccountEventCodec.Decode(type, version, buffer.WrittenSpan)!, at);
        }

        Assert.Equal(Facts.Of(book.State), Facts.Of(state));
    }

    private static string Written(AccountEvent recorded)
    {
        var buffer = new ArrayBufferWriter<byte>();
        AccountEventCodec.Encode(recorded, buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
