using Backup.Actor.Kernel.Cluster.SplitBrain;
using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Leases;
using Backup.Cluster.Node.Links;
using Backup.Journal.Postgres;

namespace Backup.Cluster.Node.Ownership;

/// <summary>Where the shared journal is, and by which times and limits its nodes live together.</summary>
/// <param name="Connection">As Npgsql writes it; the password rather in PGPASSWORD or a passfile.</param>
/// <param name="Address">Where other nodes reach this one's links; port 0 takes any free one.</param>
/// <param name="Poll">How often members and leases are read when no news comes.</param>
/// <param name="HandOverMax">How long a planned stop waits for the others to take its shards.</param>
/// <param name="Drain">How long a planned stop goes on answering after it has said that it is not ready.</param>
public sealed record ClusterSettings(
    string Connection, string Address, int Port, string SecretFile, LinkTlsFiles Tls, LeaseTimes Times, TimeSpan Poll, int MovesMax, SplitBrainOptions SplitBrain, TimeSpan HandOverMax,
    TimeSpan Drain, string AffinityCookie);

/// <summary>The shared journal and the stores beside it, on one PostgreSQL.</summary>
internal sealed record SharedStores(
    JournalDatabase Database, PostgresJournal Journal, PostgresLeaseStore Leases, PostgresShardPlacements Placements, PostgresMembershipStore Members, PostgresSessionStore Sessions, PostgresAuthenticatorStore Authenticators,
    PostgresNoticeStore Notices, PostgresStaffStore Staff)
    : IAsyncDisposable
{
    /// <param name="writer">Different for every start of a process: nobody else may append as this writer.</param>
    /// <exception cref="JournalException">The database cannot be used; one sentence says why.</exception>
    internal static async Task<SharedStores> OpenAsync(string writer, string dataFolder, string connection, TimeProvider clock)
    {
        var database = new JournalDatabase(connection, new TimelineMemory(Path.Combine(dataFolder, "timeline")));
        await database.CheckAsync(CancellationToken.None);
        return new SharedStores(
            database, await PostgresJournal.OpenAsync(database, writer, clock), new PostgresLeaseStore(database, clock), new PostgresShardPlacements(database),
            new PostgresMembershipStore(database, clock), new PostgresSessionStore(database), new PostgresAuthenticatorStore(database),
            new PostgresNoticeStore(database), new PostgresStaffStore(database));
    }

    public async ValueTask DisposeAsync()
    {
        await Journal.DisposeAsync();
        await Leases.DisposeAsync();
        await Members.DisposeAsync();
        await Database.DisposeAsync();
    }
}
