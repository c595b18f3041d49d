using Backup.Gateway.Api.Live;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Backup.Gateway.Api.Tests;

public sealed class PortfolioStreamTests : IAsyncLifetime
{
    private const string Client = "DEMO01";
    private const string Day = "2026-11-19";
    private readonly AccountWorld _world = new();
    private readonly PortfolioFeeds _feeds;

    public PortfolioStreamTests() => _feeds = new PortfolioFeeds(_world.Region, _world.Sources, NullLogger<PortfolioFeeds>.Instance);

    public async ValueTask InitializeAsync() => await _world.OpenAsync(Client, 300);

    public ValueTask DisposeAsync()
    {
        _feeds.Dispose();
        return _world.DisposeAsync();
    }

    [Fact]
    public async Task It_begins_with_a_snapshot_of_everything()
    {
        await _world.ExitAsync(Client, 75, "one");
        await using var stream = Follow();

        var first = await NextAsync(stream);

        Assert.Equal(("snapshot", Day, 3L, null), (first.Kind, first.StreamId, first.Sequence, first.FromSequence));
        Assert.Equal(300, Assert.Single(first.Positions).Quantity);
        Assert.Equal("DEMO01-3", Assert.Single(first.Orders).OrderId);
    }

    [Fact]
    public async Task What_happens_to_the_account_follows_as_a_delta_that_says_from_where()
    {
        await using var stream = Follow();
        await NextAsync(stream);

        await _world.ExitAsync(Client, 75, "one");
        var delta = await NextAsync(stream);

        Assert.Equal(("delta", 1L, 3L), (delta.Kind, delta.FromSequence!.Value, delta.Sequence));
        Assert.Equal("DEMO01-3", Assert.Single(delta.Orders).OrderId);
    }

    [Fact]
    public async Task It_resumes_after_the_sequence_that_the_browser_had()
    {
        await _world.ExitAsync(Client, 75, "one");
        await _world.ExitAsync(Client, 75, "two");
        await using var stream = Follow(3, Day);

        var first = await NextAsync(stream);

        Assert.Equal(("delta", 3L, 5L), (first.Kind, first.FromSequence!.Value, first.Sequence));
        Assert.Equal("DEMO01-5", Assert.Single(first.Orders).OrderId);
    }

    [Theory]
    [InlineData(99L, Day)]
    [InlineData(-1L, Day)]
    [InlineData(1L, "2026-11-18")]
    [InlineData(1L, null)]
    public async Task A_browser_that_cannot_be_resumed_gets_a_snapshot(long after, string? streamId)
    {
        await using var stream = Follow(after, streamId);

        Assert.Equal("snapshot", (await NextAsync(stream)).Kind);
    }

    [Fact]
    public async Task A_new_day_is_a_new_stream_and_begins_with_a_snapshot()
    {
        await using var stream = Follow();
        await NextAsync(stream);

        await _world.OpenAsync(Client, 150, day: 20);
        var next = await NextAsync(stream);

        Assert.Equal(("snapshot", "2026-11-20"), (next.Kind, next.StreamId));
    }

    [Fact]
    public async Task Prices_between_two_messages_are_joined_and_the_newest_wins()
    {
        await using var stream = Follow();
        await NextAsync(stream);
        _world.SetPrice(11100);
        _world.SetPrice(11250);

        var prices = await NextAsync(stream);
        var after = await NextAsync(stream);

        Assert.Equal("prices", prices.Kind);
        Assert.Equal(112.50m, Assert.Single(prices.Prices).LastPrice);
        Assert.Equal("heartbeat", after.Kind);
    }

    [Fact]
    public async Task A_quiet_stream_says_that_it_is_alive_and_no_more_often_than_it_should()
    {
        await using var stream = Follow();
        var first = await NextAsync(stream);

        var alive = await NextAsync(stream);

        Assert.Equal(("heartbeat", first.Sequence), (alive.Kind, alive.Sequence));
        Assert.True(alive.ServerTime - first.ServerTime >= _world.Options.StreamHeartbeat);
        Assert.Empty(alive.Orders);
    }

    [Fact]
    public async Task The_stream_ends_with_the_token()
    {
        await using var stream = Follow(expiresIn: TimeSpan.FromSeconds(1));
        await NextAsync(stream);

        var ended = await Assert.ThrowsAsync<HubException>(async () =>
        {
            while (true)
            {
                await NextAsync(stream);
            }
        });

        Assert.StartsWith("TokenException", ended.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_two_browsers_of_one_account_are_told_is_made_once()
    {
        await using var one = Follow();
        await using var two = Follow();
        await NextMessageAsync(one);
        await NextMessageAsync(two);

        // Both wait before anything happens, and no time passes: at the next pulse a message would be made anew, with new ages.
        var told = Task.WhenAll(one.MoveNextAsync().AsTask(), two.MoveNextAsync().AsTask());
        await _world.ExitAsync(Client, 75, "one");
        await told;

        Assert.Same(one.Current, two.Current);
    }

    [Fact]
    public async Task A_browser_that_takes_nothing_for_a_while_is_cut_off_once()
    {
        var cuts = 0;
        await using var stuck = Follow(cutOff: () => cuts++);
        await NextAsync(stuck);

        // The clock was moved until the first message came, perhaps once more than it took.
        Wait(_world.Options.SlowClientMax - (2 * _world.Options.PricesInterval));
        Assert.Equal(0, cuts);
        Wait(_world.Options.SlowClientMax);
        Assert.Equal(1, cuts);

        void Wait(TimeSpan time)
        {
            for (var waited = TimeSpan.Zero; waited < time; waited += _world.Options.PricesInterval)
            {
                _world.Clock.Advance(_world.Options.PricesInterval);
            }
        }
    }

    [Fact]
    public async Task An_account_is_followed_as_long_as_somebody_looks_and_again_afterwards()
    {
        await using (var first = Follow())
        {
            await NextAsync(first);
        }

        await _world.ExitAsync(Client, 75, "one");
        await using var second = Follow();

        Assert.Equal(("snapshot", 3L), (await NextAsync(second) is var snapshot ? snapshot.Kind : "", snapshot.Sequence));
    }

    [Fact]
    public async Task A_browser_that_leaves_while_nothing_happens_is_let_go_quietly()
    {
        var stream = Follow();
        await NextAsync(stream);
        Assert.Equal("heartbeat", (await NextAsync(stream)).Kind);

        // The account's next state is still being waited for at this moment.
        await stream.DisposeAsync();
    }

    [Fact]
    public async Task A_stream_that_is_cancelled_while_nothing_happens_ends_without_another_fault()
    {
        using var leaving = new CancellationTokenSource();
        await using var stream = Follow(stop: leaving.Token);
        await NextAsync(stream);
        var next = stream.MoveNextAsync().AsTask();

        await leaving.CancelAsync();

        Assert.Null(await Record.ExceptionAsync(async () =>
        {
            try
            {
                await next;
            }
            catch (OperationCanceledException)
            {
                // Both are an end: with this, or with no further message.
            }
        }));
    }

    private IAsyncEnumerator<PortfolioMessage> Follow(
        long? after = null, string? streamId = null, TimeSpan? expiresIn = null, Action? cutOff = null, CancellationToken stop = default)
    {
        var end = _world.Clock.GetUtcNow() + (expiresIn ?? TimeSpan.FromHours(1));
        return new PortfolioStream(_feeds, _world.Sources)
            .FollowAsync(
                Client, after, streamId, () => _world.Clock.GetUtcNow() >= end ? "TokenException: your session has expired." : null, cutOff ?? NobodyIsCutOff, stop)
            .GetAsyncEnumerator(stop);
    }

    /// <summary>Moves the clock until the stream has something to say.</summary>
    private async Task<PortfolioUpdate> NextAsync(IAsyncEnumerator<PortfolioMessage> stream) => (await NextMessageAsync(stream)).Update;

    private static void NobodyIsCutOff() => Assert.Fail("a connection that takes everything was cut off");

    private async Task<PortfolioMessage> NextMessageAsync(IAsyncEnumerator<PortfolioMessage> stream)
    {
        var next = stream.MoveNextAsync().AsTask();
        for (var i = 0; i < 1000 && !next.IsCompleted; i++)
        {
            // Facts come from the account's own loop; let it speak first, so that time does not outrun it.
            await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(20)));
            if (!next.IsCompleted)
            {
                _world.Clock.Advance(_world.Options.PricesInterval);
            }
        }

        Assert.True(await next, "the stream ended");
        return stream.Current;
    }
}
