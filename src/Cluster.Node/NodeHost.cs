using System.Net;
using System.Security.Cryptography;
using Backup.Account.Domain;
using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Links;
using Backup.Actor.Kernel.Notices;
using Backup.Actor.Kernel.Regions;
using Backup.Actor.Kernel.Sessions;
using Backup.Cluster.Node.Accounts;
using Backup.Cluster.Node.Exchange;
using Backup.Cluster.Node.Gateway;
using Backup.Cluster.Node.Links;
using Backup.Cluster.Node.Logging;
using Backup.Cluster.Node.Management;
using Backup.Cluster.Node.Ownership;
using Backup.Cluster.Node.Prices;
using Backup.Cluster.Node.Settings;
using Backup.Continuity.ReferenceData;
using Backup.Gateway.Api;
using Backup.Gateway.Api.Login;
using Backup.Gateway.Api.Prices;
using Backup.Journal.Postgres;
using Backup.Journal.Sqlite;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Serilog;

namespace Backup.Cluster.Node;

/// <summary>The composition root: every part of a node is made and connected here, and nowhere else.</summary>
internal sealed class NodeHost : IAsyncDisposable
{
    private static readonly TimeSpan StopIsSlowAfter = TimeSpan.FromSeconds(5);

    /// <summary>No request takes longer: its account answers within gateway.ask-deadline, or it is told so.</summary>
    private static readonly TimeSpan AnswersTakeAtMost = TimeSpan.FromSeconds(8);

    private readonly NodeSettings _settings;
    private readonly FolderLease _lease;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stopping = new();
    private readonly IOwnership _ownership;
    private readonly AccountRegion _accounts;
    private readonly IEntityRegion<AccountCommand, AccountReply, AccountState> _everywhere;
    private readonly ClusterMember? _member;
    private readonly LinkTls? _linkTls;
    private readonly LinkListener? _links;
    private readonly WebApplication _app;
    private readonly Departure _departure;
    private readonly ReferenceDataset _dataset;
    private readonly PriceFollowers _followers = new();
    private readonly ClusterNews _news;
    private readonly LoginFile? _logins;
    private readonly ISessionStore _sessions;
    private readonly IAuthenticatorStore _authenticators;
    private readonly INoticeStore _notices;
    private readonly IStaffStore _staff;

    private NodeHost(NodeSettings settings, FolderLease lease, ReferenceDataset dataset, SharedStores? stores, TimeProvider clock)
    {
        (_settings, _lease, _dataset, _clock) = (settings, lease, dataset, clock);
        _logins = stores is null ? new LoginFile(lease) : null;
        _sessions = (ISessionStore?)stores?.Sessions ?? new SqliteSessionStore(_logins!, clock);
        _authenticators = (IAuthenticatorStore?)stores?.Authenticators ?? new SqliteAuthenticatorStore(_logins!);
        _notices = (INoticeStore?)stores?.Notices ?? new SqliteNoticeStore(_logins!);
        _staff = (IStaffStore?)stores?.Staff ?? new SqliteStaffStore(_logins!);
        _news = new ClusterNews(LoggerOf<ClusterNews>(), Die, clock);
        var offers = new TapOffers(_followers, LoggerOf<TapOffers>())
        {
            OnFenced = shard => Die($"shard {shard} has a newer owner; this process may write nothing any more"),
        };
        var behavior = new AccountBehavior(settings.Rules);
        var embedded = stores is null ? new SqliteJournal(lease) : null;
        var snapshots = stores is null ? null : new StateSnapshots<AccountState>(new PostgresSnapshotStore(stores.Database), behavior);
        _accounts = new AccountRegion(new(behavior, behavior, (IJournal?)stores?.Journal ?? embedded!, null, clock, settings.Region, offers, snapshots));
        var shards = new AccountShards(
            _accounts, new DayOpening(_accounts.Region, settings.Region.Shards, dataset, LoggerOf<DayOpening>()), clock, LoggerOf<AccountShards>(), _stopping.Token);
        if (stores is not null && settings.Cluster is { } cluster)
        {
            _linkTls = LoadTls(cluster.Tls, clock);
            (_member, _everywhere, _links) = Connect(cluster, stores, shards, offers);
            _ownership = new ClusterOwnership(stores.Journal, () => stores.Journal.Trouble, stores, _member, () => shards.HasOpened, cluster.Poll, clock, LoggerOf<ClusterOwnership>());
        }
        else
        {
            _everywhere = _accounts.Region;
            _ownership = new EmbeddedOwnership(lease, embedded!, settings.Region.Shards, shards);
        }

        _departure = new Departure(() => _ownership.IsLeaving, settings.Cluster?.AffinityCookie ?? "", clock);
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
            var stores = settings.Cluster is { } cluster
                ? await SharedStores.OpenAsync($"{settings.Name}-{InstanceOf()}", settings.DataFolder, cluster.Connection, clock)
                : null;
            return new NodeHost(settings, lease, dataset, stores, clock);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <summary>Listens, serves the accounts as soon as they can be asked, and runs until the process is told to stop.</summary>
    internal async Task RunAsync()
    {
        if (_member is null)
        {
            await _ownership.StartAsync("", _stopping.Token);
            _ = WatchJournalAsync(_stopping.Token);
        }

        await _app.StartAsync(CancellationToken.None);
        if (_links is not null)
        {
            await _ownership.StartAsync($"{_settings.Cluster!.Address}:{await _links.StartAsync()}", _stopping.Token);
        }

        Announce();
        await _app.WaitForShutdownAsync(CancellationToken.None);
        await FinishAsync("the leases go back and the cluster is left", _ownership.LeaveAsync());
        Log.Information("Stopping: the exchange sessions have signed off, the accounts finish their turns");
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _app.DisposeAsync();
        await _accounts.Region.DisposeAsync();
        await (_links?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _ownership.DisposeAsync();
        _linkTls?.Dispose();
        _logins?.Dispose();
        _lease.Dispose();
        _stopping.Dispose();
    }

    /// <summary>
    /// In a cluster: says that it is not ready, gives the exchange's boxes back, waits until the load balancer has noticed, hands the accounts over, answering
    /// all the while, and lets who is still here go elsewhere. Alone there is nobody to hand anything to.
    /// </summary>
    private async Task HandOverAsync(ExchangeSessions sessions)
    {
        if (_settings.Cluster is not { } cluster)
        {
            return;
        }

        Log.Information("Told to stop: the exchange sessions sign off, and the accounts go to the other nodes");
        var drained = Task.Delay(cluster.Drain, _clock);
        var handedOver = _ownership.HandOverAsync();
        await FinishAsync("the exchange sessions sign off", sessions.StopAsync(CancellationToken.None));
        await FinishAsync("the accounts go to the other nodes", handedOver);
        await drained;
        await FinishAsync("requests are being answered", _departure.FinishAsync(AnswersTakeAtMost));
    }

    /// <summary>Waits for a step of the stop, and says what is waited for when that takes long.</summary>
    private async Task FinishAsync(string step, Task finishing)
    {
        var since = _clock.GetTimestamp();
        while (!finishing.IsCompleted)
        {
            if (await Task.WhenAny(finishing, Task.Delay(StopIsSlowAfter, _clock)) != finishing)
            {
                Log.Warning("Still stopping after {Seconds} s: {Step}", (int)_clock.GetElapsedTime(since).TotalSeconds, step);
            }
        }

        await finishing;
    }

    private static LinkTls? LoadTls(LinkTlsFiles files, TimeProvider clock)
    {
        var tls = files.IsWanted ? LinkTls.Load(files, clock) : null;
        if (tls?.Warning is { } warning)
        {
            LoggerOf<LinkTls>().LogWarning("{Warning}", warning);
        }

        return tls;
    }

    private (ClusterMember Member, IEntityRegion<AccountCommand, AccountReply, AccountState> Everywhere, LinkListener Links) Connect(
        ClusterSettings cluster, SharedStores stores, AccountShards shards, TapOffers offers)
    {
        var services = new LinkServices();
        var links = new NodeLinkOptions();
        var handshake = new LinkHandshake(ClusterSecret.LoadOrCreate(_settings.DataFolder, cluster.SecretFile));
        var options = new ClusterOptions(_settings.Name, InstanceOf(), [.. _settings.Roles.Order(StringComparer.Ordinal)], _settings.Region.Shards)
        {
            Times = cluster.Times,
            Keeping = new ShardKeeperOptions("account", cluster.Poll, cluster.MovesMax),
            SplitBrain = cluster.SplitBrain,
            Links = links,
            HandOverMax = cluster.HandOverMax,
        };
        var member = new ClusterMember(
            options, stores.Leases, stores.Placements, stores.Members, new WebSocketDialer(handshake, _linkTls, links, _clock), services, shards, _clock, _news);
        TicketCarrier.Serve(services, offers);
        ClusterExchangeLinks.Serve(services, () => _app.Services.GetRequiredService<ExchangeSessions>());
        return (
            member,
            new ClusterRegion<AccountState, AccountCommand, AccountEvent, AccountReply, AccountEffect>(
                _accounts.Region, member.Directory, member.Links, services, new AccountMessages(), _clock),
            new LinkListener(cluster, member, handshake, _linkTls, links, _clock, LoggerOf<LinkListener>()));
    }

    private WebApplication Build(TimeProvider clock, TapOffers offers)
    {
        var webRoot = _settings.Gateway.WebRoot.Length > 0 ? Path.GetFullPath(_settings.Gateway.WebRoot) : null;
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { WebRootPath = webRoot });
        builder.Logging.UseSerilogLogging();
        builder.WebHost.UseKestrelCore().UseGatewaySockets().ConfigureKestrel(Listen);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = AnswersTakeAtMost);

        var services = builder.Services;
        services.AddSingleton(clock);
        services.AddSingleton(_settings);
        services.AddSingleton(_settings.Rules);
        services.AddSingleton(_ownership);
        services.AddSingleton<IJournalReader>(_ownership.Journal);
        services.AddSingleton(_accounts);
        services.AddSingleton(_everywhere);
        services.AddSingleton(_news);
        services.AddSingleton(_dataset);
        services.AddSingleton(offers);
        services.AddSingleton(_followers);
        services.AddHostedService(provider => new PlanReviewer(
            _accounts.Region, _followers, provider.GetRequiredService<PriceBook>(), _settings.Gateway.Options, _settings.ReviewInterval, clock,
            provider.GetRequiredService<ILogger<PlanReviewer>>()));
        services.AddSingleton<TapDesk>();
        services.AddSingleton(provider => new ExchangeSessions(
            _settings.Tap, _ownership, provider.GetRequiredService<TapDesk>(), offers,
            (box, epoch) => SessionFactory.Create(_settings.Tap, box, epoch, provider.GetRequiredService<TapDesk>(), _ownership, clock, provider.GetRequiredService<ILogger<ExchangeSessions>>()),
            clock, provider.GetRequiredService<ILogger<ExchangeSessions>>()));
        services.AddHostedService(provider => provider.GetRequiredService<ExchangeSessions>());
        AddExchangeLinks(services, clock, offers);
        services.AddSingleton(provider => new OrderlyStop(
            provider.GetRequiredService<IHostApplicationLifetime>(), () => HandOverAsync(provider.GetRequiredService<ExchangeSessions>())));
        services.AddSingleton<IHostLifetime>(provider => provider.GetRequiredService<OrderlyStop>());
        AddGateway(services, clock);

        var app = builder.Build();
        app.MapManagement(() => Ports(app).Management, ManagementEndpoints.CreateToken(_settings.DataFolder));
        app.Use(_departure.AccompanyAsync);
        app.MapGateway();
        app.MapGet("/readyz", Ready).AllowAnonymous();
        return app;
    }

    /// <summary>200: send anybody here. 404: finish what is here and send nobody new. 503: not here.</summary>
    private IResult Ready() => _ownership.IsServing
        ? Results.Text("ok\n")
        : Results.Text($"{_ownership.Standing}\n", statusCode: _ownership.IsLeaving ? StatusCodes.Status404NotFound : StatusCodes.Status503ServiceUnavailable);

    private void AddExchangeLinks(IServiceCollection services, TimeProvider clock, TapOffers offers)
    {
        if (_member is not { } member)
        {
            services.AddSingleton<IExchangeLinks>(provider => provider.GetRequiredService<ExchangeSessions>());
            return;
        }

        services.AddSingleton(provider => new ClusterExchangeLinks(provider.GetRequiredService<ExchangeSessions>(), _settings.Tap, member, clock));
        services.AddSingleton<IExchangeLinks>(provider => provider.GetRequiredService<ClusterExchangeLinks>());
        services.AddHostedService(provider => provider.GetRequiredService<ClusterExchangeLinks>());
        services.AddHostedService(provider => new TicketCarrier(offers, member, _accounts, clock, provider.GetRequiredService<ILogger<TicketCarrier>>()));
    }

    private void AddGateway(IServiceCollection services, TimeProvider clock)
    {
        var version = typeof(NodeHost).Assembly.GetName().Version?.ToString(3) ?? "0";
        services.AddSingleton(new NodeInfo(version, clock.GetUtcNow()));
        services.AddSingleton(new SystemVersion(version));
        services.AddSingleton<IClientDirectory, ClientDirectory>();
        services.AddSingleton<IInstrumentMaster, InstrumentMaster>();
        services.AddSingleton(_settings.Notices);
        services.AddSingleton<HttpClient>();
        services.AddSingleton<ICodeSender, CodeSender>();
        services.AddSingleton(_sessions);
        services.AddSingleton(_authenticators);
        services.AddSingleton(_notices);
        services.AddSingleton(_staff);
        services.AddSingleton(TotpKey.LoadOrCreate(_settings.DataFolder, _settings.Gateway.TotpKeyFile));
        var keys = new TokenKeyFile(_settings.DataFolder, _settings.Gateway.TokenKeyFile, clock);
        services.AddSingleton(keys);
        services.AddHostedService<TokenKeyWatch>();
        services.AddSingleton(new AccessToken(keys.Keys, clock));
        services.AddGateway(_settings.Gateway.Options);
        services.AddPriceFeeds(_settings.Prices);
    }

    private void Listen(KestrelServerOptions kestrel)
    {
        FrontDoor.Limit(kestrel);
        kestrel.Listen(IPAddress.Parse(_settings.Gateway.Address), _settings.Gateway.Port);
        kestrel.Listen(IPAddress.Loopback, _settings.ManagementPort);
    }

    /// <summary>The ports as they are, which matters where a setting says 0: any free one.</summary>
    private static (int Gateway, int Management) Ports(WebApplication app)
    {
        var ports = app.Urls.Select(url => new Uri(url).Port).ToArray();
        return (ports[0], ports[1]);
    }

    /// <summary>Different for every start of a process.</summary>
    private static string InstanceOf() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));

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
