using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Backup.Account.Domain;
using Backup.Actor.Kernel.Entities;
using Backup.Actor.Kernel.Notices;
using Backup.Actor.Kernel.Regions;
using Backup.Actor.Kernel.Sessions;
using Backup.Gateway.Api.Login;
using Backup.Gateway.Api.Login.Staff;
using Backup.Gateway.Api.Login.Totp;
using Backup.Gateway.Api.Notices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Backup.Gateway.Api.Tests;

/// <summary>Three clients; the last one has left the broker.</summary>
internal sealed class ThreeClients : IClientDirectory
{
    internal const string PanOfDemo01 = "ZZZPB0001A";
    internal const string PanOfDemo03 = "ZZZPB0003C";

    public GatewayClient? Find(string clientId) => clientId switch
    {
        "DEMO01" or "DEMO02" => new GatewayClient(clientId, "A client", "9800000001", "client@example.com", true),
        "DEMO03" => new GatewayClient(clientId, "A former client", "9800000003", "former@example.com", false),
        _ => null,
    };

    public GatewayClient? FindByPan(string pan) => pan switch
    {
        PanOfDemo01 => Find("DEMO01"),
        PanOfDemo03 => Find("DEMO03"),
        _ => null,
    };
}

/// <summary>The instruments that the accounts of these tests hold.</summary>
internal sealed class ShortMaster : IInstrumentMaster
{
    public IReadOnlyList<ListedInstrument> All { get; } =
    [
        new(AccountWorld.Option, "NIFTY"),
        new(AccountWorld.Share, "A company, with a comma"),
    ];

    public ListedInstrument? Find(string exchange, string tradingSymbol) =>
        All.FirstOrDefault(one => one.Contract.Exchange == exchange && one.Contract.TradingSymbol == tradingSymbol);

    public ListedInstrument? Find(long token) => All.FirstOrDefault(one => one.Contract.Token == token);
}

/// <summary>Keeps the codes for the test instead of sending them.</summary>
internal sealed class CodesInHand : ICodeSender
{
    /// <summary>Nothing can be sent.</summary>
    public bool IsDown { get; set; }

    /// <summary>How long a message takes to be handed over, by the test's clock.</summary>
    public TimeSpan Takes { get; set; }

    public required TimeProvider Clock { get; init; }

    public Dictionary<string, string> Sent { get; } = new(StringComparer.Ordinal);

    /// <summary>What clients were told, oldest first.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<(string Client, string Text)> Told { get; } = new();

    public IReadOnlyList<string> Ways { get; } = ["SMS to the registered mobile number"];

    public Task TellAsync(GatewayClient client, string title, string text, CancellationToken cancellationToken)
    {
        Told.Enqueue((client.Id, text));
        return IsDown ? throw new IOException("no way out") : Task.CompletedTask;
    }

    public async Task<IReadOnlyList<string>> SendAsync(GatewayClient client, string code, TimeSpan goodFor, CancellationToken cancellationToken)
    {
        Sent[client.Id] = code;
        await Task.Delay(Takes, Clock, cancellationToken);
        return IsDown ? throw new IOException("no way out") : Ways;
    }
}

/// <summary>Accounts that do not answer, for a reason of the kernel's.</summary>
internal sealed class SilentRegion(AskStatus why) : IEntityRegion<AccountCommand, AccountReply, AccountState>
{
    public Task<AskResult<AccountReply>> AskAsync(string entityId, AccountCommand command, TimeSpan deadline, CancellationToken cancellationToken = default) =>
        Task.FromResult(new AskResult<AccountReply>(why, null));

    public IAsyncEnumerable<WatchedView<AccountState>> WatchAsync(string entityId, long afterSequence, CancellationToken cancellationToken) =>
        throw new EntityUnavailableException(entityId, why, why.ToString());
}

/// <summary>An answer of the door: its status, and its body as JSON.</summary>
internal sealed record Answer(HttpStatusCode Status, JsonNode Body)
{
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public string? ErrorType => (string?)Body["error_type"];

    public JsonNode Data => Body["data"]!;
}

/// <summary>The trader's door on a real socket, with accounts in memory behind it.</summary>
internal sealed class TradersDoor : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private TradersDoor(WebApplication app, AccountWorld world, AccessToken tokens, CodesInHand codes, MemorySessionStore sessions)
    {
        _app = app;
        World = world;
        Tokens = tokens;
        Codes = codes;
        Sessions = sessions;
        _http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri(app.Urls.Single()) };
    }

    internal AccountWorld World { get; }

    internal AccessToken Tokens { get; }

    internal CodesInHand Codes { get; }

    internal MemorySessionStore Sessions { get; }

    internal required TokenKeys Keys { get; init; }

    internal required MemoryAuthenticatorStore Authenticators { get; init; }

    internal NoticeBoard Notices => _app.Services.GetRequiredService<NoticeBoard>();

    internal required MemoryStaffStore Staff { get; init; }

    /// <summary>The broker's people as an operator changes them.</summary>
    internal StaffDirectory StaffDirectory => _app.Services.GetRequiredService<StaffDirectory>();

    /// <summary>Everything that is mapped, as the framework knows it.</summary>
    internal IEnumerable<RouteEndpoint> Routes => _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        await World.DisposeAsync();
    }

    internal static async Task<TradersDoor> OpenAsync(Account.Domain.Market.TradingRules? rules = null, bool isOneClock = false, AskStatus? silence = null, string? webRoot = null,
        Func<GatewayOptions, GatewayOptions>? options = null, ILoggerProvider? log = null)
    {
        // The sockets of these tests live in the machine's time, and the test's clock may run far ahead of it.
        var world = new AccountWorld(rules, isOneClock, given => (options?.Invoke(given) ?? given) with { SlowClientMax = TimeSpan.FromDays(1) });
        var codes = new CodesInHand { Clock = world.Clock };
        var sessions = new MemorySessionStore(world.Clock);
        var authenticators = new MemoryAuthenticatorStore();
        var staff = new MemoryStaffStore();
        var keys = new TokenKeys(world.Clock);
        keys.Replace([new TokenKey(ECDsa.Create(ECCurve.NamedCurves.nistP256), DateTimeOffset.MinValue)]);
        var tokens = new AccessToken(keys, world.Clock);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { WebRootPath = webRoot });
        builder.Logging.ClearProviders();
        if (log is not null)
        {
            builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace).AddFilter("Microsoft", LogLevel.Warning).AddFilter("System.Net.Http", LogLevel.Warning);
        }

        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            FrontDoor.Limit(kestrel);
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        builder.Services
            .AddSingleton<TimeProvider>(world.Clock)
            .AddSingleton<IEntityRegion<AccountCommand, AccountReply, AccountState>>(silence is { } why ? new SilentRegion(why) : world.Region)
            .AddSingleton(world.Rules)
            .AddSingleton<IClientDirectory, ThreeClients>()
            .AddSingleton<IInstrumentMaster, ShortMaster>()
            .AddSingleton<ICodeSender>(codes)
            .AddSingleton<IExchangeLinks>(world.Links)
            .AddSingleton(new SystemVersion("0"))
            .AddSingleton(tokens)
            .AddSingleton<ISessionStore>(sessions)
            .AddSingleton<IAuthenticatorStore>(authenticators)
            .AddSingleton<INoticeStore>(new MemoryNoticeStore())
            .AddSingleton<IStaffStore>(staff)
            .AddSingleton(new SecretSeal(SHA256.HashData("a key of the tests"u8)))
            .AddGateway(world.Options)
            .AddSingleton(world.Prices);
        var app = builder.Build();
        app.MapGateway();
        await app.StartAsync();
        await world.OpenAsync("DEMO01", 300);
        await world.OpenAsync("DEMO02", -150);
        world.SetPrice(11000);
        await LetInAsync(world, sessions, staff);
        return new TradersDoor(app, world, tokens, codes, sessions) { Authenticators = authenticators, Keys = keys, Staff = staff };
    }

    /// <summary>Everybody has a session without having logged in.</summary>
    private static async Task LetInAsync(AccountWorld world, MemorySessionStore sessions, MemoryStaffStore staff)
    {
        var now = world.Clock.GetUtcNow();
        foreach (var role in Roles.OfStaff)
        {
            // Nobody has this hash for a password: they are in without having logged in.
            await staff.AddAsync(new StaffMember(role, role, "", now, false), default);
        }

        foreach (var subject in new[] { "DEMO01", "DEMO02", "DEMO03" }.Concat(Roles.OfStaff.Select(Login.Staff.StaffDirectory.SubjectOf)))
        {
            await sessions.OpenAsync(new LoginSession(SessionOf(subject), subject, "a test", "127.0.0.1", now, now, now + world.Options.SessionLifetime), 10, default);
        }
    }

    internal Uri Address => _http.BaseAddress!;

    /// <summary>The session that somebody has without having logged in.</summary>
    internal static string SessionOf(string subject) => $"session-of-{subject}";

    /// <summary>Of a client; or of <c>staff:NAME</c>: whose name is a role has that role, anybody else is of the dealing desk.</summary>
    internal string TokenOf(string subject, string? session = null) => Tokens.Issue(
        subject, session ?? SessionOf(subject), World.Options.TokenLifetime, World.Clock.GetUtcNow(), role: RoleOf(subject));

    private static string RoleOf(string subject) => !subject.StartsWith("staff:", StringComparison.Ordinal) ? Roles.Trader
        : Roles.OfStaff.FirstOrDefault(subject.EndsWith) ?? Roles.AssistedDesk;

    /// <param name="client">Whose token goes with the request; null for none.</param>
    internal Task<Answer> SendAsync(string method, string path, string? client, string? body = null, string? key = null) =>
        SendWithTokenAsync(method, path, client is null ? null : TokenOf(client), body, key);

    internal Task<Answer> SendTextAsync(string method, string path, string client, string body) =>
        SendWithTokenAsync(method, path, TokenOf(client), body, "one", "application/x-www-form-urlencoded");

    internal async Task<Answer> SendWithTokenAsync(
        string method, string path, string? token, string? body = null, string? key = null, string kind = "application/json",
        params IEnumerable<(string Name, string Value)> headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, kind);
        }

        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer(response.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text)! : new JsonObject { ["text"] = text })
        {
            Headers = response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value)),
        };
    }
}
