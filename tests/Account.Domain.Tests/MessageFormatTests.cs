using System.Buffers;
using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using Backup.Account.Domain.Journal;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Plans;
using Backup.Account.Domain.Positions;
using Xunit;

namespace Backup.Account.Domain.Tests;

/// <summary>Commands and replies between nodes: what was asked is what is decided, what was answered is what is shown.</summary>
public sealed class MessageFormatTests
{
    [Fact]
    public void Every_command_and_every_reply_has_a_sample_that_holds_every_fact()
    {
        Assert.Equal(Cases(typeof(AccountCommand)), Commands.Select(sample => sample.GetType().Name).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(Cases(typeof(AccountReply)), Replies.Select(sample => sample.GetType().Name).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(Cases(typeof(ExitAmount)), Amounts.Select(amount => amount.GetType().Name).Order(StringComparer.Ordinal));
        Assert.Equal([], Facts.Silent([.. Commands, .. Replies]));
    }

    [Fact]
    public void Every_command_reads_back_the_same()
    {
        foreach (var command in Commands.Append(Given.Exit(new ExitAmount.Full())))
        {
            var again = AccountMessageCodec.DecodeCommand(Encode(command));

            Assert.Equal(Facts.Of(command), Facts.Of(again));
            Assert.Equal(Encode(command), Encode(again));
        }
    }

    [Fact]
    public void Every_reply_reads_back_the_same()
    {
        foreach (var reply in Replies.Append(new AccountReply.Refused(new Refusal(RefusalCode.AlreadyFlat, "flat"))))
        {
            var again = AccountMessageCodec.DecodeReply(Encode(reply));

            Assert.Equal(Facts.Of(reply), Facts.Of(again));
            Assert.Equal(Encode(reply), Encode(again));
        }
    }

    [Fact]
    public void A_command_over_a_link_is_decided_as_one_that_was_asked_here()
    {
        var asked = Given.Exit(new ExitAmount.Percent(50));

        var here = Given.Holding(300).Do(asked);
        var there = Given.Holding(300).Do(AccountMessageCodec.DecodeCommand(Encode(asked)));

        Assert.Equal(Facts.Of(here.State), Facts.Of(there.State));
        Assert.NotEmpty(here.Events);
    }

    [Theory]
    [InlineData("""{"v":2,"Show":{}}""", null)]
    [InlineData("""{"v":3,"Show":{}}""", "command $.v: found version 3, expected version 2.")]
    [InlineData("""{"Show":{}}""", "command: found PropertyName, expected an object that begins with its version.")]
    [InlineData("""{"v":2,"Shout":{}}""", "command: found \"Shout\", expected one of AuthorizeCancel, ")]
    [InlineData("""{"v":2,"Show":{},"Show":{}}""", "command: found more, expected nothing after Show.")]
    [InlineData("""{"v":2,"Show":{}} {}""", "command: found '{' is invalid after a single JSON value.")]
    [InlineData("""{"v":2,"Show":null}""", "command: found the Show is null")]
    [InlineData("""{"v":2,"AuthorizeSend":{"sessionEpoch":4}}""", "command $: found JSON deserialization for type 'Backup.Account.Domain.AccountCommand+AuthorizeSend' was missing required properties including: 'orderId'.")]
    [InlineData("""{"v":2,"AuthorizeSend":{"orderId":3,"sessionEpoch":4,"urgent":true}}""", "command $.urgent: found The JSON property 'urgent' could not be mapped")]
    [InlineData("", "command: found The input does not contain any JSON tokens.")]
    public void Bytes_that_are_no_command_are_refused_with_their_place(string bytes, string? refusal)
    {
        if (refusal is null)
        {
            Assert.IsType<AccountCommand.Show>(AccountMessageCodec.DecodeCommand(Encoding.UTF8.GetBytes(bytes)));
            return;
        }

        Assert.StartsWith(refusal, Assert.Throws<AccountFormatException>(() => AccountMessageCodec.DecodeCommand(Encoding.UTF8.GetBytes(bytes))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_of_another_version_in_a_reply_is_refused()
    {
        var later = Encoding.UTF8.GetString(Encode(new AccountReply.Shown(StateFormatTests.SampleState))).Replace("{\"state\":{\"v\":2", "{\"state\":{\"v\":3", StringComparison.Ordinal);

        var refused = Assert.Throws<AccountFormatException>(() => AccountMessageCodec.DecodeReply(Encoding.UTF8.GetBytes(later)));

        Assert.Equal("state $.v: found version 3, expected version 2.", refused.Message);
    }

    [Fact]
    public void Damaged_messages_are_refused_or_read_as_a_message()
    {
        foreach (var command in Commands)
        {
            Damaged(Encode(command), bytes => AccountMessageCodec.DecodeCommand(bytes), again => Encode((AccountCommand)again));
        }

        foreach (var reply in Replies)
        {
            Damaged(Encode(reply), bytes => AccountMessageCodec.DecodeReply(bytes), again => Encode((AccountReply)again));
        }
    }

    private static void Damaged(byte[] bytes, Func<byte[], object> decode, Func<object, byte[]> encode)
    {
        var refused = 0;
        for (ulong seed = 1; seed <= 400; seed++)
        {
            var dice = new Dice(seed);
            var damaged = dice.Next(2) == 0 ? Damage.Of(bytes, dice) : Damage.OfValue(bytes, dice);
            try
            {
                var read = decode(damaged);
                Assert.Equal(Facts.Of(read), Facts.Of(decode(encode(read))));
            }
            catch (AccountFormatException)
            {
                refused++;
            }
        }

        Assert.True(refused > 40, $"{refused} refused");
    }

    private static readonly ClientOrderId Id = new(3);

    private static readonly CarriedOrder MainStop = new(
        Given.Option, "NRML", OrderSide.Sell, 150, 9000, 9050, 1100000000000459, new OrderOrigin("co", "250924000001", "250924000000"), "client");

    private static ImmutableArray<ExitAmount> Amounts { get; } = [new ExitAmount.Full(), new ExitAmount.Units(-75), new ExitAmount.Percent(50)];

    private static IReadOnlyList<AccountCommand> Commands { get; } =
    [
        new AccountCommand.OpenDay(new DateOnly(2026, 11, 19), "df8a85", [new CarriedPosition(Given.Share with { ClosesByAuction = true }, "CNC", 10, 152000, new DeliveryLock(4, 5)), new CarriedPosition(Given.Option, "NRML", -150, 10000)]),
        new AccountCommand.CarryOrders([MainStop]),
        new AccountCommand.StartPlan(
            "exit-1", [.. Amounts.Select(amount => new PlanLineRequest(Given.OptionKey, amount, Given.Price, Given.TenPercent, 10110, OrderSide.Sell))],
            new PlanOptions(true, Repricing.Automatic, 500, [.. Enum.GetValues<PlanWarning>()]), "desk:asha", "CALL-17"),
        new AccountCommand.StopPlan("exit-1", true, "desk:asha", "CALL-17"),
        new AccountCommand.ReleaseHedges("exit-1", "desk:asha", "CALL-17"),
        new AccountCommand.ReviewPlans(ImmutableDictionary<PositionKey, PriceSeen>.Empty.Add(Given.OptionKey, Given.Price).Add(Given.ShareKey, Given.Price with { Paise = 1 })),
        new AccountCommand.CancelOrder(Id, "desk:asha", true, "CALL-17"),
        new AccountCommand.ModifyOrder(Id, 75, 10125, "desk:asha", 10150, 11235, "CALL-17"),
        new AccountCommand.ModifyOrder(Id, null, null, Given.AccountId),
        new AccountCommand.AuthorizeSend(Id, 1048577),
        new AccountCommand.AuthorizeCancel(Id, 1048577),
        new AccountCommand.AuthorizeModify(Id, 1048577),
        new AccountCommand.RecordReport(Given.Report(OrderReportKind.Traded, 3, StateFormatTests.SampleState.Orders[Id].Exchange!) with
        {
            Series = "EQ",
            TradeNumber = 75001234,
            FillQuantity = 60,
            FillPricePaise = 11200,
            ErrorCode = 16343,
            ErrorText = "the day's range",
            ByExchange = true,
            ExchangeTimeNanoseconds = 1479633337300000002,
        }),
        new AccountCommand.LoseSession(MarketSegment.Cash, 1048577),
        new AccountCommand.ConcludeRecovery(MarketSegment.Derivatives, 1048578, true),
        new AccountCommand.LoseStream(MarketSegment.Derivatives, 2, 96969249922972, Given.Morning),
        new AccountCommand.LapseOrder(Id, "operator Rao", "NSE-HD-20261121-17"),
        new AccountCommand.Show(),
    ];

    private static IReadOnlyList<AccountReply> Replies { get; } =
    [
        AccountReply.Done.Instance,
        new AccountReply.Refused(new Refusal(RefusalCode.TooManyRequests, "too many", 225, 75, 150, [Id])
        {
            Warnings = [PlanWarning.LooksRepeated, PlanWarning.LeavesUnprotected],
            RetryAfter = TimeSpan.FromSeconds(12.5),
        }),
        new AccountReply.PlanShown(StateFormatTests.SampleState.Plans["exit-1"] with { StoppedBy = "desk:asha", StopEvidence = "CALL-19", EndedAt = Given.Morning }, StateFormatTests.SampleState),
        new AccountReply.CancelAccepted(StateFormatTests.SampleState.Orders[Id]),
        new AccountReply.ModifyAccepted(StateFormatTests.SampleState.Orders[Id]),
        new AccountReply.GoAhead(StateFormatTests.SampleState.Orders[Id], Given.Option),
        new AccountReply.NotNow("already sent"),
        new AccountReply.Shown(StateFormatTests.SampleState),
    ];

    private static IEnumerable<string> Cases(Type family) =>
        family.GetNestedTypes(BindingFlags.Public).Where(type => type.IsSubclassOf(family)).Select(type => type.Name).Order(StringComparer.Ordinal);

    private static byte[] Encode(AccountCommand command)
    {
        var buffer = new ArrayBufferWriter<byte>();
        AccountMessageCodec.EncodeCommand(command, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private static byte[] Encode(AccountReply reply)
    {
        var buffer = new ArrayBufferWriter<byte>();
        AccountMessageCodec.EncodeReply(reply, buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
