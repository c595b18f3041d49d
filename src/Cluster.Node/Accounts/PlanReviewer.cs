using System.Collections.Immutable;
using Backup.Account.Domain;
using Backup.Actor.Kernel.Entities;
using Backup.Actor.Kernel.Regions;
using Backup.Gateway.Api;
using Backup.Gateway.Api.Prices;

namespace Backup.Cluster.Node.Accounts;

/// <summary>Shows live prices to the accounts whose plans follow the market; what they make of them is their rulebook's.</summary>
internal sealed class PlanReviewer(
    IEntityRegion<AccountCommand, AccountReply, AccountState> accounts,
    PriceFollowers followers,
    PriceBook prices,
    GatewayOptions options,
    TimeSpan interval,
    TimeProvider clock,
    ILogger<PlanReviewer> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, clock);
        while (await WaitAsync(timer, stoppingToken))
        {
            foreach (var account in followers.Accounts)
            {
                await ReviewAsync(account, stoppingToken);
            }
        }
    }

    private async Task ReviewAsync(string account, CancellationToken stop)
    {
        var shown = await accounts.AskAsync(account, new AccountCommand.Show(), options.AskDeadline, stop);
        if (shown.Status == AskStatus.NotOwner)
        {
            // Its shard has left this node; the account follows prices where it is now.
            followers.Remove(account);
            return;
        }

        if (shown.Reply is not AccountReply.Shown { State: var state })
        {
            // Busy or quarantined: the next round looks again.
            return;
        }

        if (!state.FollowsPrices)
        {
            followers.Remove(account);
            return;
        }

        var now = clock.GetUtcNow();
        var live = state.RunningPlans.SelectMany(id => state.Plans[id].Lines).Select(line => line.Key).Distinct()
            .Select(key => (Key: key, Price: prices.Live(state.Positions[key], now, options.PriceAgeMax)))
            .Where(line => line.Price is not null)
            .ToImmutableDictionary(line => line.Key, line => line.Price!);
        var answer = await accounts.AskAsync(account, new AccountCommand.ReviewPlans(live), options.AskDeadline, stop);
        if (!answer.IsAnswered)
        {
            log.LogWarning("The plans of account {Account} were not reviewed: {Status} {Detail}", account, answer.Status, answer.Detail);
        }
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
