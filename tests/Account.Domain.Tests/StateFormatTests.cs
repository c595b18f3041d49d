using System.Buffers;
using System.Text;
using Backup.Account.Domain.Journal;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Plans;
using Backup.Account.Domain.Positions;
using Xunit;

namespace Backup.Account.Domain.Tests;

/// <summary>The format of a whole state: what a snapshot keeps and another node is shown.</summary>
public sealed class StateFormatTests
{
    [Fact]
    public void A_state_is_written_as_its_golden_file_says()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "golden-state", $"{AccountStateCodec.Version}.AccountState.json");
        var text = Encoding.UTF8.GetString(Encode(SampleState));

        Assert.True(File.Exists(file), $"no golden file {Path.GetFileName(file)}; the state is written as {text}");
        Assert.Equal(File.ReadAllText(file).TrimEnd(), text);
    }

    [Fact]
    public void The_golden_file_has_every_fact_that_a_state_can_hold() => Assert.Equal([], Facts.Silent(SampleState));

    [Fact]
    public void A_state_reads_back_the_same()
    {
        Assert.Equal(Facts.Of(SampleState), Facts.Of(Again(SampleState)));
        Assert.Equal(Facts.Of(AccountDecider.Initial("NEW")), Facts.Of(Again(AccountDecider.Initial("NEW"))));
    }

    [Fact]
    public void Every_state_that_random_histories_reach_reads_back_the_same_and_is_the_same_bytes()
    {
        var states = new List<AccountState>();
        for (ulong seed = 1; seed <= 400; seed++)
        {
            var world = new World(seed);
            for (var step = 0; step < 80; step++)
            {
                world.Step();
                if (step % 16 == 0)
                {
                    states.Add(world.Book.State);
                }
            }

            states.Add(world.Book.State);
        }

        foreach (var state in states)
        {
            var again = Again(state);

            Assert.Equal(Facts.Of(state), Facts.Of(again));
            Assert.Equal(Encode(state), Encode(again));
        }

        // A history that never fills a field proves nothing about it.
        string[] filled =
        [
            "AccountState.Orders", "AccountState.RunningPlans", "AccountState.SeenTrades", "AccountState.UnclaimedTrades", "Order.ModifyWanted", "Order.Trades",
            "Order.UnknownSince", "Plan.Orders", "Plan.Previous", "Plan.Reprices", "Plan.StoppedBy", "PlanLine.Released", "PlanLine.WaitsFor",
        ];
        Assert.Equal([], Facts.Silent(states).Intersect(filled));
    }

    [Fact]
    public void A_decoded_state_goes_on_as_the_one_that_was_encoded()
    {
        for (ulong seed = 1; seed <= 40; seed++)
        {
            var world = new World(seed);
            for (var step = 0; step < 80; step++)
            {
                world.Step();
            }

            var half = world.Book.Stored.Count / 2;
            var state = world.Book.Stored.Take(half).Aggregate(AccountDecider.Initial(Given.AccountId), (next, one) => AccountDecider.Evolve(next, one.Event, one.At));
            var resumed = world.Book.Stored.Skip(half).Aggregate(Again(state), (next, one) => AccountDecider.Evolve(next, one.Event, one.At));

            Assert.Equal(Facts.Of(world.Book.State), Facts.Of(resumed));
            Assert.Equal(Encode(world.Book.State), Encode(resumed));
        }
    }

    [Fact]
    public void A_contract_is_written_once_however_many_positions_have_it()
    {
        var book = Given.Holding(new CarriedPosition(Given.Option, "NRML", 75, 10000), new CarriedPosition(Given.Option, "MIS", 150, 10000), new CarriedPosition(Given.Share, "CNC", 5, 100));

        var text = Encoding.UTF8.GetString(Encode(book.State));

        Assert.Equal(2, text.Split(Given.Option.TradingSymbol).Length);
        Assert.Equal(Facts.Of(book.State), Facts.Of(Again(book.State)));
    }

    [Fact]
    public void A_version_that_is_not_known_is_named()
    {
        var later = Encoding.UTF8.GetString(Encode(SampleState)).Replace("\"v\":2,", "\"v\":3,\"news\":[],", StringComparison.Ordinal);

        var refused = Assert.Throws<AccountFormatException>(() => AccountStateCodec.Decode(Encoding.UTF8.GetBytes(later)));

        Assert.Equal("state $.v: found version 3, expected version 2.", refused.Message);
    }

    [Theory]
    [InlineData("\"working\":[2", "\"working\":[4", "$.working")]
    [InlineData("\"runningPlans\":[\"exit-1\"", "\"runningPlans\":[\"exit-7\"", "$.runningPlans")]
    [InlineData("\"lastPlan\":\"exit-1\"", "\"lastPlan\":\"exit-7\"", "$.lastPlan")]
    [InlineData("\"previous\":\"exit-0\"", "\"previous\":\"exit-1\"", "$.lastPlan")]
    [InlineData("{\"contract\":1", "{\"contract\":9", "$.positions")]
    [InlineData("\"key\":\"NFO:13906434:NRML\",\"side\":2", "\"key\":\"NFO:13906435:NRML\",\"side\":2", "$.orders")]
    public void A_name_of_something_that_is_not_there_is_refused(string written, string damaged, string place)
    {
        var text = Encoding.UTF8.GetString(Encode(SampleState));
        Assert.Contains(written, text, StringComparison.Ordinal);

        var refused = Assert.Throws<AccountFormatException>(() =>
            AccountStateCodec.Decode(Encoding.UTF8.GetBytes(text.Replace(written, damaged, StringComparison.Ordinal))));

        Assert.Equal(place, refused.Place);
    }

    [Fact]
    public void Damaged_bytes_are_refused_or_read_as_a_state()
    {
        var bytes = Encode(SampleState);
        var (read, refused) = (0, 0);
        for (ulong seed = 1; seed <= 6000; seed++)
        {
            var dice = new Dice(seed);
            var damaged = dice.Next(2) == 0 ? Damage.Of(bytes, dice) : Damage.OfValue(bytes, dice);
            try
            {
                var state = AccountStateCodec.Decode(damaged);
                Assert.Equal(Facts.Of(state), Facts.Of(Again(state)));
                read++;
            }
            catch (AccountFormatException)
            {
                refused++;
            }
        }

        Assert.True(read > 300 && refused > 1500, $"{read} read, {refused} refused");
    }

    internal static AccountState SampleState { get; } = Sample();

    private static AccountState Sample()
    {
        var (first, second) = (new ClientOrderId(3), new ClientOrderId(2));
        var trade = new TradeKey(MarketSegment.Derivatives, 75001234, 1100000000000457, OrderSide.Sell);
        var unclaimed = new TradeKey(MarketSegment.Derivatives, 75001235, 1100000000000458, OrderSide.Buy);
        var line = new PlanLine(Given.OptionKey, OrderSide.Sell, 150, Given.Price, Given.TenPercent, true, [second], 10110) { Released = 75, Reduced = "smaller" };
        var plan = new Plan(
            "exit-1", "NFO:13906434:NRML|full", new PlanOptions(true, Repricing.Automatic, 500, [PlanWarning.EntryStillWorks]), [line],
            [new PlanLineRefusal(new PositionKey("NSE", 1, "MIS"), RefusalCode.NoSuchPosition, "not held")], Given.AccountId, Given.Morning)
        {
            Orders = [first],
            HedgesReleasedBy = Given.AccountId,
            Evidence = "CALL-17",
            ReleaseEvidence = "CALL-18",
            Reprices = 4,
            Previous = "exit-0",
        };
        var earlier = new Plan("exit-0", "earlier", PlanOptions.Plain, [], [], Given.AccountId, Given.Morning) { StoppedBy = "desk:asha", StopEvidence = "CALL-19", EndedAt = Given.Morning.AddMinutes(1) };
        return new AccountState(Given.AccountId)
        {
            Version = 17,
            BusinessDate = new DateOnly(2026, 11, 19),
            DatasetHash = "df8a85",
            Positions = AccountState.NoPositions
                .Add(Given.OptionKey, new Position(Given.OptionKey, Given.Option, 225, 10000, 75, 841000, 60, 672000, 16))
                .Add(Given.ShareKey, new Position(Given.ShareKey, Given.Share with { ClosesByAuction = true }, 10, 152000, 0, 0, 0, 0, 1) { Lock = new DeliveryLock(4, 5) }),
            Orders = AccountDecider.Initial("").Orders.Add(first, SampleOrder(first, trade)).Add(second, Given.Holding(75).WithOpenOrder(75).LastOrder with { Id = second }),
            Working = [first, second],
            ByExchangeNumber = AccountDecider.Initial("").ByExchangeNumber.Add((MarketSegment.Derivatives, 1100000000000457), first),
            Plans = AccountDecider.Initial("").Plans.Add(plan.Id, plan).Add(earlier.Id, earlier),
            LastPlan = plan.Id,
            Requests = new RequestCount(1065000000, 3),
            RunningPlans = AccountDecider.Initial("").RunningPlans.Add(plan.Id),
            SeenTrades = AccountDecider.Initial("").SeenTrades
                .Add(trade, new SeenTrade(Given.OptionKey, 60, 11200))
                .Add(unclaimed, new SeenTrade(null, 75, 11150)),
            UnclaimedTrades = AccountDecider.Initial("").UnclaimedTrades.Add(
                (MarketSegment.Derivatives, 1100000000000458), [new Trade(unclaimed, 75, 11150, 1479633337300000003, Given.Morning.AddTicks(7))]),
            SeenRefusals = [(MarketSegment.Derivatives, 2, 96969249922970)],
        };
    }

    private static Order SampleOrder(ClientOrderId id, TradeKey trade) =>
        new(id, Given.OptionKey, OrderSide.Sell, 150, 10110, OrderStatus.ModifySent, "exit-1", Given.AccountId, Given.Morning, 16)
        {
            Origin = new OrderOrigin("co", "250924000001", "250924000000"),
            Filled = 60,
            FilledValuePaise = 672000,
            Exchange = new ExchangeReference(1100000000000457, 1479633330, 1479633331, 1479633330123456789, 0x0800, 150, 60, 90, 10110, 2, 96969249922969, 10150, true),
            SentEpoch = 1048577,
            SentAt = Given.Morning.AddSeconds(1),
            CancelWanted = true,
            Assisted = new AssistedChange("desk:asha", "CALL-20"),
            CancelRefusals = 1,
            ModifyWanted = new OrderTerms(75, 10125, 10155),
            ModifyNamed = 1479633330123456789,
            ModifyAttempts = 2,
            IsModified = true,
            TermsActivity = 1479633330123456788,
            UnknownSince = Given.Morning.AddSeconds(9),
            IsUnprovable = true,
            UpdatedAt = Given.Morning.AddSeconds(10),
            ConfirmedAt = Given.Morning.AddSeconds(2),
            ErrorCode = 16343,
            Note = "order has changed",
            Trades = [new Trade(trade, 60, 11200, 1479633337300000002, Given.Morning.AddMilliseconds(7).ToOffset(new TimeSpan(5, 30, 0)))],
        };

    internal static AccountState Again(AccountState state) => AccountStateCodec.Decode(Encode(state));

    private static byte[] Encode(AccountState state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        AccountStateCodec.Encode(state, buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
