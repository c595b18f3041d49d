using System.Collections.Concurrent;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Tap.Stream.Tests;

public sealed class OrderFlowTests : SessionFixture
{
    [Fact]
    public async Task No_sliding_second_on_the_wire_holds_more_than_the_contracted_messages()
    {
        var (session, peer) = await OpenAsync(options => options with { MessagesPerSecond = 10 });
        for (var n = 0; n < 60; n++)
        {
            session.Offer(Ticket($"ACC{n % 7}", $"order-{n}"));
        }

        var sentAt = new List<DateTimeOffset>();
        for (var n = 0; n < 60; n++)
        {
            await Clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.OrderEntry));
            sentAt.Add(session.Status.LastSentAt!.Value);
            Assert.InRange(session.Status.SentInLastSecond, 0, 10);
        }

        Assert.True(sentAt[^1] - sentAt[0] >= TimeSpan.FromSeconds(5));
        Assert.Equal(60, Desk.Authorized.Count);
    }

    [Fact]
    public async Task A_cancel_offered_later_leaves_before_the_exits_that_wait()
    {
        var (session, peer) = await OpenAsync(options => options with { MessagesPerSecond = 8 });
        Desk.Answer = ticket => ticket.Priority == TapPriority.Cancel ? Cancel(ticket) : new TapRequest.Enter(RecordingDesk.Order(ticket.Account, Cm));
        session.Pause();
        session.Offer(Ticket("A", "1"));
        session.Offer(Ticket("A", "2"));
        session.Offer(Ticket("B", "3", TapPriority.Cancel));
        Assert.Equal((2, 3, 1), (session.PlaceInQueue("1"), session.PlaceInQueue("2"), session.PlaceInQueue("3")));
        session.Resume();
        var first = await Clock.RunUntilAsync(peer.ReadAsync());
        Assert.Equal(TransactionCode.OrderCancel, MessageHeader.TransactionCode.Read(first));
        Assert.Equal(1100000000000007, CmOrderChange.OrderNumber.Read(first));
        Assert.Equal(555, CmOrderChange.LastActivityReference.Read(first));
        await Clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.OrderEntry));
    }

    [Fact]
    public async Task An_account_with_many_orders_does_not_keep_another_waiting()
    {
        var (session, peer) = await OpenAsync();
        session.Pause();
        for (var n = 0; n < 10; n++)
        {
            session.Offer(Ticket("BIG", $"big-{n}"));
        }

        session.Offer(Ticket("SMALL", "small"));
        Assert.Equal(2, session.PlaceInQueue("small"));
        session.Resume();
        await Clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.OrderEntry));
        Assert.Equal("SMALL", CmOrderEntry.AccountNumber.Read(await Clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.OrderEntry))));
    }

    [Fact]
    public async Task A_ticket_is_queued_once_and_a_full_inbox_says_so_and_announces_room()
    {
        var (session, peer) = await OpenAsync(options => options with { WaitingLimit = 4 });
        session.Pause();
        Assert.Equal(TicketResult.Queued, session.Offer(Ticket("A", "1")));
        Assert.Equal(TicketResult.AlreadyQueued, session.Offer(Ticket("A", "1")));
        Assert.Equal(TicketResult.Queued, session.Offer(Ticket("A", "1", TapPriority.Cancel)));
        Assert.Equal(TicketResult.Queued, session.Offer(Ticket("A", "2")));
        Assert.Equal(TicketResult.Queued, session.Offer(Ticket("A", "3")));
        Assert.Equal(TicketResult.Full, session.Offer(Ticket("A", "4")));
        session.Resume();
        await Clock.RunUntilAsync(peer.ReadAsync());
        Assert.Equal("room", await Clock.RunUntilAsync(Desk.NextAsync()));
        Assert.Equal(0, session.PlaceInQueue("1"));
    }

    [Fact]
    public async Task A_ticket_that_is_not_authorised_sends_nothing_and_costs_no_permit()
    {
        var (session, peer) = await OpenAsync(options => options with { MessagesPerSecond = 8 });
        Desk.Answer = ticket => ticket.Key == "no" ? null : new TapRequest.Enter(RecordingDesk.Order(ticket.Account, Cm));
        await AfterQuietAsync();
        for (var n = 0; n < 8; n++)
        {
            session.Offer(Ticket("A", "no") with { Key = "no" });
            await Clock.RunUntilAsync(UntilAsync(() => Desk.Authorized.Count > n));
        }

        session.Offer(Ticket("B", "yes"));
        var order = await peer.ExpectAsync(TransactionCode.OrderEntry);
        Assert.Equal("B", CmOrderEntry.AccountNumber.Read(order));
    }

    [Fact]
    public async Task Orders_of_one_account_leave_in_order_even_when_their_authorisations_end_in_another()
    {
        var (session, peer) = await OpenAsync();
        var gates = new ConcurrentDictionary<string, TaskCompletionSource>();
        Desk.BeforeAuthorize = ticket => gates.GetOrAdd(ticket.Key, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        Desk.Answer = ticket => new TapRequest.Enter(RecordingDesk.Order(ticket.Account, Cm) with { ClientReference = int.Parse(ticket.Key) });
        session.Offer(Ticket("A", "1"));
        session.Offer(Ticket("A", "2"));
        session.Offer(Ticket("B", "3"));
        await Clock.RunUntilAsync(UntilAsync(() => gates.Count == 3));
        gates["2"].SetResult();
        gates["3"].SetResult();
        Assert.Equal(3, CmOrderEntry.TransactionId.Read(await Clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.OrderEntry))));
        gates["1"].SetResult();
        Assert.Equal(1, CmOrderEntry.TransactionId.Read(await Clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.OrderEntry))));
        Assert.Equal(2, CmOrderEntry.TransactionId.Read(await Clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.OrderEntry))));
    }

    [Fact]
    public async Task An_order_authorised_in_a_session_that_breaks_is_never_carried_into_the_next()
    {
        var (session, peer) = await OpenAsync();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Desk.BeforeAuthorize = _ => gate.Task;
        session.Offer(Ticket("A", "1"));
        await Clock.RunUntilAsync(UntilAsync(() => !Desk.Authorized.IsEmpty));
        peer.HangUp();
        await Clock.RunUntilAsync(UntilAsync(() => session.Status.State == TapSessionState.Disconnected));
        Assert.False(Desk.HasMore, "The loss is told only after the last authorisation of the session has ended.");
        gate.SetResult();
        Assert.StartsWith("lost", await Clock.RunUntilAsync(Desk.NextAsync()), StringComparison.Ordinal);

        var (next, _) = await Exchange.OpenAsync(Clock);
        await Clock.RunUntilAsync(Desk.NextAsync());
        session.Offer(Ticket("B", "2"));
        Assert.Equal("B", CmOrderEntry.AccountNumber.Read(await Clock.RunUntilAsync(next.ExpectAsync(TransactionCode.OrderEntry))));
        Assert.Equal(2, Desk.Authorized.Count);
    }

    [Fact]
    public async Task A_slow_account_holds_up_neither_the_others_nor_the_heartbeat()
    {
        var (session, peer) = await OpenAsync();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Desk.BeforeApply = report => report.Account == "SLOW" ? gate.Task : Task.CompletedTask;
        session.Offer(Ticket("SLOW", "1"));
        session.Offer(Ticket("FAST", "2"));
        var slow = await Clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.OrderEntry));
        var fast = await Clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.OrderEntry));
        await peer.SayAsync(peer.Confirm(slow, 1100000000000001, 1, 1000));
        await peer.SayAsync(peer.Confirm(fast, 1100000000000002, 1, 1001));
        Assert.Equal("applied Confirmed FAST", await Clock.RunUntilAsync(Desk.NextAsync()));
        Assert.Equal(0, session.Status.Streams.Single(stream => stream.Stream == 1).TimeStamp1);
        await Clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.Heartbeat), TimeSpan.FromMilliseconds(500));
        gate.SetResult();
        Assert.Equal("applied Confirmed SLOW", await Clock.RunUntilAsync(Desk.NextAsync()));
        await Clock.RunUntilAsync(UntilAsync(() => session.Status.Streams.Single(stream => stream.Stream == 1).TimeStamp1 == 1001));
    }

    [Fact]
    public async Task A_stop_lets_an_authorised_order_leave_before_it_signs_off()
    {
        var (session, peer) = await OpenAsync();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Desk.BeforeAuthorize = _ => gate.Task;
        session.Offer(Ticket("A", "1"));
        await Clock.RunUntilAsync(UntilAsync(() => !Desk.Authorized.IsEmpty));
        await Stop.CancelAsync();
        session.Offer(Ticket("A", "2"));
        gate.SetResult();
        await Clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.OrderEntry));
        await Clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.SignOffRequest));
        Assert.Single(Desk.Authorized);
    }

    [Fact]
    public async Task An_order_with_a_field_too_long_for_the_wire_breaks_the_session_and_sends_nothing()
    {
        var (session, peer) = await OpenAsync();
        Desk.Answer = _ => new TapRequest.Enter(RecordingDesk.Order("ACCOUNT-TOO-LONG", Cm));
        session.Offer(Ticket("A", "1"));
        Assert.StartsWith("lost 1048576: Order 1 cannot be written", await Clock.RunUntilAsync(Desk.NextAsync()), StringComparison.Ordinal);
        Assert.Null(await Clock.RunUntilAsync(peer.ReadAsync()));
    }

    private static TapRequest.Cancel Cancel(TapTicket ticket) => new(
        RecordingDesk.Order(ticket.Account, Cm),
        new ExchangeOrderReference(1100000000000007, 100, 200, 555, CmOrderFlags.Day, 65, 0, 65, 2600000));

    [Fact]
    public async Task An_order_that_theExchange_never_answers_ends_the_session_so_that_the_next_one_finds_out()
    {
        var (session, peer) = await OpenAsync(options => options with { OrderAnswerTimeout = TimeSpan.FromSeconds(5) });
        session.Offer(Ticket("A", "1"));
        var request = await Clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.OrderEntry));
        await peer.SayAsync(peer.Confirm(request, 1100000000000007, 1, 6000));
        Assert.Equal("applied Confirmed A", await Clock.RunUntilAsync(Desk.NextAsync()));
        var answered = session.Status.LastSentAt!.Value;
        Clock.Advance(TimeSpan.FromSeconds(6));
        session.Offer(Ticket("A", "2"));
        await Clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.OrderEntry));
        var lost = await Clock.RunUntilAsync(Desk.NextAsync());

        Assert.StartsWith("lost 1048576: The exchange has owed an answer about an order for 5.", lost, StringComparison.Ordinal);
        Assert.True(Clock.GetUtcNow() - answered >= TimeSpan.FromSeconds(11));
    }

    private static TapTicket Ticket(string account, string key, TapPriority priority = TapPriority.Exit) => new(Cm, account, key, priority);

    /// <summary>Lets the login's messages leave the rate's window.</summary>
    private async Task AfterQuietAsync()
    {
        Clock.Advance(TimeSpan.FromSeconds(2));
        await Task.Yield();
    }
}
