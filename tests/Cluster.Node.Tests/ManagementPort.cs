using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Backup.Cluster.Node.Tests;

/// <summary>Some operations of the management port on a free port of this machine, without the node behind them.</summary>
internal sealed class ManagementPort : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ManagementPort(WebApplication app)
    {
        _app = app;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    internal HttpClient Http { get; }

    internal static async Task<ManagementPort> OpenAsync(Action<IServiceCollection> services, Action<RouteGroupBuilder> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        services(builder.Services);
        var app = builder.Build();
        map(app.MapGroup("/manage"));
        await app.StartAsync();
        return new ManagementPort(app);
    }

    public ValueTask DisposeAsync()
    {
        Http.Dispose();
        return _app.DisposeAsync();
    }
}
