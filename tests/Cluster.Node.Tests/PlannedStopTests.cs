using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Journal;
using Backup.Cluster.Node.Exchange;
using Backup.Cluster.Node.Ownership;
using Backup.Cluster.Node.Settings;
using Backup.Config.Hocon;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Backup.Cluster.Node.Tests;

/// <summary>A planned stop ends the exchange sessions first and hands the accounts over while the host still serves.</summary>
public sealed class PlannedStopTests
{
    [Fact]
    public async Task A_node_that_stands_by_for_a_box_stops_waiting_for_it_without_stopping_the_host()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var settings = NodeSettings.From(HoconSettings.Load(new HoconSources(Path.Combine(AppContext.BaseDirectory, "reference.conf"))));
        var ownership = new AnothersBoxes();
        var sessions = new ExchangeSessions(
            settings.Tap, ownership, null!, new TapOffers(null!, NullLogger<TapOffers>.Instance), (_, _) => throw new InvalidOperationException("it has no box"), TimeProvider.System,
            NullLogger<ExchangeSessions>.Instance);
        builder.Services.AddSingleton<IHostedService>(sessions);
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        await ownership.Wanted.WaitAsync(TestContext.Current.CancellationToken);

        await sessions.StopAsync(TestContext.Current.CancellationToken);

        Assert.True(sessions.ExecuteTask!.IsCompletedSuccessfully);
        Assert.False(host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Another node has every box, and keeps it.</summary>
    private sealed class AnothersBoxes : IOwnership
    {
        private readonly TaskCompletionSource _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Somebody waits for a box.</summary>
        public Task Wanted => _wanted.Task;

        public IJournal Journal => throw new NotSupportedException();

        public string? Trouble => null;

        public string Standing => "serving";

        public bool IsServing => true;

        public bool IsLeaving => false;

        public ClusterMember? Cluster => null;

        public Task StartAsync(string address, CancellationToken stop) => Task.CompletedTask;

        public async Task<long> TakeBoxAsync(string box, CancellationToken stop)
        {
            _wanted.TrySetResult();
            await Task.Delay(Timeout.Infinite, stop);
            return 0;
        }

        public bool MaySend(string box) => false;

        public Task<bool> ConfirmBoxAsync(string box) => Task.FromResult(false);

        public Task ReleaseBoxAsync(string box) => Task.CompletedTask;

        public Task HandOverAsync() => Task.CompletedTask;

        public Task LeaveAsync() => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
