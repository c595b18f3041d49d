using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Journal;
using Backup.Journal.Postgres;
using Backup.Tests;
using Xunit;

namespace Backup.Journal.Conformance;

public sealed class MemoryMembershipStoreTests : MembershipConformance
{
    private readonly ManualClock _clock = new();
    private readonly MemoryMembershipStore _members;

    public MemoryMembershipStoreTests() => _members = new MemoryMembershipStore(_clock);

    protected override IMembershipStore Members => _members;

    protected override IMembershipStore OtherNode => _members;

    protected override Task AdvanceAsync(TimeSpan by)
    {
        _clock.Advance(by);
        return Task.CompletedTask;
    }

    protected override Task EndSessionAsync(NodeId id)
    {
        _members.EndSession(id);
        return Task.CompletedTask;
    }
}

public sealed class PostgresMembershipStoreTests(SharedPostgres shared) : MembershipConformance, IAsyncLifetime
{
    private string _name = "";
    private JournalDatabase _database = null!;
    private PostgresMembershipStore _members = null!;
    private PostgresMembershipStore _otherNode = null!;

    protected override IMembershipStore Members => _members;

    protected override IMembershipStore OtherNode => _otherNode;

    public async ValueTask InitializeAsync()
    {
        _name = await shared.NewDatabaseAsync();
        _database = new JournalDatabase(shared.Server.ConnectionString(_name));
        _members = new PostgresMembershipStore(_database, TimeProvider.System);
        _otherNode = new PostgresMembershipStore(_database, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _members.DisposeAsync();
        await _otherNode.DisposeAsync();
        await _database.DisposeAsync();
    }

    protected override Task AdvanceAsync(TimeSpan by) =>
        shared.Server.ExecuteAsync($"update backup.lease_clock set shift = shift + interval '{by.TotalMilliseconds} ms'", _name);

    // One member holds a session at this time, and the server answers when its process is gone.
    protected override Task EndSessionAsync(NodeId id) => shared.Server.ExecuteAsync(
        "select pg_terminate_backend(l.pid, 10000) from pg_locks l where l.locktype = 'advisory' and l.database = (select oid from pg_database where datname = current_database())",
        _name);

    [Fact]
    public async Task Another_process_with_the_same_name_and_incarnation_does_not_get_the_session()
    {
        var a = await JoinedAsync("a");
        Assert.True(await _members.HoldSessionAsync(a));

        Assert.False(await _otherNode.HoldSessionAsync(a));
    }

    [Fact]
    public async Task A_process_that_ends_closes_its_session()
    {
        var a = await JoinedAsync("a");
        await using (var other = new PostgresMembershipStore(_database, TimeProvider.System))
        {
            Assert.True(await other.HoldSessionAsync(a));
            Assert.False(await IsGoneAsync(a));
        }

        // The server tells nobody when it has noticed: it must be asked again and again.
        var isGone = false;
        for (var tries = 0; tries < 20_000 && !isGone; tries++)
        {
            isGone = await IsGoneAsync(a);
        }

        Assert.True(isGone);
    }

    [Fact]
    public async Task A_member_is_never_deleted_nor_made_to_live_again_by_hand()
    {
        await Members.LeaveAsync(await JoinedAsync("a"));
        string[] attempts =
        [
            "delete from backup.node",
            "update backup.node set incarnation = 0",
            "update backup.node set status = 'up', expires_at = clock_timestamp() + interval '1 hour'",
        ];
        foreach (var attempt in attempts)
        {
            var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => shared.Server.ExecuteAsync(attempt, _name));
            Assert.StartsWith("members are never deleted", refused.MessageText, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_beat_does_not_wait_for_a_join_that_waits_for_a_lock()
    {
        var (a, b) = (await JoinedAsync("a"), await JoinedAsync("b"));
        await using var frozen = new Npgsql.NpgsqlConnection(shared.Server.ConnectionString(_name) + ";Pooling=false");
        await frozen.OpenAsync();
        await using var transaction = await frozen.BeginTransactionAsync();
        await using (var hold = new Npgsql.NpgsqlCommand("select 1 from backup.node where name = 'b' for update", frozen, transaction))
        {
            await hold.ExecuteNonQueryAsync();
        }

        var joining = JoinAsync("b", "another process", "b:9000");

        await ExpectMemberAsync(a);
        Assert.Contains("lock timeout", Assert.IsType<JoinAnswer.CouldNotTell>(await joining).Reason, StringComparison.Ordinal);
        Assert.Contains("lock timeout", Assert.IsType<BeatAnswer.CouldNotTell>(await _members.BeatAsync(b, [], TimeToLive)).Reason, StringComparison.Ordinal);
        await transaction.RollbackAsync();
        await ExpectMemberAsync(b);
    }

    [Fact]
    public async Task Where_no_server_answers_nothing_is_known_and_only_reading_throws()
    {
        await using var database = new JournalDatabase("Host=127.0.0.1;Port=1;Username=backup;Password=open sesame;Database=backup");
        await using var members = new PostgresMembershipStore(database, TimeProvider.System);
        var a = new NodeId("a", 1);

        Assert.Contains("cannot be reached", Assert.IsType<JoinAnswer.CouldNotTell>(await members.JoinAsync(new JoinRequest("a", "one", "a:9000", []), TimeToLive)).Reason, StringComparison.Ordinal);
        Assert.Contains("cannot be reached", Assert.IsType<BeatAnswer.CouldNotTell>(await members.BeatAsync(a, [], TimeToLive)).Reason, StringComparison.Ordinal);
        Assert.IsType<EndAnswer.CouldNotTell>(await members.LeaveAsync(a));
        Assert.IsType<EndAnswer.CouldNotTell>(await members.DownAsync([a], [], "cut off"));
        Assert.False(await members.HoldSessionAsync(a));
        Assert.False(await members.IsGoneAsync(a, default));
        await Assert.ThrowsAsync<JournalException>(async () => await members.ReadAsync(default));
    }
}

/// <summary>What hurts its server.</summary>
public sealed class PostgresMembershipRestartTests
{
    [Fact]
    public async Task After_the_server_was_killed_all_sessions_are_gone_and_nobody_is_said_to_be()
    {
        await using var server = await PostgresServer.StartAsync();
        await server.ExecuteAsync("create database j");
        await PostgresSchema.MigrateAsync(server.ConnectionString("j"), default);
        await using var database = new JournalDatabase(server.ConnectionString("j"));
        await using var members = new PostgresMembershipStore(database, TimeProvider.System);
        var a = Assert.IsType<JoinAnswer.Joined>(await members.JoinAsync(new JoinRequest("a", "one", "a:9000", []), TimeSpan.FromMinutes(5))).Id;
        Assert.True(await members.HoldSessionAsync(a));

        await server.KillAsync();
        Assert.False(await members.HoldSessionAsync(a));
        await server.StartAgainAsync();

        await using var others = new JournalDatabase(server.ConnectionString("j"));
        await using var other = new PostgresMembershipStore(others, TimeProvider.System);
        Assert.False(await other.IsGoneAsync(a, default));
        Assert.True(await members.HoldSessionAsync(a));
        Assert.False(await other.IsGoneAsync(a, default));
        await server.ExecuteAsync("select pg_terminate_backend(l.pid, 10000) from pg_locks l where l.locktype = 'advisory'", "j");
        Assert.True(await other.IsGoneAsync(a, default));
    }
}
