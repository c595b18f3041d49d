using Backup.Actor.Kernel.Journal;
using Microsoft.Extensions.Hosting;

namespace Backup.Gateway.Api;

/// <summary>
/// Looks into a store that all nodes share once before the first request, and every so often after that: what other nodes have put there is answered
/// from memory here.
/// </summary>
/// <remarks>While the store is away what is known stays; that nothing new is heard is told once.</remarks>
public abstract class StoreLook(TimeSpan every, TimeProvider clock) : BackgroundService
{
    private protected TimeProvider Clock => clock;

    /// <summary>The last look found no store.</summary>
    private protected bool IsDeaf { get; set; }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryLookAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(every, clock, stoppingToken);
            await TryLookAsync(stoppingToken);
        }
    }

    /// <exception cref="JournalException">The store is away.</exception>
    private protected abstract Task LookAsync(CancellationToken stop);

    private protected abstract void TellDeaf(string reason);

    private async Task TryLookAsync(CancellationToken stop)
    {
        try
        {
            await LookAsync(stop);
            IsDeaf = false;
        }
        catch (JournalException away)
        {
            if (!IsDeaf)
            {
                TellDeaf(away.Message);
            }

            IsDeaf = true;
        }
    }
}
