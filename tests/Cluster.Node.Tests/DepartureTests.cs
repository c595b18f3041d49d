using Backup.Cluster.Node.Gateway;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Backup.Cluster.Node.Tests;

/// <summary>Who is still with a node that leaves is sent elsewhere by its answers, and none of them is cut off.</summary>
public sealed class DepartureTests : IAsyncLifetime
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(30);
    private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WebApplication _app;
    private readonly Departure _departure;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false });
    private bool _isLeaving;

    public DepartureTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _departure = new Departure(() => _isLeaving, "NODE", TimeProvider.System);
        _app.Use(_departure.AccompanyAsync);
        _app.MapGet("/at-once", () => "done");
        _app.MapGet("/slow", SlowAsync);
        _app.MapGet("/hub/portfolio", SlowAsync);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _app.StartAsync(Stop);
        _http.BaseAddress = new Uri(_app.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        _answer.TrySetResult();
        _http.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task A_node_that_stays_keeps_its_clients()
    {
        using var answer = await _http.GetAsync("/at-once", Stop);

        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.NotEqual(true, answer.Headers.ConnectionClose);
    }

    [Fact]
    public async Task A_node_that_leaves_takes_the_balancers_cookie_from_whom_it_answers_and_closes()
    {
        var asked = _http.GetAsync("/slow", Stop);
        await _asked.Task.WaitAsync(Stop);

        // Told to leave while it was being asked.
        _isLeaving = true;
        _answer.SetResult();

        using var answer = await asked;
        Assert.True(answer.IsSuccessStatusCode);
        Assert.StartsWith("NODE=; expires=Thu, 01 Jan 1970", Assert.Single(answer.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
        Assert.True(answer.Headers.ConnectionClose);
    }

    [Fact]
    public async Task It_does_not_end_before_what_it_was_asked_is_answered()
    {
        var asked = _http.GetAsync("/slow", Stop);
        await _asked.Task.WaitAsync(Stop);

        var finished = _departure.FinishAsync(LongEnough);
        Assert.False(finished.IsCompleted);
        _answer.SetResult();

        await finished.WaitAsync(LongEnough, Stop);
        using var answer = await asked;
        Assert.True(answer.IsSuccessStatusCode);
    }

    [Fact]
    public async Task It_waits_no_longer_than_it_was_told_and_not_for_streams()
    {
        var stream = _http.GetAsync("/hub/portfolio", Stop);
        await _asked.Task.WaitAsync(Stop);
        Assert.True(_departure.FinishAsync(LongEnough).IsCompleted);

        var slow = _http.GetAsync("/slow", Stop);
        while (_departure.FinishAsync(LongEnough).IsCompleted)
        {
            await Task.Delay(1, Stop);
        }

        await _departure.FinishAsync(TimeSpan.FromMilliseconds(50)).WaitAsync(LongEnough, Stop);
        _answer.SetResult();
        using var both = await stream;
        using var too = await slow;
    }

    private async Task<IResult> SlowAsync()
    {
        _asked.TrySetResult();
        await _answer.Task;
        return Results.Text("done");
    }
}
