using Microsoft.Extensions.Logging;

namespace Backup.Gateway.Api.Prices;

/// <summary>Whether a feed is heard; and the operator's word that it is away, once until it is there again.</summary>
/// <remarks>One feed writes; its status may be read by any thread.</remarks>
public sealed class FeedHearing(string name, string source, TimeProvider clock, ILogger log)
{
    private long _heardAt;
    private volatile bool _isHeard;
    private bool _isTold;

    /// <summary>Something came.</summary>
    public void Hear()
    {
        Volatile.Write(ref _heardAt, clock.GetUtcNow().Ticks);
        _isHeard = true;
        Reach();
    }

    /// <summary>The feed is there again, whether it has said anything or not.</summary>
    public void Reach() => _isTold = false;

    /// <summary>It ended as it may, and is asked again.</summary>
    public void End()
    {
        _isHeard = false;
        log.LogWarning("The price feed {Feed} ended; asking again", name);
    }

    public void Lose(string reason)
    {
        _isHeard = false;
        if (!_isTold)
        {
            log.LogWarning("The price feed {Feed} is away ({Reason}); prices shown keep ageing until it is back", name, reason);
            _isTold = true;
        }
    }

    /// <param name="received">What the feed received, in its own words; null for one without such counts.</param>
    public PriceFeedStatus Status(PriceIntakeCounts intake, object? received) =>
        new(name, source, _isHeard, Volatile.Read(ref _heardAt) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null, intake, received);
}
