using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Backup.Account.Domain.Market;
using Backup.Account.Domain.Positions;
using Backup.Actor.Kernel.Notices;
using Backup.Actor.Kernel.Sessions;
using Backup.Gateway.Api;
using Backup.Gateway.Api.Login;
using Backup.Gateway.Api.Login.Totp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Backup.Gateway.Bench;

/// <summary>
/// The process that is measured: the product's door, or what it is compared with. It does what it is told on its standard input, a line at a time:
/// push; every MILLISECONDS COUNT; usage.
/// </summary>
internal static class ServerProcess
{
    /// <summary>Where a client of the storm reads what a telephone would have shown.</summary>
    internal const string CodePath = "/bench/code";

    internal static async Task<int> RunAsync(string kind, int clients, int pricesIntervalMs)
    {
        var options = OptionsOf(pricesIntervalMs);
        await using var world = new World(options);
        await world.OpenAsync(clients);
        var keys = new TokenKeys(TimeProvider.System);
        keys.Replace([new TokenKey(ECDsa.Create(ECCurve.NamedCurves.nistP256), DateTimeOffset.UnixEpoch)]);
        var tokens = new AccessToken(keys, TimeProvider.System);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        if (kind == "ours")
        {
            builder.WebHost.UseGatewaySockets();
        }

        builder.Services
            .AddSingleton(TimeProvider.System)
            .AddSingleton(world.Region)
            .AddSingleton(TradingRules.Open)
            .AddSingleton<IClientDirectory>(world)
            .AddSingleton<IInstrumentMaster>(world)
            .AddSingleton<ICodeSender>(world)
            .AddSingleton<IExchangeLinks>(world)
            .AddSingleton(new SystemVersion("0"))
            .AddSingleton(tokens)
            .AddSingleton<IAuthenticatorStore>(new MemoryAuthenticatorStore())
            .AddSingleton(new SecretSeal(RandomNumberGenerator.GetBytes(32)))
            .AddSingleton<INoticeStore>(new MemoryNoticeStore())
            .AddSingleton<IStaffStore>(new MemoryStaffStore())
            .AddSingleton<ISessionStore>(new MemorySessionStore(TimeProvider.System))
            .AddGateway(options)
            .AddSingleton(world.Prices);
        await using var app = builder.Build();
        Func<Task> push = kind switch
        {
            "ours" => MapOurs(app, world),
            "hub" => PlainHub.Map(app, world),
            "raw" => RawSockets.Map(app, world),
            _ => throw new ArgumentException($"kind: expected ours, hub or raw, found {kind}"),
        };
        await app.StartAsync();
        await Console.Out.WriteLineAsync($"listening {app.Urls.Single()}");
        for (var client = 0; client < clients; client++)
        {
            await Console.Out.WriteLineAsync(tokens.Issue(World.NameOf(client), $"session-{client}", TimeSpan.FromHours(1), DateTimeOffset.UtcNow));
        }

        while (await Console.In.ReadLineAsync() is { } line)
        {
            await Console.Out.WriteLineAsync(await ObeyAsync(line.Split(' '), push));
        }

        return 0;
    }

    private static GatewayOptions OptionsOf(int pricesIntervalMs) => new()
    {
        PricesInterval = TimeSpan.FromMilliseconds(pricesIntervalMs),
        StreamHeartbeat = TimeSpan.FromHours(1),
        SlowClientMax = TimeSpan.FromHours(1),
        LoginsPerAddressPerMinute = int.MaxValue,
        CodesPerSecond = 1000,
        Protection = new ProtectionTable("bench", [.. Enum.GetValues<ContractKind>().Select(contract => new ProtectionRow(new DateOnly(2020, 1, 1), contract, null, 1000, 500))]),
    };

    private static Func<Task> MapOurs(WebApplication app, World world)
    {
        app.MapGateway();
        app.MapGet(CodePath, (string client) => world.Codes[client]).AllowAnonymous();
        return () =>
        {
            world.Push();
            return Task.CompletedTask;
        };
    }

    private static async Task<string> ObeyAsync(string[] words, Func<Task> push)
    {
        switch (words)
        {
            case ["push"]:
                await push();
                return "pushed";
            case ["every", var milliseconds, var count]:
                using (var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(int.Parse(milliseconds, CultureInfo.InvariantCulture))))
                {
                    for (var left = int.Parse(count, CultureInfo.InvariantCulture); left > 0 && await timer.WaitForNextTickAsync(); left--)
                    {
                        await push();
                    }
                }

                return "pushed";
            case ["usage"]:
                return Usage.Read().ToString();
            default:
                throw new ArgumentException($"found {string.Join(' ', words)}, expected push, every or usage");
        }
    }
}

/// <summary>What a process has used.</summary>
/// <param name="CpuMs">Processor time since it started, all threads.</param>
/// <param name="HeapBytes">Live objects, right after a full collection.</param>
/// <param name="ResidentBytes">Memory of the process in RAM.</param>
internal sealed record Usage(double CpuMs, long HeapBytes, long ResidentBytes, long AllocatedBytes)
{
    internal static Usage Read()
    {
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        using var self = System.Diagnostics.Process.GetCurrentProcess();
        return new Usage(self.TotalProcessorTime.TotalMilliseconds, heap, self.WorkingSet64, GC.GetTotalAllocatedBytes());
    }

    internal static Usage Parse(string line)
    {
        var words = line.Split(' ');
        return new Usage(
            double.Parse(words[0], CultureInfo.InvariantCulture), long.Parse(words[1], CultureInfo.InvariantCulture), long.Parse(words[2], CultureInfo.InvariantCulture),
            long.Parse(words[3], CultureInfo.InvariantCulture));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{CpuMs} {HeapBytes} {ResidentBytes} {AllocatedBytes}");
}
