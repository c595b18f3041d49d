using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Leases;
using Backup.Journal.Postgres;
using Backup.Tests;
using Xunit;

namespace Backup.Journal.Conformance;

/// <summary>A journal with its shards taken, over some way to some server.</summary>
internal sealed class PostgresUse : IAsyncDisposable
{
    private PostgresUse(PostgresServer server, string name, JournalDatabase database, PostgresLeaseStore leases, PostgresJournal journal, string owner)
    {
        Server = server;
        Name = name;
        Database = database;
        Leases = leases;
        Journal = journal;
        Owner = owner;
    }

    public PostgresServer Server { get; }

    public string Name { get; }

    public JournalDatabase Database { get; }

    public PostgresLeaseStore Leases { get; }

    public PostgresJournal Journal { get; }

    public string Owner { get; }

    /// <summary>Opens a journal whose writer has the owner's name, and takes the shards.</summary>
    /// <param name="clock">The day's partition is made by it; the default stands still on the day of the tests' records.</param>
    public static async Task<PostgresUse> OpenAsync(
        PostgresServer server, string name, string owner = "one", int? port = null, TimeProvider? clock = null, TimelineMemory? timeline = null,
        PostgresJournalOptions? options = null, params int[] shards)
    {
        var database = new JournalDatabase(server.ConnectionString(name, port), timeline);
        var leases = new PostgresLeaseStore(database, TimeProvider.System);
        var use = new PostgresUse(server, name, database, leases, await PostgresJournal.OpenAsync(database, owner, clock ?? new ManualClock(), options), owner);
        foreach (var shard in shards)
        {
            await use.TakeAsync(shard);
        }

        return use;
    }

    public async Task<Lease> TakeAsync(int shard, long? takeOver = null) => Assert.IsType<LeaseAnswer.Held>(
        (await Leases.AcquireAsync(Owner, [new LeaseWish(LeaseKey.ForShard(shard), takeOver)], TimeSpan.FromSeconds(60)))[0]).Lease;

    public async Task<AppendOutcome[]> AppendAsync(params EntityAppend[] batch) => [.. await Journal.AppendAsync(batch, default)];

    public async ValueTask DisposeAsync()
    {
        await Journal.DisposeAsync();
        await Leases.DisposeAsync();
        await Database.DisposeAsync();
    }
}
