using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Backup.Gateway.Api.Login;

/// <summary>
/// Sends codes, so many a second; and for names that are nobody's does as if: it takes as long as one of the latest real ones took, and ends as that did.
/// </summary>
/// <remarks>Safe for threads.</remarks>
internal sealed class CodePost(ICodeSender sender, GatewayOptions options, TimeProvider clock, ILogger<CodePost> log)
{
    private const int BurstSeconds = 10;
    private readonly Lock _gate = new();

    /// <summary>The latest real ones, the oldest overwritten first.</summary>
    private readonly (TimeSpan Took, IReadOnlyList<string>? Ways)[] _latest = new (TimeSpan, IReadOnlyList<string>?)[32];
    private int _sent;
    private long _millisLeft = options.CodesPerSecond * BurstSeconds * 1000L;
    private long _filledAt = clock.GetTimestamp();

    /// <summary>False: the ways out have as much as they take at the moment.</summary>
    internal bool HasRoom()
    {
        lock (_gate)
        {
            Fill();
            return _millisLeft >= 1000;
        }
    }

    /// <returns>The ways by which it went; null: by none.</returns>
    internal async Task<IReadOnlyList<string>?> SendAsync(GatewayClient client, string code, CancellationToken stop)
    {
        lock (_gate)
        {
            Fill();
            _millisLeft -= 1000;
        }

        var began = clock.GetTimestamp();
        IReadOnlyList<string>? ways = null;
        try
        {
            ways = await sender.SendAsync(client, code, options.CodeLifetime, stop);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.LogError("No code could be sent to client {ClientId}: {Reason}", client.Id, failure.Message);
        }

        lock (_gate)
        {
            _latest[_sent++ % _latest.Length] = (clock.GetElapsedTime(began), ways);
            _sent = _sent == int.MaxValue ? _latest.Length : _sent;
        }

        return ways;
    }

    /// <summary>The same for nobody.</summary>
    internal async Task<IReadOnlyList<string>?> PretendAsync(CancellationToken stop)
    {
        (TimeSpan Took, IReadOnlyList<string>? Ways) like = (TimeSpan.Zero, sender.Ways);
        lock (_gate)
        {
            var known = Math.Min(_sent, _latest.Length);
            like = known > 0 ? _latest[RandomNumberGenerator.GetInt32(known)] : like;
        }

        await Task.Delay(like.Took, clock, stop);
        return like.Ways;
    }

    private void Fill()
    {
        var passed = (long)clock.GetElapsedTime(_filledAt).TotalMilliseconds;
        if (passed > 0)
        {
            _filledAt = clock.GetTimestamp();
            _millisLeft = Math.Min(_millisLeft + passed * options.CodesPerSecond, options.CodesPerSecond * BurstSeconds * 1000L);
        }
    }
}
