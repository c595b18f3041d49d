using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Backup.Gateway.Api.Kite;
using Microsoft.AspNetCore.Http;

namespace Backup.Gateway.Api.Login;

/// <summary>Where somebody stands who could not be let in yet.</summary>
/// <param name="Ahead">About how many try to log in as well; those who went away are among them for a while.</param>
/// <param name="RetryAfterSeconds">When to come back: spread over all who were told so, so that they do not come at one instant.</param>
public sealed record LoginQueuePlace(int Ahead, int RetryAfterSeconds);

/// <summary>
/// Lets so many begin to log in each second as the node can wake accounts for, some more wait in the order in which they came, and whoever comes
/// beyond that is told when to come back. Those who are in already are not touched (RELIABILITY C4).
/// </summary>
/// <remarks>Safe for threads. One for a node.</remarks>
internal sealed class LoginAdmission : IDisposable
{
    private const int RefillsPerSecond = 10;

    /// <summary>For so long whoever was sent away is taken to be waiting outside.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan SpreadMin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SpreadMax = TimeSpan.FromMinutes(1);

    private readonly TokenBucketRateLimiter _bucket;
    private readonly double _perSecond;
    private readonly TimeProvider _clock;
    private readonly Queue<long> _sentAway = [];

    public LoginAdmission(GatewayOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        _clock = clock;
        _perSecond = options.LoginsPerSecond;
        var refill = Math.Max(1, options.LoginsPerSecond / RefillsPerSecond);
        _bucket = new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
        {
            // Never a whole second's people at one instant: they would take the processors from those who are in.
            TokenLimit = Math.Min(options.LoginsPerSecond, 2 * refill),
            TokensPerPeriod = refill,
            ReplenishmentPeriod = TimeSpan.FromSeconds((double)refill / options.LoginsPerSecond),
            QueueLimit = options.LoginsWaitingMax,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
    }

    public void Dispose() => _bucket.Dispose();

    /// <returns>Null: let in. Else the answer that says when to come back.</returns>
    internal async Task<IResult?> AdmitAsync(CancellationToken stop)
    {
        using var admitted = await _bucket.AcquireAsync(1, stop);
        return admitted.IsAcquired ? null : SendAway();
    }

    private IResult SendAway()
    {
        var inside = (int)(_bucket.GetStatistics()?.CurrentQueuedCount ?? 0);
        var outside = CountSentAway();
        var spread = TimeSpan.FromSeconds(outside / _perSecond);
        spread = spread < SpreadMin ? SpreadMin : spread > SpreadMax ? SpreadMax : spread;
        var wait = (int)Math.Ceiling((inside / _perSecond) + (RandomNumberGenerator.GetInt32((int)spread.TotalMilliseconds) / 1000.0));
        var place = new LoginQueuePlace(inside + outside, Math.Max(1, wait));
        return Envelope.RefuseFor(
            TimeSpan.FromSeconds(place.RetryAfterSeconds), StatusCodes.Status503ServiceUnavailable, "NetworkException",
            $"Very many people log in at this moment, about {place.Ahead} before you. Try again in {place.RetryAfterSeconds} seconds; orders and positions are safe meanwhile.", place);
    }

    /// <summary>How many were sent away lately, this one included.</summary>
    private int CountSentAway()
    {
        lock (_sentAway)
        {
            _sentAway.Enqueue(_clock.GetTimestamp());
            while (_clock.GetElapsedTime(_sentAway.Peek()) > Remembered)
            {
                _sentAway.Dequeue();
            }

            return _sentAway.Count;
        }
    }
}
