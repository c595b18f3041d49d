using Backup.Cluster.Node.Settings;
using Backup.Gateway.Api.Prices;

namespace Backup.Cluster.Node.Prices;

/// <summary>Starts the feeds that the settings ask for; all of them write into one book.</summary>
internal static class PriceFeedServices
{
    internal static void AddPriceFeeds(this IServiceCollection services, PriceSettings settings)
    {
        if (settings.Stream is { } stream)
        {
            services.AddFeed(provider => new ExchangePriceFeed(
                provider.GetRequiredService<PriceBook>(), new HttpClient { Timeout = Timeout.InfiniteTimeSpan }, stream, settings.StreamSource,
                provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ExchangePriceFeed>>()));
        }

        foreach (var broadcast in settings.Broadcasts)
        {
            services.AddFeed(provider => new BroadcastPriceFeed(
                broadcast, settings.BroadcastSource, provider.GetRequiredService<PriceBook>(), provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<BroadcastPriceFeed>>()));
        }
    }

    /// <summary>One object under both names; AddHostedService would take the second feed of a type for a repetition of the first.</summary>
    private static void AddFeed<TFeed>(this IServiceCollection services, Func<IServiceProvider, TFeed> make)
        where TFeed : BackgroundService, IPriceFeed
    {
        var number = services.Count(service => service.ServiceType == typeof(IPriceFeed));
        services.AddSingleton<IPriceFeed>(make);
        services.AddSingleton<IHostedService>(provider => (BackgroundService)provider.GetServices<IPriceFeed>().ElementAt(number));
    }
}
