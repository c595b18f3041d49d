using Backup.Actor.Kernel.Journal;
using Backup.Journal.Postgres;
using Npgsql;
using Xunit;
using static Backup.Journal.Conformance.JournalConformance;

namespace Backup.Journal.Conformance;

/// <summary>Owners old and new, writers side by side, and a reader who follows them.</summary>
public sealed class PostgresFenceTests(SharedPostgres shared)
{
    private const string WaitsForLock = "wait_event_type = 'Lock'";

    [Fact]
    public async Task A_takeover_waits_for_the_append_under_way_and_the_new_owner_reads_it()
    {
        var name = await shared.NewDatabaseAsync();
        await using var old = await PostgresUse.OpenAsync(shared.Server, name, "old", shards: 7);
        var history = Chain("A", 3);
        await old.AppendAsync(Append("A", 1, history[..1]));

        // A lock on the account's head holds the append up after it has locked its shard.
        await using var held = await HoldAsync(name, "select 1 from backup.entity_head where entity = 'A' for update");
        var appending = old.AppendAsync(Append("A", 1, history[1..2]));
        await shared.Server.WaitForAsync($"{WaitsForLock} and datname = '{name}'");
        await using var next = await PostgresUse.OpenAsync(shared.Server, name, "next");
        var taking = next.TakeAsync(7, takeOver: 1);
        await shared.Server.WaitForAsync($"{WaitsForLock} and datname = '{name}' and query like '%take_over%'");
        Assert.False(taking.IsCompleted);

        await held.DisposeAsync();

        Assert.Equal([AppendOutcome.Stored], await appending);
        Assert.Equal(2, (await taking).Epoch);
        Assert.Equal(2, (await next.Journal.ReadAsync(["A"], default))["A"].Count);
        Assert.Equal([AppendOutcome.Fenced], await old.AppendAsync(Append("A", 1, history[2..])));
    }

    [Fact]
    public async Task An_append_that_waited_behind_a_takeover_stores_nothing_and_the_other_shard_of_its_batch_is_stored()
    {
        var name = await shared.NewDatabaseAsync();
        await using var old = await PostgresUse.OpenAsync(shared.Server, name, "old", shards: [7, 8]);

        await using var taking = await HoldAsync(name, "update backup.shard_lease set epoch = epoch + 1, owner = 'next' where shard = 7");
        var appending = old.AppendAsync(Append("A", 1, Chain("A", 1)), Append("B", 1, Chain("B", 1)) with { Shard = 8 });
        await shared.Server.WaitForAsync($"{WaitsForLock} and datname = '{name}'");
        await taking.CommitAsync();

        Assert.Equal([AppendOutcome.Fenced, AppendOutcome.Stored], await appending);
        Assert.Equal(["B"], await old.Journal.ReadEntitiesAsync(default));
    }

    [Fact]
    public async Task Histories_are_read_while_an_append_is_under_way()
    {
        var name = await shared.NewDatabaseAsync();
        await using var owner = await PostgresUse.OpenAsync(shared.Server, name, shards: 7);
        var history = Chain("A", 2);
        await owner.AppendAsync(Append("A", 1, history[..1]));

        await using var held = await HoldAsync(name, "select 1 from backup.entity_head where entity = 'A' for update");
        var appending = owner.AppendAsync(Append("A", 1, history[1..]));
        await shared.Server.WaitForAsync($"{WaitsForLock} and datname = '{name}'");

        Assert.Single((await owner.Journal.ReadAsync(["A"], default))["A"]);
        Assert.False(appending.IsCompleted);
        await held.DisposeAsync();
        Assert.Equal([AppendOutcome.Stored], await appending);
    }

    [Fact]
    public async Task A_renewal_does_not_fence_the_append_that_waits_for_it()
    {
        var name = await shared.NewDatabaseAsync();
        await using var owner = await PostgresUse.OpenAsync(shared.Server, name, shards: 7);

        await using var renewing = await HoldAsync(name, "update backup.shard_lease set expires_at = now() + interval '1 minute' where shard = 7");
        var appending = owner.AppendAsync(Append("A", 1, Chain("A", 1)));
        await shared.Server.WaitForAsync($"{WaitsForLock} and datname = '{name}'");
        await renewing.CommitAsync();

        Assert.Equal([AppendOutcome.Stored], await appending);
    }

    [Fact]
    public async Task A_reader_does_not_pass_a_position_whose_commit_is_still_under_way()
    {
        var name = await shared.NewDatabaseAsync();
        await using var slow = await PostgresUse.OpenAsync(shared.Server, name, "slow", shards: 7);
        await using var quick = await PostgresUse.OpenAsync(shared.Server, name, "quick", shards: 8);
        var reader = new PostgresJournalReader(quick.Database);

        // An uncommitted record in its way holds the slow append up after it has been handed its first position.
        var history = Chain("A", 2);
        await using var held = await HoldAsync(
            name,
            $"insert into backup.event values (0, '{TradingDay.Of(history[1].At):yyyy-MM-dd}', 'A', 2, 7, 1, '{history[1].At:O}', 1, 1, '', decode(repeat('00', 32), 'hex'))",
            "select backup.ensure_event_day('2026-11-20')");
        var appending = slow.AppendAsync(Append("A", 1, history));
        await shared.Server.WaitForAsync($"{WaitsForLock} and datname = '{name}'");
        Assert.Equal([AppendOutcome.Stored], await quick.AppendAsync(Append("B", 1, Chain("B", 1)) with { Shard = 8 }));
        var reading = reader.ReadAllAsync(default).ToListAsync().AsTask();
        await Task.WhenAny(reading, Task.Delay(TimeSpan.FromMilliseconds(200)));
        Assert.False(reading.IsCompleted);

        await held.DisposeAsync();

        Assert.Equal([AppendOutcome.Stored], await appending);
        Assert.Equal([("A", 1L), ("A", 2L), ("B", 1L)], (await reading).Select(record => (record.Entity, record.Record.Sequence)));
    }

    [Fact]
    public async Task A_reader_who_follows_four_writers_sees_every_record_once_and_in_order()
    {
        const int batches = 60;
        var name = await shared.NewDatabaseAsync();
        var writers = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => PostgresUse.OpenAsync(shared.Server, name, $"w{i}", shards: i)));
        var writing = Task.WhenAll(writers.Select(async (writer, shard) =>
        {
            var histories = Enumerable.Range(0, 5).Select(i => (Name: $"{shard}-{i}", History: Chain($"{shard}-{i}", batches))).ToArray();
            for (var i = 0; i < batches; i++)
            {
                var outcomes = await writer.AppendAsync([.. histories.Select(each => Append(each.Name, 1, each.History[i..(i + 1)]) with { Shard = shard })]);
                Assert.All(outcomes, outcome => Assert.Equal(AppendOutcome.Stored, outcome));
            }
        }));

        var reader = new PostgresJournalReader(writers[0].Database);
        var seen = new List<StoredRecord>();
        var finished = false;
        while (!finished)
        {
            finished = writing.IsCompleted;
            var settled = await reader.ReadSettledPositionAsync(default);
            seen.AddRange(await reader.ReadPageAsync(seen.Count == 0 ? 0 : seen[^1].Position, settled, int.MaxValue, default));
        }

        await writing;
        Assert.Equal(4 * 5 * batches, seen.Count);
        Assert.All(
            seen.GroupBy(record => record.Entity),
            history => Assert.Equal(Enumerable.Range(1, batches).Select(n => (long)n), history.Select(record => record.Record.Sequence)));
        foreach (var writer in writers)
        {
            await writer.DisposeAsync();
        }
    }

    private static EntityAppend Append(string entity, long epoch, JournalRecord[] records) => new(entity, 7, epoch, false, records);

    private async Task<HeldTransaction> HoldAsync(string name, string sql, string? before = null)
    {
        var connection = new NpgsqlConnection(shared.Server.ConnectionString(name) + ";Pooling=false");
        await connection.OpenAsync();
        if (before is not null)
        {
            await ExecuteAsync(connection, before);
        }

        var held = new HeldTransaction(connection, await connection.BeginTransactionAsync());
        await ExecuteAsync(connection, sql);
        return held;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own statements.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Locks that are held until it is committed or disposed of.</summary>
    private sealed class HeldTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
    {
        public Task CommitAsync() => transaction.CommitAsync();

        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
