using Backup.Exchange.Simulator.Line;
using Backup.Exchange.Simulator.Market;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Simulator.Web;
using Backup.Exchange.Wire;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Backup.Exchange.Simulator;

/// <summary>A running simulator: exchange lines, web pages, mailbox and clock. The program starts one; tests start many.</summary>
public sealed class SimulatorHost : IAsyncDisposable
{
    /// <summary>How often time is let act: fills, prices, heartbeats.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _stopping = new();
    private readonly WebApplication _web;
    private readonly LineServer _lines;
    private readonly SmtpListener _smtp;
    private readonly BroadcastSender? _broadcast;
    private readonly Task _beating;
    private int _stopped;

    private SimulatorHost(ExchangeFloor floor, WebApplication web, LineServer lines, SmtpListener smtp, BroadcastSender? broadcast, TimeProvider clock)
    {
        (Floor, _web, _lines, _smtp, _broadcast) = (floor, web, lines, smtp, broadcast);
        var address = web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        HttpPort = new Uri(address).Port;
        _beating = BeatAsync(clock);
    }

    public ExchangeFloor Floor { get; }

    public int RouterCm => _lines.RouterCm;

    public int RouterFo => _lines.RouterFo;

    public int GatewayPort(Segment segment) => Floor.SignOn.Gateways[segment].Port;

    public int HttpPort { get; }

    public int SmtpPort => _smtp.Port;

    /// <exception cref="SettingsException">A port or a file cannot be used; the message is for the person at the terminal.</exception>
    public static async Task<SimulatorHost> StartAsync(SimulatorSettings settings, TimeProvider clock)
    {
        var floor = new ExchangeFloor(settings, clock);
        LineServer? lines = null;
        SmtpListener? smtp = null;
        try
        {
            lines = LineServer.Start(floor, settings);
            var inbox = new Inbox(clock);
            smtp = new SmtpListener(settings.Listen, settings.SmtpPort, inbox);
            var web = await StartWebAsync(settings, floor, inbox);
            return new SimulatorHost(floor, web, lines, smtp, BroadcastSender.Start(floor, settings, clock), clock);
        }
        catch
        {
            await (smtp?.DisposeAsync() ?? ValueTask.CompletedTask);
            await (lines?.DisposeAsync() ?? ValueTask.CompletedTask);
            floor.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync();
        await _beating;
        await (_broadcast?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _lines.DisposeAsync();
        await _smtp.DisposeAsync();
        using (var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1)))
        {
            await _web.StopAsync(soon.Token);
        }

        await _web.DisposeAsync();
        Floor.Dispose();
        _stopping.Dispose();
    }

    private static async Task<WebApplication> StartWebAsync(SimulatorSettings settings, ExchangeFloor floor, Inbox inbox)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(settings.Listen, settings.HttpPort));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var web = builder.Build();
        SimulatorPages.Map(web, floor, inbox);
        try
        {
            await web.StartAsync();
            return web;
        }
        catch (IOException failure)
        {
            await web.DisposeAsync();
            throw new SettingsException(
                $"simulator.http-port: port {settings.HttpPort} is already in use or cannot be opened ({failure.Message}). Choose another port; 0 takes any free one.");
        }
    }

    private async Task BeatAsync(TimeProvider clock)
    {
        using var timer = new PeriodicTimer(Beat, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                Floor.Tick();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    /// <summary>The process listens to signals itself, so that everything stops in one order.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
