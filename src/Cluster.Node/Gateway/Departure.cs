using Microsoft.AspNetCore.Http.Features;

namespace Backup.Cluster.Node.Gateway;

/// <summary>
/// Lets a node that is leaving go unnoticed by those who are still with it: each answer takes the load balancer's cookie from its client, who goes
/// to another node with the next request, and the node does not end before what it was asked is answered.
/// </summary>
/// <remarks>
/// Without that a client with a cookie stays until the node is gone, and what he asked at that moment is cut off when the balancer sees it. Streams
/// do not count: they last, are ended with the host, and come back through another node by themselves.
/// </remarks>
/// <param name="cookie">By which the balancer keeps a client with this node; empty where it does so in another way, or not.</param>
internal sealed class Departure(Func<bool> isLeaving, string cookie, TimeProvider clock)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(10);
    private int _underWay;

    /// <summary>Goes with every request of the gateway.</summary>
    internal async Task AccompanyAsync(HttpContext context, RequestDelegate next)
    {
        if (IsStream(context))
        {
            await next(context);
            return;
        }

        Interlocked.Increment(ref _underWay);
        try
        {
            // As the answer begins, not as the question comes: the node may be told to leave meanwhile.
            context.Response.OnStarting(SendElsewhereAsync, context);
            await next(context);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    /// <summary>Waits until nothing is under way, or for as long as is given.</summary>
    internal async Task FinishAsync(TimeSpan atMost)
    {
        var since = clock.GetTimestamp();
        while (Volatile.Read(ref _underWay) > 0 && clock.GetElapsedTime(since) < atMost)
        {
            await Task.Delay(LookEvery, clock);
        }
    }

    private Task SendElsewhereAsync(object state)
    {
        var context = (HttpContext)state;
        if (isLeaving())
        {
            if (cookie.Length > 0)
            {
                context.Response.Cookies.Delete(cookie, new CookieOptions { Path = "/", HttpOnly = true });
            }

            if (HttpProtocol.IsHttp11(context.Request.Protocol))
            {
                context.Response.Headers.Connection = "close";
            }
        }

        return Task.CompletedTask;
    }

    private static bool IsStream(HttpContext context) =>
        context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
        || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true }
        || context.Request.Path.StartsWithSegments("/hub", StringComparison.Ordinal);
}
