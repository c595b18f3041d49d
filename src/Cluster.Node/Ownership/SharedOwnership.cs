using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Leases;
using Backup.Journal.Postgres;

namespace Backup.Cluster.Node.Ownership;

/// <summary>
/// The journal on PostgreSQL, shared by several nodes: one of them serves, the others stand by. Who holds the lease on the accounts takes
/// every shard, whatever is left of the former owner's time, and that fences him: his appends store nothing from then on.
/// </summary>
/// <remarks>The exchange's boxes are a lease of their own, which is only ever taken when its time is over or it was given back (RELIABILITY A4).</remarks>
internal sealed class SharedOwnership : IOwnership
{
    private static readonly LeaseKey Accounts = LeaseKey.ForSingleton("accounts");
    private static readonly LeaseKey Exchange = LeaseKey.ForSingleton("exchange");

    private readonly JournalDatabase _database;
    private readonly PostgresLeaseStore _store;
    private readonly PostgresJournal _journal;
    private readonly LeaseKeeper _keeper;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _poll;
    private readonly int _shards;
    private readonly ILogger _log;
    private readonly TaskCompletionSource _accountsTaken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string _standing = "starting";

    private SharedOwnership(
        JournalDatabase database, PostgresLeaseStore store, PostgresJournal journal, LeaseKeeper keeper, TimeProvider clock, TimeSpan poll, int shards, ILogger log)
    {
        (_database, _store, _journal, _keeper, _clock, _poll, _shards, _log) = (database, store, journal, keeper, clock, poll, shards, log);
    }

    /// <param name="name">The node's name; its owner's name in the leases has something random behind it, so that no two are the same.</param>
    /// <param name="lost">Told when a lease is gone without having been given back: the process must end.</param>
    /// <exception cref="JournalException">The database cannot be used; one sentence says why.</exception>
    internal static async Task<SharedOwnership> OpenAsync(
        string name, string dataFolder, SharedJournalSettings settings, int shards, TimeProvider clock, Action<string> lost, ILogger log)
    {
        var database = new JournalDatabase(settings.Connection, new TimelineMemory(Path.Combine(dataFolder, "timeline")));
        await database.CheckAsync(CancellationToken.None);
        var store = new PostgresLeaseStore(database, clock);
        var owner = $"{name}#{Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(4))}";
        var journal = await PostgresJournal.OpenAsync(database, owner, clock);
        var keeper = new LeaseKeeper(store, owner, clock, settings.Times, (lease, reason) => lost($"the lease on {lease.Key} is lost: {reason}"));
        keeper.Start();
        return new SharedOwnership(database, store, journal, keeper, clock, settings.Poll, shards, log);
    }

    public IJournal Journal => _journal;

    public string? Trouble => _journal.Trouble;

    public string Standing => _standing;

    public bool IsAlone => false;

    public bool MaySend => _keeper.IsHeld(Exchange);

    public async Task<IReadOnlyDictionary<int, long>> TakeAccountsAsync(CancellationToken stop)
    {
        while (true)
        {
            await TakeAsync(Accounts, stop);
            if (await TakeShardsAsync(stop) is { } epochs)
            {
                _standing = "serving";
                _accountsTaken.SetResult();
                return epochs;
            }

            await _keeper.ReleaseAllAsync();
            await Task.Delay(_poll, _clock, stop);
        }
    }

    public async Task<long> TakeExchangeAsync(CancellationToken stop)
    {
        await _accountsTaken.Task.WaitAsync(stop);
        return (await TakeAsync(Exchange, stop)).Epoch;
    }

    public Task ReleaseAsync() => _keeper.ReleaseAllAsync();

    public async ValueTask DisposeAsync()
    {
        await _keeper.DisposeAsync();
        await _journal.DisposeAsync();
        await _store.DisposeAsync();
        await _database.DisposeAsync();
    }

    private async Task<Lease> TakeAsync(LeaseKey key, CancellationToken stop)
    {
        var told = "";
        while (true)
        {
            var answer = (await _keeper.AcquireAsync([new LeaseWish(key)]))[0];
            var standing = answer switch
            {
                LeaseAnswer.HeldByAnother other => $"standing by for {other.Owner}",
                LeaseAnswer.CouldNotTell unclear => $"waiting for the database: {unclear.Reason}",
                _ => "",
            };
            if (answer is LeaseAnswer.Held { Lease: var lease })
            {
                _log.LogInformation("{Owner} has taken the {Lease} under epoch {Epoch}", _keeper.Owner, key, lease.Epoch);
                return lease;
            }

            _standing = key == Accounts ? standing : _standing;
            if (standing != told)
            {
                _log.LogInformation("The {Lease}: {Standing}", key, standing);
                told = standing;
            }

            await Task.Delay(_poll, _clock, stop);
        }
    }

    /// <summary>Null when the database did not say yes to every one.</summary>
    private async Task<IReadOnlyDictionary<int, long>?> TakeShardsAsync(CancellationToken stop)
    {
        try
        {
            var present = (await _store.ReadAsync(stop)).Where(state => state.Key.Singleton is null).ToDictionary(state => state.Key.Shard, state => state.Epoch);
            var wishes = Enumerable.Range(0, _shards)
                .Select(shard => new LeaseWish(LeaseKey.ForShard(shard), present.TryGetValue(shard, out var epoch) ? epoch : null)).ToArray();
            var answers = await _keeper.AcquireAsync(wishes);
            var refused = answers.FirstOrDefault(answer => answer is not LeaseAnswer.Held);
            if (refused is null)
            {
                return answers.Cast<LeaseAnswer.Held>().ToDictionary(held => held.Lease.Key.Shard, held => held.Lease.Epoch);
            }

            _log.LogWarning("Not every shard could be taken: {Answer}", refused);
        }
        catch (JournalException unreachable)
        {
            _log.LogWarning("The shards could not be taken: {Reason}", unreachable.Message);
        }

        return null;
    }
}

/// <summary>Where the shared journal is, and by which times its leases are kept.</summary>
/// <param name="Connection">As Npgsql writes it; the password rather in PGPASSWORD or a passfile.</param>
/// <param name="Poll">How often a node that stands by looks.</param>
public sealed record SharedJournalSettings(string Connection, LeaseTimes Times, TimeSpan Poll);
