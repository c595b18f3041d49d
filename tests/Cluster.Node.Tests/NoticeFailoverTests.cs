using System.Diagnostics;
using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Notices;
using Backup.Gateway.Api;
using Backup.Gateway.Api.Notices;
using Backup.Journal.Postgres;
using Backup.Tests;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace Backup.Cluster.Node.Tests;

/// <summary>Two nodes over one PostgreSQL with a synchronous standby: what one is told both show, before and after the primary is lost.</summary>
public sealed class NoticeFailoverTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly List<IAsyncDisposable> _open = [];
    private PostgresServer _primary = null!;
    private PostgresServer _standby = null!;

    public async ValueTask InitializeAsync()
    {
        _primary = await PostgresServer.StartAsync();
        await PostgresSchema.MigrateAsync(_primary.ConnectionString(), default);
        _standby = await _primary.MakeStandbyAsync("s1");
        await _primary.WaitForAsync("backend_type = 'walsender' and application_name = 's1'");
        await _primary.RequireStandbyAsync("s1");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var open in Enumerable.Reverse(_open))
        {
            await open.DisposeAsync();
        }

        await _standby.DisposeAsync();
        await _primary.DisposeAsync();
    }

    [Fact]
    public async Task A_notice_is_on_every_node_within_two_seconds_and_outlives_the_primary()
    {
        var (one, other) = (await StartAsync(), await StartAsync());

        await one.SetAsync(Notice("first"), default);
        var since = Stopwatch.GetTimestamp();
        await ShowsAsync(other, "first");
        Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(2), $"The other node took {Stopwatch.GetElapsedTime(since)}.");

        await _primary.KillAsync();
        await Assert.ThrowsAsync<JournalException>(() => other.SetAsync(Notice("lost"), default));
        Assert.Equal(("first", "first"), (one.Current?.Text, other.Current?.Text));

        await _standby.PromoteAsync();
        await ShowsAsync(await StartAsync(), "first");
        await SetAsync(other, "second");
        await ShowsAsync(one, "second");
    }

    private static MainSiteNotice Notice(string text) =>
        new(MainSiteState.Backup, null, null, text, "amol", "a drill", new DateTimeOffset(2026, 11, 20, 4, 40, 0, TimeSpan.Zero));

    /// <summary>As an operator does: again, until it is stored.</summary>
    private static async Task SetAsync(NoticeBoard board, string text)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await board.SetAsync(Notice(text), default);
                return;
            }
            catch (JournalException) when (Stopwatch.GetElapsedTime(since) < Patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            }
        }
    }

    private static async Task ShowsAsync(NoticeBoard board, string text)
    {
        var since = Stopwatch.GetTimestamp();
        while (board.Current?.Text != text)
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < Patience, $"It shows \"{board.Current?.Text}\", expected \"{text}\".");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }

    /// <summary>A node's board, on a connection of its own to whichever of the two servers leads.</summary>
    private async Task<NoticeBoard> StartAsync()
    {
        var servers = new NpgsqlConnectionStringBuilder(_primary.ConnectionString()) { Host = $"127.0.0.1:{_primary.Port},127.0.0.1:{_standby.Port}" };
        var database = new JournalDatabase(servers.ConnectionString);
        var board = new NoticeBoard(new PostgresNoticeStore(database), new GatewayOptions(), TimeProvider.System, NullLogger<NoticeBoard>.Instance);
        _open.Add(database);
        _open.Add(new Stopping(board));
        await board.StartAsync(default);
        return board;
    }

    private sealed class Stopping(NoticeBoard board) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await board.StopAsync(default);
            board.Dispose();
        }
    }
}
