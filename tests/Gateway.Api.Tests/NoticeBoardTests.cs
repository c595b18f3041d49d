using Backup.Actor.Kernel.Notices;
using Backup.Gateway.Api.Notices;
using Backup.Tests;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using static Backup.Gateway.Api.Tests.NoticeTests;

namespace Backup.Gateway.Api.Tests;

/// <summary>What a node shows while others set notices, and while the store is away.</summary>
public sealed class NoticeBoardTests : IAsyncDisposable
{
    private readonly ManualClock _clock = new();
    private readonly HeldStore _store = new();
    private readonly NoticeBoard _board;

    public NoticeBoardTests() => _board = new NoticeBoard(_store, new GatewayOptions(), _clock, NullLogger<NoticeBoard>.Instance);

    public async ValueTask DisposeAsync()
    {
        await _board.StopAsync(default);
        _board.Dispose();
    }

    [Fact]
    public async Task A_node_that_starts_says_what_was_set_before()
    {
        await _store.SetAsync(Back, default);

        await _board.StartAsync(default);

        Assert.Equal(Back, _board.Current);
    }

    [Fact]
    public async Task What_was_set_on_another_node_is_shown_within_two_seconds()
    {
        await StartAsync();
        Assert.Null(_board.Current);

        await _store.SetAsync(Down, default);
        await PassAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(Down, _board.Current);
    }

    [Fact]
    public async Task While_the_store_is_away_the_last_notice_stays_and_what_came_meanwhile_is_shown_afterwards()
    {
        await _store.SetAsync(Down, default);
        await StartAsync();
        await _store.SetAsync(Back, default);
        _store.Inner.IsAway = true;
        await PassAsync(TimeSpan.FromSeconds(1));
        await PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(Down, _board.Current);

        _store.Inner.IsAway = false;
        await PassAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(Back, _board.Current);
    }

    [Fact]
    public async Task A_node_that_cannot_read_when_it_starts_says_nothing_of_the_main_site()
    {
        await _store.SetAsync(Back, default);
        _store.Inner.IsAway = true;

        await _board.StartAsync(default);

        Assert.Null(_board.Current);
    }

    [Fact]
    public async Task What_could_not_be_stored_is_not_shown()
    {
        await StartAsync();
        _store.Inner.IsAway = true;

        await Assert.ThrowsAsync<Actor.Kernel.Journal.JournalException>(() => _board.SetAsync(Back, default));

        Assert.Null(_board.Current);
    }

    [Fact]
    public async Task A_look_that_was_under_way_does_not_put_the_notice_before_over_what_was_set_here()
    {
        await _store.SetAsync(Down, default);
        var hasRead = _store.Hold();
        var starting = _board.StartAsync(default);
        await hasRead;

        await _board.SetAsync(Back, default);
        _store.Release();
        await starting;

        Assert.Equal(Back, _board.Current);
    }

    private async Task StartAsync()
    {
        await _board.StartAsync(default);
        await WaitsAsync();
    }

    /// <summary>Time goes by, and the look that was due has been made.</summary>
    private Task PassAsync(TimeSpan time)
    {
        _clock.Advance(time);
        return WaitsAsync();
    }

    private async Task WaitsAsync()
    {
        while (_clock.Armed == 0)
        {
            await Task.Yield();
        }
    }

    /// <summary>Reads what is there, and gives it out only when it may.</summary>
    private sealed class HeldStore : INoticeStore
    {
        private readonly TaskCompletionSource _hasRead = new();
        private readonly TaskCompletionSource _release = new();
        private bool _isHeld;

        internal MemoryNoticeStore Inner { get; } = new();

        /// <returns>When somebody has read.</returns>
        internal Task Hold()
        {
            _isHeld = true;
            return _hasRead.Task;
        }

        internal void Release() => _release.SetResult();

        public ValueTask SetAsync(MainSiteNotice notice, CancellationToken cancellationToken) => Inner.SetAsync(notice, cancellationToken);

        public async ValueTask<IReadOnlyList<MainSiteNotice>> ReadAsync(int max, CancellationToken cancellationToken)
        {
            var found = await Inner.ReadAsync(max, cancellationToken);
            if (_isHeld)
            {
                _hasRead.TrySetResult();
                await _release.Task;
            }

            return found;
        }
    }
}
