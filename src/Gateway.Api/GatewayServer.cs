using System.Threading.RateLimiting;
using Backup.Gateway.Api.Access;
using Backup.Gateway.Api.Description;
using Backup.Gateway.Api.Kite;
using Backup.Gateway.Api.Kite.Ticker;
using Backup.Gateway.Api.Live;
using Backup.Gateway.Api.Login;
using Backup.Gateway.Api.Login.Sessions;
using Backup.Gateway.Api.Login.Staff;
using Backup.Gateway.Api.Login.Totp;
using Backup.Gateway.Api.Notices;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Backup.Gateway.Api;

/// <summary>Puts the trader's door into a web application: API, live hub, login, and the page's security headers.</summary>
public static class GatewayServer
{
    /// <summary>
    /// What is written goes to its socket on the thread that wrote it. The name "unsafe" warns of code that blocks the thread that watches all sockets: that
    /// one gives everything to the thread pool (the runtime's own completions are not inlined), so who blocks holds up one thread of the pool, as anywhere.
    /// </summary>
    public static IWebHostBuilder UseGatewaySockets(this IWebHostBuilder host) => host.UseSockets(static sockets => sockets.UnsafePreferInlineScheduling = true);

    /// <summary>
    /// Needs beforehand: <see cref="IClientDirectory"/>, <see cref="IInstrumentMaster"/>, <see cref="ICodeSender"/>, <see cref="IExchangeLinks"/>, <see cref="SystemVersion"/>,
    /// the account region, the market's rules, an <see cref="AccessToken"/>, an <see cref="Actor.Kernel.Sessions.ISessionStore"/>,
    /// an <see cref="Actor.Kernel.Sessions.IAuthenticatorStore"/>, an <see cref="Actor.Kernel.Notices.INoticeStore"/>, an <see cref="Actor.Kernel.Sessions.IStaffStore"/>, a <see cref="SecretSeal"/> and a <see cref="TimeProvider"/>.
    /// </summary>
    public static IServiceCollection AddGateway(this IServiceCollection services, GatewayOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<Prices.PriceBook>();
        services.AddSingleton<OneTimeCodes>();
        services.AddSingleton<LoginAdmission>();
        services.AddSingleton<LoginNames>();
        services.AddSingleton<CodePost>();
        services.AddSingleton<AuthenticatorNews>();
        services.AddSingleton<CodeCheck>();
        services.AddSingleton<SessionCookie>();
        services.AddSingleton<KiteSessions>();
        services.AddSingleton<EndedSessions>();
        services.AddHostedService(provider => provider.GetRequiredService<EndedSessions>());
        services.AddSingleton<LoginSessions>();
        services.AddSingleton<NoticeBoard>();
        services.AddHostedService(provider => provider.GetRequiredService<NoticeBoard>());
        services.AddSingleton<Authenticators>();
        services.AddSingleton<People>();
        services.AddSingleton<StaffPasswords>();
        services.AddSingleton<StaffLogin>();
        services.AddSingleton(provider => new StaffDirectory(
            provider.GetRequiredService<Actor.Kernel.Sessions.IStaffStore>(), provider.GetRequiredService<LoginSessions>(), provider.GetRequiredService<StaffPasswords>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<RoleCheck>();
        services.AddSingleton<InstrumentDump>();
        services.AddSingleton<Kite.Ticker.TickerConnections>();
        services.AddSingleton<AccountDoor>();
        services.AddSingleton<TradingViews>();
        services.AddSingleton<ExitViews>();
        services.AddSingleton<PortfolioSources>();
        services.AddSingleton<PortfolioFeeds>();
        services.AddSingleton<PortfolioStream>();

        // Otherwise only a developer's machine is told what is wrong with a request.
        services.Configure<RouteHandlerOptions>(static routes => routes.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json => GatewayJson.Configure(json.SerializerOptions));
        services.AddSignalR(hub =>
        {
            hub.EnableDetailedErrors = false;
            hub.MaximumReceiveMessageSize = 4 * 1024;
            hub.StreamBufferCapacity = 1;
        }).AddJsonProtocol(json => GatewayJson.Configure(json.PayloadSerializerOptions).UnmappedMemberHandling =
            System.Text.Json.Serialization.JsonUnmappedMemberHandling.Skip);

        // Of two protocols with one name the hub takes the later.
        services.AddSingleton<IHubProtocol>(provider => new EncodedHubProtocol(new JsonHubProtocol(provider.GetRequiredService<IOptions<JsonHubProtocolOptions>>())));
        services.AddAuthentication(TokenAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.SchemeName, null);
        services.AddAuthorization();
        services.AddApiDocument();
        services.AddRateLimiter(limits => Limit(limits, options));
        return services;
    }

    /// <summary>Maps the API, the hub and, when the web root has one, the page.</summary>
    public static void MapGateway(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.Trust(app.Services.GetRequiredService<GatewayOptions>().TrustedProxies);
        app.UseExceptionHandler(failure => failure.Run(AnswerDefectAsync));
        app.UseStatusCodePages(AnswerBareStatusAsync);
        app.Use(SecurityHeaders.AddAsync);
        app.UseDefaultFiles();
        app.UseStaticFiles();
        app.UseWebSockets();
        app.UseRouting();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
        app.Use(app.Services.GetRequiredService<RoleCheck>().CheckAsync);

        var api = app.MapGroup("").RequireAuthorization();
        var logins = api.MapGroup("").AddEndpointFilter(LoginSessions.OrAwayAsync);
        logins.MapSession();
        logins.MapStaff();
        logins.MapSessionList();
        logins.MapTotp();
        api.MapTrading();
        api.MapUser();
        api.MapMarket();
        api.MapEvents();
        api.MapTicker();
        api.MapExits();
        api.MapHub<PortfolioHub>("/hub/portfolio");
        app.MapGet("/status", Status).AllowAnonymous().Describe(EndpointTexts.Status);
        app.MapGet("/healthz", () => Results.Text("ok\n")).AllowAnonymous().Describe(EndpointTexts.Health);
        app.MapApiDocument();

        // Only where something is read: anything else that finds no address is told why (405, 415).
        app.MapFallback(ServePageAsync).AllowAnonymous().WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
    }

    /// <summary>Addresses of the page's own are answered with the page; anything else is told that nothing is there.</summary>
    private static Task ServePageAsync(HttpContext context, Microsoft.AspNetCore.Hosting.IWebHostEnvironment environment)
    {
        var page = environment.WebRootFileProvider.GetFileInfo("index.html");
        if (!page.Exists || !context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.SendFileAsync(page);
    }

    private static IResult Status(IExchangeLinks links, NoticeBoard board, SystemVersion version, TimeProvider clock)
    {
        var notice = board.Current;
        return Envelope.Data(new SystemStatus(
            "backup", ToldNotice.Sentence(notice), notice?.DownSince, ToldNotice.Of(notice), links.States, clock.GetUtcNow(), version.Text));
    }

    private static void Limit(RateLimiterOptions limits, GatewayOptions options)
    {
        limits.AddPolicy(SessionEndpoints.RatePolicy, context => RateLimitPartition.GetFixedWindowLimiter(
            context.Connection.RemoteIpAddress?.ToString() ?? "unknown",
            _ => new FixedWindowRateLimiterOptions
            {
                PermitLimit = options.LoginsPerAddressPerMinute,
                Window = TimeSpan.FromMinutes(1),
                QueueLimit = 0,
            }));
        limits.OnRejected = async (rejected, _) => await Envelope.RefuseFor(
            rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(10),
            StatusCodes.Status429TooManyRequests, "NetworkException", "Too many logins from this address. Try again in a minute.").ExecuteAsync(rejected.HttpContext);
    }

    private static Task AnswerDefectAsync(HttpContext context)
    {
        var failure = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        if (failure is BadHttpRequestException bad)
        {
            return Envelope.Refuse(bad.StatusCode, "InputException", UnreadableRequest.Words(bad)).ExecuteAsync(context);
        }

        context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Backup.Gateway").LogError(failure, "A request to {Path} met a defect", context.Request.Path);
        return Envelope.Refuse(StatusCodes.Status500InternalServerError, "GeneralException", "This request met a defect of ours. Call the help desk.").ExecuteAsync(context);
    }

    private static Task AnswerBareStatusAsync(StatusCodeContext page)
    {
        var status = page.HttpContext.Response.StatusCode;
        return status switch
        {
            StatusCodes.Status404NotFound => Envelope.Refuse(status, "GeneralException", $"There is nothing at {page.HttpContext.Request.Path}."),
            StatusCodes.Status405MethodNotAllowed => Envelope.Refuse(status, "GeneralException", "This address does not take that method."),
            StatusCodes.Status413PayloadTooLarge => Envelope.Refuse(
                status, "InputException", $"The request is too large: its body may have at most {page.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize} bytes."),
            StatusCodes.Status415UnsupportedMediaType => Envelope.Refuse(status, "InputException", UnreadableRequest.NotJson),
            StatusCodes.Status400BadRequest => Envelope.Refuse(
                status, "InputException", "The request's body or parameters cannot be read; check the names and types against the documentation."),
            _ => Envelope.Refuse(status, "GeneralException", $"The request was answered with status {status}."),
        } is var answer && page.HttpContext.Response.HasStarted ? Task.CompletedTask : answer.ExecuteAsync(page.HttpContext);
    }
}
