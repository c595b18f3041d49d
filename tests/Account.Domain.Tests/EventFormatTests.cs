using System.Buffers;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Backup.Account.Domain.Journal;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Plans;
using Backup.Account.Domain.Positions;
using Xunit;

namespace Backup.Account.Domain.Tests;

/// <summary>The storage format: what is in a journal today must be readable for ever. One golden file per event type and version.</summary>
public sealed class EventFormatTests
{
    private static readonly string Golden = Path.Combine(AppContext.BaseDirectory, "golden");

    public static TheoryData<string> Names => [.. AccountEventCodec.Kinds.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_event_is_written_as_its_golden_file_says_and_reads_back_the_same(string name)
    {
        var sample = Samples.Single(candidate => candidate.GetType().Name == name);
        var buffer = new ArrayBufferWriter<byte>();
        var (type, version) = AccountEventCodec.Encode(sample, buffer);
        var file = Path.Combine(Golden, $"{type:D3}.{version}.{name}.json");

        Assert.True(File.Exists(file), $"no golden file {Path.GetFileName(file)}; the event is written as {Encoding.UTF8.GetString(buffer.WrittenSpan)}");
        Assert.Equal(File.ReadAllText(file).TrimEnd(), Encoding.UTF8.GetString(buffer.WrittenSpan));
        var again = new ArrayBufferWriter<byte>();
        AccountEventCodec.Encode(AccountEventCodec.Decode(type, version, buffer.WrittenSpan)!, again);
        Assert.Equal(buffer.WrittenSpan.ToArray(), again.WrittenSpan.ToArray());
    }

    [Fact]
    public void Every_event_has_a_number_of_its_own_a_codec_a_sample_and_a_golden_file()
    {
        var events = typeof(AccountEvent).GetNestedTypes(BindingFlags.Public).Where(type => type.IsSubclassOf(typeof(AccountEvent))).Select(type => type.Name).ToArray();

        Assert.Equal(events.Order(), AccountEventCodec.Kinds.Select(kind => kind.Name).Order());
        Assert.Equal(events.Order(), Samples.Select(sample => sample.GetType().Name).Order());
        Assert.Equal(AccountEventCodec.Kinds.Count, AccountEventCodec.Kinds.Select(kind => kind.Number).Distinct().Count());
        Assert.Equal(events.Length, Directory.GetFiles(Golden).Length);
    }

    [Fact]
    public void Every_event_has_a_fold()
    {
        foreach (var sample in Samples)
        {
            var book = Given.Holding(225).WithOpenOrder(75);
            try
            {
                AccountDecider.Evolve(book.State, sample, Given.Morning);
            }
            catch (Exception misfit) when (misfit is KeyNotFoundException or ArgumentException)
            {
                // The sample does not fit this state; that it was looked up shows that there is a fold.
            }
        }
    }

    /// <summary>Fields that came later are left out where they say nothing, so an older event is still written as it was.</summary>
    [Fact]
    public void An_event_from_before_a_field_was_added_reads_and_is_written_as_it_was()
    {
        var files = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "golden-earlier"));
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var (type, version) = Path.GetFileName(file).Split('.') is [var number, var form, ..] ? (short.Parse(number, null), short.Parse(form, null)) : default;
            var stored = File.ReadAllText(file).TrimEnd();

            var again = new ArrayBufferWriter<byte>();
            Assert.Equal((type, version), AccountEventCodec.Encode(AccountEventCodec.Decode(type, version, Encoding.UTF8.GetBytes(stored))!, again));

            Assert.Equal(stored, Encoding.UTF8.GetString(again.WrittenSpan));
        }
    }

    [Fact]
    public void An_event_of_an_unknown_type_or_version_is_not_read()
    {
        Assert.Null(AccountEventCodec.Decode(99, 1, "{}"u8));
        Assert.Null(AccountEventCodec.Decode(1, 2, "{}"u8));
    }

    [Fact]
    public void A_payload_that_is_not_the_event_is_an_error_and_not_a_default()
    {
        Assert.ThrowsAny<JsonException>(() => AccountEventCodec.Decode(8, 1, "{\"orderId\":"u8));
    }

    private static readonly PositionKey Key = new("NFO", 13906434, "NRML");
    private static readonly ExchangeReference Reference = new(1100000000000457, 1479633330, 1479633331, 1479633330123456789, 0x0800, 150, 60, 90, 10110);
    private static readonly TradeKey Trade = new(MarketSegment.Derivatives, 75001234, 1100000000000457, OrderSide.Sell);

    private static CarriedOrder MainStop => new(
        Given.Option, "NRML", OrderSide.Sell, 150, 9000, 9050, 1100000000000459, new OrderOrigin("co", "250924000001", "250924000000"), "client");

    internal static IReadOnlyList<AccountEvent> Samples { get; } =
    [
        new AccountEvent.DayOpened(new DateOnly(2026, 11, 19), "df8a85", [new CarriedPosition(Given.Option, "NRML", -150, 10000), new CarriedPosition(Given.Share, "CNC", 10, 152000, new DeliveryLock(4, 5))]),
        new AccountEvent.ExitAccepted("exit-1", "NFO:13906434:NRML|full", Key, 150, Given.Price, Given.TenPercent, 1, "DEMO01"),
        new AccountEvent.OrderAccepted("exit-1", Key, OrderSide.Sell, 150, 10110, "DEMO01"),
        new AccountEvent.SendIntended(new ClientOrderId(3), 1048577),
        new AccountEvent.OrderConfirmed(new ClientOrderId(3), Reference with { TriggerPaise = 10150, IsStop = true }),
        new AccountEvent.OrderRejected(new ClientOrderId(3), 16284, "price outside the day's range", 1, 96969249922970),
        new AccountEvent.OrderRefreshed(new ClientOrderId(3), Reference),
        new AccountEvent.OrderTraded(new ClientOrderId(3), Trade, 60, 11200, 1479633337300000002, Reference),
        new AccountEvent.CancelRequested(new ClientOrderId(3), "desk:asha", "CALL-17"),
        new AccountEvent.CancelIntended(new ClientOrderId(3), 1048577),
        new AccountEvent.OrderCancelled(new ClientOrderId(3), false, 0, Reference),
        new AccountEvent.CancelRejected(new ClientOrderId(3), 16343, "order has changed", true, 2, 96969249922971),
        new AccountEvent.OrderBecameUnknown(new ClientOrderId(3), 1048577),
        new AccountEvent.OrderProvenAbsent(new ClientOrderId(3), 1048578),
        new AccountEvent.CancelProvenAbsent(new ClientOrderId(3), 1048578),
        new AccountEvent.ForeignOrderFound(Key, OrderSide.Sell, Reference),
        new AccountEvent.ForeignTradeRecorded(Key, Trade, 60, 11200, 1479633337300000002),
        new AccountEvent.UnplacedReportRecorded(Given.Report(OrderReportKind.Traded, 0, Reference)),
        new AccountEvent.ModifyRequested(new ClientOrderId(3), 75, 10125, "desk:asha", 10150, "CALL-17"),
        new AccountEvent.ModifyIntended(new ClientOrderId(3), 1048577),
        new AccountEvent.OrderModified(new ClientOrderId(3), 75, 10125, Reference with { Stream = 2, StreamTime = 96969249922970 }),
        new AccountEvent.ModifyRejected(new ClientOrderId(3), 16346, "order cannot be modified", false, 2, 96969249922971),
        new AccountEvent.ModifyProvenAbsent(new ClientOrderId(3), 1048578),
        new AccountEvent.OrderLostInOutage(new ClientOrderId(3), 2, 96969249922972),
        new AccountEvent.OrderUnprovable(new ClientOrderId(3)),
        new AccountEvent.TradeBusted(Trade),
        new AccountEvent.StreamLost(MarketSegment.Derivatives, 2, 96969249922972),
        new AccountEvent.OrderCarried(MainStop),
        new AccountEvent.OrderAttributed(new ClientOrderId(3), MainStop),
        new AccountEvent.TradeCorrected(Trade, 60, 11150),
        new AccountEvent.PlanAccepted(
            "exit-1", "NFO:13906434:NRML|full", new PlanOptions(true, Repricing.Automatic, 500, [PlanWarning.EntryStillWorks]),
            [new PlanLine(Key, OrderSide.Sell, 150, Given.Price, Given.TenPercent, true, [new ClientOrderId(2)], 10110)],
            [new PlanLineRefusal(Key, RefusalCode.AlreadyFlat, "flat")], "desk:asha", "CALL-17"),
        new AccountEvent.PlanLineReduced("exit-1", Key, 75, "The position became smaller before this part could go."),
        new AccountEvent.PlanHedgesReleased("exit-1", "desk:asha", "CALL-17"),
        new AccountEvent.PlanStopped("exit-1", "desk:asha", "CALL-17"),
        new AccountEvent.PlanEnded("exit-1"),
        new AccountEvent.OrderRepriced(new ClientOrderId(3), "exit-1", 10000, Given.Price),
        new AccountEvent.OrderLapsed(new ClientOrderId(3), "operator Rao", "NSE-HD-20261121-17"),
    ];
}
