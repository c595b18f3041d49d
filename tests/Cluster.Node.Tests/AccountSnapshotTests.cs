using System.Buffers;
using System.Collections.Immutable;
using Backup.Account.Domain;
using Backup.Account.Domain.Journal;
using Backup.Account.Domain.Market;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Plans;
using Backup.Account.Domain.Positions;
using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Regions;
using Backup.Cluster.Node.Accounts;
using Backup.Tests;
using Xunit;

namespace Backup.Cluster.Node.Tests;

/// <summary>Accounts in the kernel's region, as a node has them: what wakes from a snapshot is what the whole journal gives, to the last byte.</summary>
public sealed class AccountSnapshotTests
{
    private const string Account = "CLI0001";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static readonly Contract Option = new(
        "NFO", "NIFTY30DEC26000CE", 13906434, 54321, MarketSegment.Derivatives, ContractKind.Option, "OPTIDX", "NIFTY", "",
        new DateOnly(2030, 12, 31), 2600000, "CE", 75, 5, 1800, 11000);

    private readonly ManualClock _clock = new();
    private readonly MemoryJournal _journal = new();
    private readonly MemorySnapshotStore _store;
    private readonly AccountBehavior _behavior = new(TradingRules.Open);

    public AccountSnapshotTests() => _store = new MemorySnapshotStore(_journal);

    [Fact]
    public async Task An_account_that_wakes_from_a_snapshot_at_any_event_is_the_one_that_the_journal_gives()
    {
        var woken = 0;
        foreach (var command in Day())
        {
            await using var region = NewRegion();
            await region.AskAsync(Account, command, Deadline);
            var shown = await StateAsync(region);

            Assert.Equal(Bytes(await ReplayAsync()), Bytes(shown));
            Assert.Equal(0, region.Snapshots.PassedOver);
            Assert.True(SpinWait.SpinUntil(() => region.Snapshots.Waiting == 0, Deadline));
            woken += (await _store.LoadAsync([Account], default)).Count;
        }

        // The day went as it is told below, and every command but the first met an account that had woken from a snapshot.
        var end = await ReplayAsync();
        Assert.Equal((4, 525L), (end.Orders.Count, end.SeenTrades.Values.Sum(seen => seen.Quantity)));
        Assert.Equal(OrderStatus.Filled, end.Orders.Values.First().Status);
        Assert.Equal(Day().Count(), woken);
    }

    [Fact]
    public async Task A_snapshot_in_the_journal_of_a_newer_build_is_passed_over_and_the_account_is_whole()
    {
        foreach (var command in Day())
        {
            await using var region = NewRegion();
            await region.AskAsync(Account, command, Deadline);
        }

        var head = await _journal.ReadHeadAsync(Account, default);
        await _store.StoreAsync([EntitySnapshot.Seal(Account, head, AccountStateCodec.Version + 1, "{\"v\":2,\"news\":{}}"u8)], default);
        await using var last = NewRegion();

        Assert.Equal(Bytes(await ReplayAsync()), Bytes(await StateAsync(last)));
        Assert.Equal(1, last.Snapshots.PassedOver);
    }

    /// <summary>An outage day of one account in short: exits, trades, a lost session, a stop.</summary>
    private static IEnumerable<AccountCommand> Day()
    {
        yield return new AccountCommand.OpenDay(new DateOnly(2026, 11, 19), "hash", [new CarriedPosition(Option, "NRML", 750, 10000)]);
        for (var exit = 0; exit < 4; exit++)
        {
            var order = new ClientOrderId(3 + (7 * exit));
            yield return new AccountCommand.StartPlan(
                $"exit-{exit}", [new PlanLineRequest(new PositionKey("NFO", Option.Token, "NRML"), new ExitAmount.Units(150), Price, new Protection(1000, 500))],
                PlanOptions.Plain, Account);
            yield return new AccountCommand.AuthorizeSend(order, 7);
            yield return new AccountCommand.RecordReport(Report(OrderReportKind.Confirmed, exit, order, 0));
            yield return new AccountCommand.RecordReport(Report(OrderReportKind.Traded, exit, order, 75));
            yield return exit == 3 ? new AccountCommand.LoseSession(MarketSegment.Derivatives, 7) : new AccountCommand.RecordReport(Report(OrderReportKind.Traded, exit, order, 150));
        }
    }

    private static PriceSeen Price => new(11235, new DateTimeOffset(2026, 11, 20, 4, 0, 0, TimeSpan.Zero), "test feed");

    private static OrderReport Report(OrderReportKind kind, int exit, ClientOrderId order, long filled) => new(
        kind, MarketSegment.Derivatives, order.Number, new ExchangeReference(500 + exit, 100, 100, 1000 + filled, 0x0800, 150, filled, 150 - filled, 10110),
        Option.ExchangeToken, "NIFTY", "", OrderSide.Sell, filled == 0 ? 0 : (exit * 10) + filled, filled == 0 ? 0 : 75, 11200, 0, null, false, 1, 1000 + filled, 0);

    private EntityRegion<AccountState, AccountCommand, AccountEvent, AccountReply, AccountEffect> NewRegion() => new(
        _behavior, _behavior, _journal, 1, _clock, new RegionOptions { SnapshotEvery = 1, SnapshotInterval = TimeSpan.Zero }, new Deaf(),
        new StateSnapshots<AccountState>(_store, _behavior));

    private static async Task<AccountState> StateAsync(EntityRegion<AccountState, AccountCommand, AccountEvent, AccountReply, AccountEffect> region) =>
        Assert.IsType<AccountReply.Shown>((await region.AskAsync(Account, new AccountCommand.Show(), Deadline)).Reply).State;

    private async Task<AccountState> ReplayAsync() => (await _journal.ReadAsync([Account], default))[Account].Aggregate(
        _behavior.Initial(Account), (state, record) => _behavior.Evolve(state, _behavior.Decode(record.Type, record.Version, record.Payload.Span), record.At));

    private static byte[] Bytes(AccountState state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        AccountStateCodec.Encode(state, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private sealed class Deaf : IRegionObserver<AccountEffect>
    {
        public void Handle(string entityId, ImmutableArray<AccountEffect> effects)
        {
        }

        public void Quarantined(string entityId, string reason) => Assert.Fail(reason);

        public void Defect(string entityId, Exception defect) => Assert.Fail(defect.Message);

        public void Fenced(int shard) => Assert.Fail("fenced");
    }
}
