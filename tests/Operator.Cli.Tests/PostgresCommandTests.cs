using Backup.Account.Domain;
using Backup.Account.Domain.Journal;
using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Leases;
using Backup.Journal.Postgres;
using Backup.Tests;

namespace Backup.Operator.Cli.Tests;

/// <summary><c>pbm journal</c> on a PostgreSQL journal with the same morning as the one on disk.</summary>
public sealed class PostgresCommandTests : IAsyncLifetime
{
    private PostgresServer _server = null!;

    private string Connection => $"Host=127.0.0.1;Port={_server.Port};Database=postgres;Username={PostgresServer.User}";

    public async ValueTask InitializeAsync() => _server = await PostgresServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_journal_is_made_by_migrate_and_reads_as_the_one_on_disk_does()
    {
        var empty = await RunAsync("journal", "verify");
        Assert.Equal(1, empty.Status);
        Assert.Contains("run: pbm journal migrate", empty.Error, StringComparison.Ordinal);
        Assert.Equal(PostgresSchema.Version, (await RunAsync("journal", "migrate", "--json")).Json["applied"]!.AsArray().Count);
        Assert.Contains("nothing was to be done", (await RunAsync("journal", "migrate")).Output, StringComparison.Ordinal);
        await WriteAsync();
        using var disk = await JournalOnDisk.WriteAsync();

        foreach (var command in new[] { "show", "replay" })
        {
            var here = await RunAsync("journal", command, "DEMO01", "--json");
            var there = await Pbm.RunAsync("journal", command, "DEMO01", "--json", "--data", disk.Folder);
            Assert.Equal((0, there.Output), (here.Status, here.Output));
        }

        var whole = await RunAsync("journal", "verify", "--json");
        Assert.Equal((2, 2L * JournalOnDisk.RecordsEach, true), ((int)whole.Json["accounts"]!, (long)whole.Json["records"]!, (bool)whole.Json["ok"]!));

        await _server.ExecuteAsync("delete from backup.event where entity = 'DEMO01' and sequence = 7");
        var cut = await RunAsync("journal", "verify");
        Assert.Equal(1, cut.Status);
        Assert.Contains("DEMO01 record 7: the newest record is missing", cut.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_holds_each_snapshot_against_the_state_that_its_events_give()
    {
        await RunAsync("journal", "migrate");
        await WriteAsync();
        await using var database = new JournalDatabase(_server.ConnectionString());
        var store = new PostgresSnapshotStore(database);
        await store.StoreAsync([await SnapshotAsync(database, "DEMO01", 5), await SnapshotAsync(database, "DEMO02", 7)], default);

        var good = (await RunAsync("journal", "verify", "--json")).Json;
        Assert.Equal((true, 2, 0, 0), Counts(good));

        await _server.ExecuteAsync("update backup.snapshot set state = set_byte(state, 40, 0) where entity = 'DEMO01'");
        Assert.Equal((true, 1, 1, 0), Counts((await RunAsync("journal", "verify", "--json")).Json));

        // A state that is sealed well and is not what the events give: of two accounts in different states, the wrong one's.
        var other = AccountDecider.Initial("DEMO01");
        await store.StoreAsync([await SnapshotAsync(database, "DEMO01", 6, other)], default);
        var wrong = await RunAsync("journal", "verify");
        Assert.Equal(1, wrong.Status);
        Assert.Contains("DEMO01 record 6", wrong.Output, StringComparison.Ordinal);
        Assert.Contains("its snapshot is not the state", wrong.Output, StringComparison.Ordinal);
        Assert.Contains("1 snapshots are what their events give, 1 are not; 0 cannot be used", wrong.Output, StringComparison.Ordinal);
    }

    private static (bool, int, int, int) Counts(System.Text.Json.Nodes.JsonNode verified) => (
        (bool)verified["ok"]!, (int)verified["snapshots"]!["good"]!, (int)verified["snapshots"]!["unusable"]!, (int)verified["snapshots"]!["wrong"]!);

    /// <param name="state">Null: the right one.</param>
    private static async Task<EntitySnapshot> SnapshotAsync(JournalDatabase database, string account, int sequence, AccountState? state = null)
    {
        var records = (await new PostgresJournalReader(database).ReadAsync([account], default))[account].Take(sequence).ToArray();
        var folded = records.Aggregate(
            AccountDecider.Initial(account), (next, one) => AccountDecider.Evolve(next, AccountEventCodec.Decode(one.Type, one.Version, one.Payload.Span)!, one.At));
        var payload = new System.Buffers.ArrayBufferWriter<byte>();
        AccountStateCodec.Encode(state ?? folded, payload);
        return EntitySnapshot.Seal(account, new JournalHead(sequence, records[^1].Hash), AccountStateCodec.Version, payload.WrittenSpan);
    }

    [Fact]
    public async Task A_wrong_password_is_one_line_and_one_on_the_command_line_is_refused()
    {
        var wrong = await Pbm.RunWithPasswordAsync("open sesame", "journal", "migrate", "--postgres", Connection);
        Assert.Equal(1, wrong.Status);
        Assert.Contains("the server refused the login", wrong.Error, StringComparison.Ordinal);
        Assert.Single(wrong.Error.Trim().Split('\n'));

        var said = await Pbm.RunAsync("journal", "verify", "--postgres", Connection + ";Password=open sesame");
        Assert.Equal(1, said.Status);
        Assert.Contains("PGPASSWORD", said.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", wrong.Error + wrong.Output + said.Error + said.Output, StringComparison.Ordinal);
    }

    private Task<Said> RunAsync(params string[] arguments) => Pbm.RunWithPasswordAsync(PostgresServer.Password, [.. arguments, "--postgres", Connection]);

    private async Task WriteAsync()
    {
        await using var database = new JournalDatabase(_server.ConnectionString());
        await using var leases = new PostgresLeaseStore(database, TimeProvider.System);
        await using var journal = await PostgresJournal.OpenAsync(database, "test", TimeProvider.System);
        var taken = await leases.AcquireAsync("test", [new LeaseWish(LeaseKey.ForShard(0))], TimeSpan.FromMinutes(1));
        var epoch = Assert.IsType<LeaseAnswer.Held>(taken[0]).Lease.Epoch;
        foreach (var account in new[] { "DEMO01", "DEMO02" })
        {
            await JournalOnDisk.WriteAccountAsync(journal, account, epoch);
        }
    }
}
