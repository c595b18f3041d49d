using Backup.Exchange.Wire;

namespace Backup.Tap.Stream.Tests;

/// <summary>One session of the cash segment against a scripted exchange, under a clock that the test moves.</summary>
public abstract class SessionFixture : IDisposable
{
    private protected const Segment Cm = Segment.CapitalMarket;

    private protected CancellationTokenSource Stop { get; } = new();

    private protected ManualClock Clock { get; } = new();

    private protected RecordingDesk Desk { get; } = new();

    private protected ScriptedExchange Exchange { get; } = new(Cm);

    public void Dispose()
    {
        Stop.Cancel();
        Stop.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected TapSession Start(Func<TapSessionOptions, TapSessionOptions>? with = null)
    {
        var options = SessionTests.Options();
        var session = new TapSession(with is null ? options : with(options), Desk, Clock, new Random(1), null, Exchange);
        _ = session.RunAsync(Stop.Token);
        return session;
    }

    /// <summary>A session that may trade, and the exchange's end of it.</summary>
    private protected async Task<(TapSession Session, Peer Peer)> OpenAsync(Func<TapSessionOptions, TapSessionOptions>? with = null)
    {
        var session = Start(with);
        var (peer, _) = await Exchange.OpenAsync(Clock);
        Assert.Equal("recovered 1048576", await Clock.RunUntilAsync(Desk.NextAsync()));
        await Clock.RunUntilAsync(UntilAsync(() => session.Status.State == TapSessionState.Trading));
        return (session, peer);
    }

    private protected static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
        {
            await Task.Delay(1);
        }
    }
}
