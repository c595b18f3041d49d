using Backup.Actor.Kernel.Journal;
using Backup.Journal.Postgres;
using Backup.Tests;
using Npgsql;
using Xunit;
using static Backup.Journal.Conformance.JournalConformance;

namespace Backup.Journal.Conformance;

/// <summary>Commits that wait for a standby, crashes, and promotions: a server of its own for each.</summary>
public sealed class PostgresStandbyTests : IAsyncLifetime
{
    private const string WaitsForStandby = "wait_event = 'SyncRep'";
    private readonly JournalRecord[] _history = Chain("A", 3);
    private readonly TimelineMemory _timeline = new();
    private PostgresServer _server = null!;
    private PostgresUse _use = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartAsync();
        await PostgresSchema.MigrateAsync(_server.ConnectionString(), default);
        _use = await OpenAsync(_server, "one", 7);
    }

    public async ValueTask DisposeAsync()
    {
        await _use.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("pg_cancel_backend")]
    [InlineData("pg_terminate_backend")]
    public async Task A_wait_for_the_standby_that_somebody_ends_is_never_taken_for_stored(string end)
    {
        await _server.RequireStandbyAsync("missing");
        var appending = _use.AppendAsync(Append(0));
        var backend = await _server.WaitForAsync(WaitsForStandby);

        await _server.ExecuteAsync($"select {end}({backend})");

        Assert.Equal([AppendOutcome.Unknown], await appending);

        // The row can be seen now, and a failover would lose it: nobody may act on it before a barrier.
        Assert.Equal(1L, await _server.AskAsync<long>("select count(*) from backup.event"));
        var settling = _use.Journal.ReadHeadAsync("A", default).AsTask();
        var activating = _use.Journal.ReadAsync(["A"], default).AsTask();
        await _server.WaitForAsync($"{WaitsForStandby} and query like '%journal_writer%'");
        Assert.False(settling.IsCompleted || activating.IsCompleted);

        await _server.SetAsync("synchronous_standby_names", "");

        Assert.True((await settling).IsSameAs(Append(0).HeadAfter));
        Assert.Single((await activating)["A"]);
    }

    [Fact]
    public async Task A_crashed_server_that_came_back_is_not_believed_before_its_standby_is_there()
    {
        await _server.RequireStandbyAsync("missing");
        var appending = _use.AppendAsync(Append(0));
        await _server.WaitForAsync(WaitsForStandby);
        await _server.KillAsync();
        Assert.Equal([AppendOutcome.Unknown], await appending);

        await _server.StartAgainAsync();

        Assert.Equal(1L, await _server.AskAsync<long>("select count(*) from backup.event"));
        var settling = _use.Journal.ReadHeadAsync("A", default).AsTask();
        await _server.WaitForAsync(WaitsForStandby);
        Assert.False(settling.IsCompleted);
        await _server.SetAsync("synchronous_standby_names", "");
        Assert.True((await settling).IsSameAs(Append(0).HeadAfter));
    }

    [Fact]
    public async Task Who_stops_waiting_for_a_read_that_waits_for_the_standby_is_let_go()
    {
        await _server.RequireStandbyAsync("missing");
        using var stopping = new CancellationTokenSource();
        var reading = _use.Journal.ReadAsync(["A"], stopping.Token).AsTask();
        await _server.WaitForAsync($"{WaitsForStandby} and query like '%journal_writer%'");

        await stopping.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(TimeSpan.FromSeconds(10)));
        await _server.SetAsync("synchronous_standby_names", "");
        Assert.Empty((await _use.Journal.ReadAsync(["A"], default))["A"]);
    }

    [Fact]
    public async Task What_was_stored_before_the_primary_died_is_on_the_promoted_standby_and_the_old_primary_is_refused()
    {
        await using var standby = await _server.MakeStandbyAsync("s1");
        await _server.WaitForAsync("backend_type = 'walsender' and application_name = 's1'");
        await _server.RequireStandbyAsync("s1");
        Assert.Equal([AppendOutcome.Stored], await _use.AppendAsync(Append(0)));

        var replica = await Assert.ThrowsAsync<JournalException>(() => OpenAsync(standby, "two"));
        Assert.Contains("is a replica", replica.Message, StringComparison.Ordinal);

        await _server.KillAsync();
        Assert.Equal([AppendOutcome.Unknown], await _use.AppendAsync(Append(1)));
        await standby.PromoteAsync();
        await using var next = await OpenAsync(standby, "two");
        Assert.Equal(2, (await next.TakeAsync(7, takeOver: 1)).Epoch);
        Assert.Single((await next.Journal.ReadAsync(["A"], default))["A"]);
        Assert.Equal([AppendOutcome.Stored], await next.AppendAsync(Append(1) with { Epoch = 2 }));

        await _server.StartAgainAsync();
        await _server.SetAsync("synchronous_standby_names", "");

        var old = await Assert.ThrowsAsync<JournalException>(() => OpenAsync(_server, "three"));
        Assert.Contains("is on timeline 1, and timeline 2 has been seen", old.Message, StringComparison.Ordinal);
        Assert.Equal([AppendOutcome.NotStored], await _use.AppendAsync(Append(1)));
    }

    [Fact]
    public async Task An_old_primary_that_stands_first_in_the_list_is_passed_over_for_the_new_one()
    {
        await using var standby = await _server.MakeStandbyAsync("s1");
        await _server.WaitForAsync("backend_type = 'walsender' and application_name = 's1'");
        await _server.KillAsync();
        await standby.PromoteAsync();
        await using var next = await OpenAsync(standby, "two");
        await _server.StartAgainAsync();
        var both = new NpgsqlConnectionStringBuilder(_server.ConnectionString()) { Host = $"127.0.0.1:{_server.Port},127.0.0.1:{standby.Port}" };
        await using var database = new JournalDatabase(both.ConnectionString, _timeline);

        await database.CheckAsync(default);
        await using var journal = await PostgresJournal.OpenAsync(database, "three", TimeProvider.System);
        Assert.True((await journal.ReadHeadAsync("A", default)).IsSameAs(JournalHead.Empty));
        Assert.Equal(1L, await standby.AskAsync<long>("select count(*) from backup.journal_writer where name = 'three'"));
        Assert.Equal(0L, await _server.AskAsync<long>("select count(*) from backup.journal_writer where name = 'three'"));
    }

    [Fact]
    public async Task When_every_server_of_a_list_is_refused_each_reason_is_told()
    {
        await using var standby = await _server.MakeStandbyAsync("s1");
        var both = new NpgsqlConnectionStringBuilder(_server.ConnectionString()) { Host = $"127.0.0.1:{standby.Port},127.0.0.1:1" };
        await using var database = new JournalDatabase(both.ConnectionString, _timeline);

        var refused = await Assert.ThrowsAsync<JournalException>(() => database.CheckAsync(default));

        Assert.StartsWith("No server of 127.0.0.1:", refused.Message, StringComparison.Ordinal);
        Assert.Contains("is a replica", refused.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be reached", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_writer_that_waits_for_its_standby_says_so()
    {
        await using var standby = await _server.MakeStandbyAsync("s1");
        await _server.WaitForAsync("backend_type = 'walsender' and application_name = 's1'");
        await _server.RequireStandbyAsync("s1");
        await using var use = await PostgresUse.OpenAsync(
            _server, "postgres", "hasty", clock: TimeProvider.System, timeline: _timeline, options: new PostgresJournalOptions { StallLimit = TimeSpan.FromMilliseconds(300) }, shards: 8);
        await standby.FreezeAsync();

        var appending = use.AppendAsync(Append(0) with { Shard = 8 });
        while (use.Journal.Trouble?.Contains("wait for the synchronous standby (s1)", StringComparison.Ordinal) != true && !appending.IsCompleted)
        {
            await Task.Delay(20);
        }

        Assert.False(appending.IsCompleted);
        await standby.FreezeAsync(frozen: false);
        await appending;
        await use.AppendAsync(Append(1) with { Shard = 8 });
        Assert.Null(use.Journal.Trouble);
    }

    [Fact]
    public async Task An_append_waits_for_a_standby_that_stands_still_and_is_stored_when_it_goes_on()
    {
        await using var standby = await _server.MakeStandbyAsync("s1");
        await _server.WaitForAsync("backend_type = 'walsender' and application_name = 's1'");
        await _server.RequireStandbyAsync("s1");
        await standby.FreezeAsync();

        var appending = _use.AppendAsync(Append(0));
        await _server.WaitForAsync(WaitsForStandby);
        await standby.FreezeAsync(frozen: false);

        Assert.Equal([AppendOutcome.Stored], await appending);
    }

    private EntityAppend Append(int place) => new("A", 7, 1, false, _history[place..(place + 1)]);

    private Task<PostgresUse> OpenAsync(PostgresServer server, string owner, params int[] shards) =>
        PostgresUse.OpenAsync(server, "postgres", owner, timeline: _timeline, shards: shards);
}
