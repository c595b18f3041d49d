using Backup.Exchange.Wire;

namespace Backup.Tap.Stream.Tests;

public class PartsTests
{
    [Fact]
    public void Whatever_the_demand_no_window_ever_holds_more_permits_than_the_contract()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var clock = new ManualClock();
            var limit = random.Next(1, 12);
            var permits = new SendPermits(limit, TimeSpan.FromSeconds(1), clock);
            var sent = new List<long>();
            var reserved = 0;
            for (var step = 0; step < 400; step++)
            {
                switch (random.Next(4))
                {
                    case 0:
                        clock.Advance(TimeSpan.FromMilliseconds(random.Next(0, 400)));
                        break;
                    case 1 when reserved > 0:
                        permits.Return();
                        reserved--;
                        break;
                    case 2 when reserved > 0:
                        permits.Use();
                        clock.Advance(TimeSpan.FromMilliseconds(random.Next(0, 30)));
                        permits.Flushed();
                        reserved--;
                        sent.Add(clock.GetTimestamp());
                        break;
                    default:
                        reserved += permits.TryReserve() ? 1 : 0;
                        break;
                }
            }

            for (var at = limit; at < sent.Count; at++)
            {
                Assert.True(sent[at] - sent[at - limit] >= TimeSpan.TicksPerSecond, $"seed {seed}");
            }
        }
    }

    [Fact]
    public void The_wait_for_the_next_permit_is_neither_too_short_nor_for_ever()
    {
        var clock = new ManualClock();
        var permits = new SendPermits(4, TimeSpan.FromSeconds(1), clock);
        Assert.Equal(TimeSpan.Zero, permits.UntilNext());
        Assert.True(permits.TryReserve() && permits.TryReserve());
        for (var paced = 0; paced < 2; paced++)
        {
            Assert.False(permits.TryReserve());
            clock.Advance(permits.UntilNext()!.Value);
            Assert.True(permits.TryReserve());
        }

        Assert.Null(permits.UntilNext());
        permits.Use();
        Assert.Null(permits.UntilNext());
        permits.Flushed();
        clock.Advance(permits.UntilNext()!.Value);
        Assert.True(permits.TryReserve());
    }

    [Fact]
    public void A_quiet_box_sends_half_its_contract_at_once_and_a_backlog_leaves_at_even_distances()
    {
        var clock = new ManualClock();
        var permits = new SendPermits(40, TimeSpan.FromSeconds(1), clock);
        var sent = new List<long>();
        for (var tick = 0; tick < 10_000; tick++)
        {
            while (permits.TryReserve())
            {
                permits.Use();
                permits.Flushed();
                sent.Add(clock.GetTimestamp());
            }

            clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(20, sent.Count(at => at == sent[0]));
        Assert.InRange(sent.Count, 390, 400);
        var steady = sent.Where(at => at - sent[0] > 2 * TimeSpan.TicksPerSecond).ToArray();
        Assert.All(steady.Zip(steady.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 10 * TimeSpan.TicksPerMillisecond, 40 * TimeSpan.TicksPerMillisecond));
    }

    [Fact]
    public void A_mark_moves_only_over_messages_that_are_applied_without_a_gap()
    {
        var marks = new StreamMarks(new ManualClock());
        marks.DownloadCompleted(1);
        var (first, second, third) = (marks.Received(1, 10, false), marks.Received(1, 20, false), marks.Received(1, 30, false));
        marks.Applied(second);
        Assert.Equal(0, marks.Mark(1));
        marks.Applied(first);
        Assert.Equal(20, marks.Mark(1));
        marks.Applied(third);
        Assert.Equal(30, marks.Mark(1));
    }

    [Fact]
    public void A_live_message_does_not_move_the_mark_while_its_stream_is_being_downloaded()
    {
        var marks = new StreamMarks(new ManualClock());
        marks.Applied(marks.Received(1, 50, fromDownload: false));
        Assert.Equal(0, marks.Mark(1));
        marks.Applied(marks.Received(1, 40, fromDownload: true));
        Assert.Equal(40, marks.Mark(1));
        marks.DownloadCompleted(1);
        marks.Applied(marks.Received(1, 60, fromDownload: false));
        Assert.Equal(60, marks.Mark(1));
    }

    [Fact]
    public void The_place_in_the_queue_is_the_place_in_which_tickets_are_taken()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var queue = new TicketQueue(1000);
            for (var n = 0; n < 60; n++)
            {
                queue.Offer(new TapTicket(Segment.CapitalMarket, $"A{random.Next(6)}", $"{n}", (TapPriority)random.Next(2)));
                if (random.Next(3) == 0)
                {
                    queue.TryTake(out _, out _);
                }
            }

            var places = Enumerable.Range(0, 60).ToDictionary(n => $"{n}", n => queue.PlaceOf($"{n}"));
            for (var place = 1; queue.TryTake(out var ticket, out _); place++)
            {
                Assert.Equal(place, places[ticket.Key]);
            }
        }
    }

    [Fact]
    public void A_report_reads_the_same_live_and_from_the_download_but_for_the_client_reference()
    {
        var entry = new byte[136];
        new OrderWriter(SessionTests.Options()).Write(entry, new TapRequest.Enter(RecordingDesk.Order("A", Segment.CapitalMarket)));
        var live = new Peer(Segment.CapitalMarket, 1, null!, null!).Confirm(entry, 1100000000000001, 2, 777);
        var first = ReportReader.Read(Segment.CapitalMarket, live, false)!;
        var second = ReportReader.Read(Segment.CapitalMarket, FullForm.FromTrimmed(Segment.CapitalMarket, live), true)!;
        Assert.Equal(first with { ClientReference = 0, FromDownload = true }, second);
    }

    [Theory]
    [InlineData(0, 'T', ReportKind.Cancelled)]
    [InlineData(16388, 'C', ReportKind.Cancelled)]
    [InlineData(17080, ' ', ReportKind.Cancelled)]
    [InlineData(16060, ' ', ReportKind.CancelRejected)]
    public void A_cancellation_with_an_error_is_told_apart_from_a_refused_cancel(short error, char by, ReportKind kind)
    {
        var message = new byte[OrderForm.FoTrimmed.Layout.Size];
        OrderForm.FoTrimmed.Layout.Clear(message);
        Exchange.Wire.Layouts.MessageHeader.TransactionCode.Write(message, TransactionCode.CancelConfirmed);
        OrderForm.FoTrimmed.ErrorCode.Write(message, error);
        OrderForm.FoTrimmed.ModifiedBy.Write(message, [by]);
        OrderForm.FoTrimmed.BuySell.Write(message, 1);
        Assert.Equal(kind, ReportReader.Read(Segment.FuturesAndOptions, message, false)!.Kind);
    }
}
