using System.Net;
using Backup.Account.Domain;
using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Regions;
using Backup.Cluster.Node.Accounts;
using Backup.Cluster.Node.Exchange;
using Backup.Cluster.Node.Gateway;
using Backup.Cluster.Node.Logging;
using Backup.Cluster.Node.Management;
using Backup.Cluster.Node.Ownership;
using Backup.Cluster.Node.Settings;
using Backup.Continuity.ReferenceData;
using Backup.Gateway.Api;
using Backup.Gateway.Api.Login;
using Backup.Gateway.Api.Prices;
using Backup.Journal.Sqlite;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Serilog;

namespace Backup.Cluster.Node;

/// <summary>The composition root: every part of a node is made and connected here, and nowhere else.</summary>
internal sealed class NodeHost : IAsyncDisposable
{
    private readonly NodeSettings _settings;
    private readonly FolderLease _lease;
    private readonly IOwnership _ownership;
    private readonly AccountRegion _accounts;
    private readonly WebApplication _app;
    private readonly ReferenceDataset _dataset;
    private readonly PriceFollowers _followers = new();
    private volatile bool _isServing;

    private NodeHost(NodeSettings settings, FolderLease lease, ReferenceDataset dataset, IOwnership ownership, TimeProvider clock)
    {
        _settings = settings;
        _lease = lease;
        _ownership = ownership;
        _dataset = dataset;
        var offers = new TapOffers(_followers, LoggerOf<TapOffers>())
        {
            OnFenced = shard => Die($"shard {shard} has a newer owner; this process may write nothing any more"),
        };
        var behavior = new AccountBehavior(settings.Rules);
        _accounts = new AccountRegion(new(behavior, behavior, ownership.Journal, null, clock, settings.Region, offers));
        _app = Build(clock, offers);
    }

    /// <summary>Takes the data folder, opens journal and dataset, and connects everything; nothing listens yet.</summary>
    internal static async Task<NodeHost> CreateAsync(NodeSettings settings)
    {
        var clock = new BootClock();
        var lease = FolderLease.Acquire(settings.DataFolder, settings.Name, clock);
        try
        {
            var dataset = ReferenceDataset.Load(settings.DataFolder);
            IOwnership ownership = settings.SharedJournal is { } shared
                ? await SharedOwnership.OpenAsync(
                    settings.Name, settings.DataFolder, shared, settings.Region.Shards, clock, Die, LoggerOf<SharedOwnership>())
                : new EmbeddedOwnership(lease, settings.Region.Shards);
            return new NodeHost(settings, lease, dataset, ownership, clock);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <summary>Listens, serves the accounts as soon as they are this node's, and runs until the process is told to stop.</summary>
    internal async Task RunAsync()
    {
        var stop = _app.Lifetime.ApplicationStopping;
        var serving = ServeAsync(stop);
        if (_ownership.IsAlone)
        {
            await serving;
            _ = WatchJournalAsync(stop);
        }

        await _app.StartAsync(CancellationToken.None);
        Announce();
        await _app.WaitForShutdownAsync(CancellationToken.None);
        Log.Information("Stopping: the exchange sessions have signed off, the accounts finish their turns");
    }

    /// <summary>Takes the accounts, opens the day, and wakes unfinished work; the exchange's sessions follow by themselves.</summary>
    private async Task ServeAsync(CancellationToken stop)
    {
        try
        {
            foreach (var (shard, epoch) in await _ownership.TakeAccountsAsync(stop))
            {
                _accounts.Region.Open(shard, epoch);
            }

            await _app.Services.GetRequiredService<DayOpening>().OpenAllAsync(stop);
            var woken = await _accounts.Region.WakePendingAsync(stop);
            _isServing = true;
            Log.Information("Serving: {Accounts} accounts have unfinished orders", woken);
        }
        catch (OperationCanceledException)
        {
            // Told to stop before the accounts were this node's.
        }
        catch (Exception failure) when (!_ownership.IsAlone)
        {
            Die($"the accounts could not be served: {failure.Message}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _accounts.Region.DisposeAsync();
        await _ownership.ReleaseAsync();
        await _ownership.DisposeAsync();
        _lease.Dispose();
    }

    private WebApplication Build(TimeProvider clock, TapOffers offers)
    {
        var webRoot = _settings.Gateway.WebRoot.Length > 0 ? Path.GetFullPath(_settings.Gateway.WebRoot) : null;
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { WebRootPath = webRoot });
        builder.Logging.UseSerilogLogging();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(Listen);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(8));

        var services = builder.Services;
        services.AddSingleton(clock);
        services.AddSingleton(_settings);
        services.AddSingleton(_settings.Rules);
        services.AddSingleton(_ownership);
        services.AddSingleton<IJournalReader>(_ownership.Journal);
        services.AddSingleton(_accounts);
        services.AddSingleton<IEntityRegion<AccountCommand, AccountReply, AccountState>>(_accounts.Region);
        services.AddSingleton(_dataset);
        services.AddSingleton(offers);
        services.AddSingleton(_followers);
        services.AddHostedService(provider => new PlanReviewer(
            _accounts.Region, _followers, provider.GetRequiredService<PriceBook>(), _settings.Gateway.Options, _settings.ReviewInterval, clock,
            provider.GetRequiredService<ILogger<PlanReviewer>>()));
        services.AddSingleton<TapDesk>();
        services.AddSingleton<DayOpening>();
        services.AddSingleton(provider => new ExchangeSessions(
            _settings.Tap, _ownership, provider.GetRequiredService<TapDesk>(), offers, clock, provider.GetRequiredService<ILogger<ExchangeSessions>>()));
        services.AddHostedService(provider => provider.GetRequiredService<ExchangeSessions>());
        services.AddSingleton<IExchangeLinks>(provider => provider.GetRequiredService<ExchangeSessions>());
        AddGateway(services, clock);

        var app = builder.Build();
        app.MapManagement(() => Ports(app).Management, ManagementEndpoints.CreateToken(_settings.DataFolder));
        app.MapGateway();
        app.MapGet("/readyz", () => _isServing ? Results.Text("ok\n") : Results.Text($"{_ownership.Standing}\n", statusCode: StatusCodes.Status503ServiceUnavailable)).AllowAnonymous();
        return app;
    }

    private void AddGateway(IServiceCollection services, TimeProvider clock)
    {
        var version = typeof(NodeHost).Assembly.GetName().Version?.ToString(3) ?? "0";
        services.AddSingleton(new NodeInfo(version, clock.GetUtcNow()));
        services.AddSingleton(new SystemNotice(version, "Backup mode: exits and cancels only.", null));
        services.AddSingleton<IClientDirectory, ClientDirectory>();
        services.AddSingleton(_settings.Notices);
        services.AddSingleton<HttpClient>();
        services.AddSingleton<ICodeSender, CodeSender>();
        services.AddSingleton(new AccessToken(SigningKey.LoadOrCreate(_settings.DataFolder, _settings.Gateway.TokenKeyFile), clock));
        services.AddGateway(_settings.Gateway.Options);
        services.AddHostedService(provider => new ExchangePriceFeed(
            provider.GetRequiredService<PriceBook>(), new HttpClient { Timeout = Timeout.InfiniteTimeSpan }, _settings.PricesUrl, _settings.PricesSource, clock,
            provider.GetRequiredService<ILogger<ExchangePriceFeed>>()));
    }

    private void Listen(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 64 * 1024;
        kestrel.Listen(IPAddress.Parse(_settings.Gateway.Address), _settings.Gateway.Port);
        kestrel.Listen(IPAddress.Loopback, _settings.ManagementPort);
    }

    /// <summary>The ports as they are, which matters where a setting says 0: any free one.</summary>
    private static (int Gateway, int Management) Ports(WebApplication app)
    {
        var ports = app.Urls.Select(url => new Uri(url).Port).ToArray();
        return (ports[0], ports[1]);
    }

    /// <summary>Says where the node can be reached: on the log for people, in node.json for `pbm`.</summary>
    private void Announce()
    {
        var (gateway, management) = Ports(_app);
        NodeFile.Write(_settings, gateway, management);
        Log.Information("Node {Node} serves http://{Address}:{Port}, operators at http://127.0.0.1:{ManagementPort}", _settings.Name, _settings.Gateway.Address, gateway, management);
    }

    /// <summary>A journal that cannot be trusted ends the process: what it has stored is safe, what it has not was not promised.</summary>
    private async Task WatchJournalAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && _ownership.Trouble is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, CancellationToken.None);
        }

        if (_ownership.Trouble is { } trouble)
        {
            Die($"the journal is in trouble: {trouble}");
        }
    }

    /// <summary>For what is made before the host is built.</summary>
    private static ILogger<T> LoggerOf<T>() => new Serilog.Extensions.Logging.SerilogLoggerFactory(Log.Logger).CreateLogger<T>();

    private static void Die(string reason)
    {
        Log.Fatal("This process ends: {Reason}", reason);
        Log.CloseAndFlush();
        Environment.Exit(ExitCodes.Broken);
    }
}
