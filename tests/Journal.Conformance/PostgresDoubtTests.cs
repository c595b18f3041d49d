using Backup.Actor.Kernel.Journal;
using Backup.Journal.Postgres;
using Backup.Tests;
using Npgsql;
using Xunit;
using static Backup.Journal.Conformance.JournalConformance;

namespace Backup.Journal.Conformance;

/// <summary>Appends whose answer does not come, and what can still be said about them.</summary>
public sealed class PostgresDoubtTests(SharedPostgres shared) : IAsyncLifetime
{
    private readonly JournalRecord[] _history = Chain("A", 2);
    private readonly ManualClock _clock = new();
    private TcpProxy _wire = null!;
    private PostgresUse _use = null!;

    public async ValueTask InitializeAsync()
    {
        var name = await shared.NewDatabaseAsync();
        _wire = TcpProxy.To(shared.Server.Port);
        _use = await PostgresUse.OpenAsync(shared.Server, name, port: _wire.Port, clock: _clock, shards: 7);
    }

    public async ValueTask DisposeAsync()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"the journal's last trouble: {_use.Journal.Trouble ?? "none"}");
        await _use.DisposeAsync();
        await _wire.DisposeAsync();
    }

    [Fact]
    public async Task A_request_that_was_lost_with_its_connection_is_in_doubt_until_the_head_shows_that_nothing_was_stored()
    {
        _wire.LoseNextRequest();

        Assert.Equal([AppendOutcome.Unknown], await _use.AppendAsync(First));

        Assert.True((await _use.Journal.ReadHeadAsync("A", default)).IsSameAs(JournalHead.Empty));
        Assert.Equal([AppendOutcome.Stored], await _use.AppendAsync(First));
    }

    [Fact]
    public async Task A_reply_that_was_lost_with_its_connection_is_in_doubt_until_the_head_shows_that_it_was_stored()
    {
        _wire.LoseNextReply();

        Assert.Equal([AppendOutcome.Unknown], await _use.AppendAsync(First));

        Assert.True((await _use.Journal.ReadHeadAsync("A", default)).IsSameAs(First.HeadAfter));
        Assert.Equal([AppendOutcome.Stored], await _use.AppendAsync(Second));
    }

    [Fact]
    public async Task A_link_that_swallows_everything_is_replaced_and_what_it_still_delivers_stores_nothing()
    {
        _wire.Hold();

        var appending = _use.AppendAsync(First);
        _clock.Advance(new PostgresJournalOptions().StallLimit);

        Assert.Equal([AppendOutcome.Unknown], await appending);
        Assert.True((await _use.Journal.ReadHeadAsync("A", default)).IsSameAs(JournalHead.Empty));

        await _wire.ReleaseAsync();

        Assert.True((await _use.Journal.ReadHeadAsync("A", default)).IsSameAs(JournalHead.Empty));
        Assert.Equal([AppendOutcome.Stored], await _use.AppendAsync(First));
    }

    [Fact]
    public async Task An_append_that_the_server_is_still_at_is_waited_for_by_the_connection_that_would_replace_it()
    {
        await _use.AppendAsync(First);
        await using var other = new NpgsqlConnection(shared.Server.ConnectionString(_use.Name) + ";Pooling=false");
        await other.OpenAsync();
        await using var held = await other.BeginTransactionAsync();
        await using (var head = new NpgsqlCommand("select 1 from backup.entity_head where entity = 'A' for update", other, held))
        {
            await head.ExecuteNonQueryAsync();
        }

        var appending = _use.AppendAsync(Second);
        await shared.Server.WaitForAsync($"wait_event_type = 'Lock' and datname = '{_use.Name}'");
        _clock.Advance(new PostgresJournalOptions().StallLimit);
        await shared.Server.WaitForAsync($"wait_event_type = 'Lock' and datname = '{_use.Name}' and query like '%into journal_writer%'");
        await held.RollbackAsync();

        Assert.Equal([AppendOutcome.Stored], await appending);
        Assert.True((await _use.Journal.ReadHeadAsync("A", default)).IsSameAs(Second.HeadAfter));
        Assert.Equal([AppendOutcome.Conflict], await _use.AppendAsync(Second));
    }

    [Fact]
    public async Task Many_appends_in_doubt_are_settled_together()
    {
        var names = Enumerable.Range(0, 200).Select(i => $"A{i}").ToArray();
        var batch = names.Select(name => new EntityAppend(name, 7, 1, false, Chain(name, 1))).ToArray();
        _wire.LoseNextReply();
        Assert.All(await _use.AppendAsync(batch), outcome => Assert.Equal(AppendOutcome.Unknown, outcome));

        var heads = await Task.WhenAll(names.Select(name => _use.Journal.ReadHeadAsync(name, default).AsTask()));

        Assert.All(heads.Zip(batch), pair => Assert.True(pair.First.IsSameAs(pair.Second.HeadAfter)));
    }

    [Fact]
    public async Task A_server_that_is_out_of_disk_stores_nothing_and_says_so_for_certain()
    {
        await shared.Server.ExecuteAsync(
            """
            create function backup.full() returns trigger language plpgsql as $$ begin raise exception 'no space left' using errcode = '53100'; end $$;
            create trigger full_disk before insert on backup.entity_head execute function backup.full();
            """,
            _use.Name);

        Assert.Equal([AppendOutcome.NotStored], await _use.AppendAsync(First));
        Assert.Equal("no space left", _use.Journal.Trouble);

        await shared.Server.ExecuteAsync("drop trigger full_disk on backup.entity_head", _use.Name);
        Assert.Equal([AppendOutcome.Stored], await _use.AppendAsync(First));
        Assert.Null(_use.Journal.Trouble);
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_told_from_one_that_did_not_answer()
    {
        _wire.LoseNextRequest();
        await _use.AppendAsync(First);
        await _wire.DisposeAsync();

        Assert.Equal([AppendOutcome.NotStored], await _use.AppendAsync(First));
        Assert.Contains("cannot be reached", _use.Journal.Trouble, StringComparison.Ordinal);
        await Assert.ThrowsAsync<JournalException>(() => _use.Journal.ReadHeadAsync("A", default).AsTask());
    }

    private EntityAppend First => new("A", 7, 1, false, _history[..1]);

    private EntityAppend Second => new("A", 7, 1, false, _history[1..]);
}
