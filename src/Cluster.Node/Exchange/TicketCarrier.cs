using System.Threading.Channels;
using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Links;
using Backup.Cluster.Node.Accounts;
using Backup.Exchange.Wire;
using Backup.Tap.Stream;

namespace Backup.Cluster.Node.Exchange;

/// <summary>
/// Carries tickets to the node that has the box. One that could not be carried is carried again; when a box gets another owner, whose queue
/// knows nothing of what the former one's had, every account of this node drives its unfinished orders again.
/// </summary>
internal sealed class TicketCarrier : BackgroundService
{
    private const int AtOnce = 256;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TryAgain = TimeSpan.FromMilliseconds(200);
    private readonly TapOffers _offers;
    private readonly ClusterMember _cluster;
    private readonly AccountRegion _accounts;
    private readonly TimeProvider _clock;
    private readonly ILogger<TicketCarrier> _log;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public TicketCarrier(TapOffers offers, ClusterMember cluster, AccountRegion accounts, TimeProvider clock, ILogger<TicketCarrier> log)
    {
        (_offers, _cluster, _accounts, _clock, _log) = (offers, cluster, accounts, clock, log);
        offers.OnElsewhere = () => _wake.Writer.TryWrite(true);
        cluster.Directory.SingletonMoved = lease =>
        {
            if (lease.Owner.Length > 0)
            {
                _ = DriveAgainAsync(lease.Key.Singleton!, lease.Owner);
            }
        };
    }

    /// <summary>What this node answers when others bring it tickets.</summary>
    internal static void Serve(LinkServices services, TapOffers offers) => services.Serve(
        ExchangeCalls.Tickets, (_, tickets) => Task.FromResult<IReadOnlyList<TicketFate>>([.. tickets.Select(offers.OfferHere)]));

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(stoppingToken);

    internal async Task RunAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var carried = _offers.TakeElsewhere(AtOnce);
            var isStuck = false;
            foreach (var some in carried.GroupBy(ticket => ticket.Segment))
            {
                isStuck |= !await CarryAsync(some.Key, [.. some]);
            }

            if (isStuck || carried.Count == 0)
            {
                await WaitAsync(carried.Count == 0, stoppingToken);
            }
        }
    }

    /// <returns>False when some must wait.</returns>
    private async Task<bool> CarryAsync(Segment segment, List<TapTicket> tickets)
    {
        var owner = _cluster.Directory.OfSingleton(ExchangeCalls.BoxOf(segment))?.Owner;
        if (owner is null || _cluster.Links.Find(NodeId.NameIn(owner)) is not { } link)
        {
            _offers.PutBack(tickets);
            return false;
        }

        var answer = await link.AskAsync(ExchangeCalls.Tickets, tickets, Deadline);
        if (!answer.IsAnswered || answer.Answer!.Count != tickets.Count)
        {
            // A ticket that arrived after all waits there already, and is not queued twice.
            _offers.PutBack(tickets);
            return false;
        }

        var refused = tickets.Where((_, i) => answer.Answer[i] == TicketFate.NotNow).ToArray();
        _offers.PutBack(refused);
        return refused.Length == 0;
    }

    private async Task DriveAgainAsync(string box, string owner)
    {
        var accounts = await PatientRead.ReadAsync(
            () => _accounts.Region.WakePendingAsync(CancellationToken.None),
            reason => _log.LogWarning("{Box} is {Owner}'s now, and the unfinished orders cannot be read yet: {Reason}", box, owner, reason),
            _clock, CancellationToken.None);
        _log.LogInformation("{Box} is {Owner}'s now: {Accounts} accounts of this node drive their unfinished orders again", box, owner, accounts);
    }

    private async Task WaitAsync(bool isIdle, CancellationToken stop)
    {
        try
        {
            if (isIdle)
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1), _clock);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
                await _wake.Reader.WaitToReadAsync(either.Token);
                _wake.Reader.TryRead(out _);
            }
            else
            {
                await Task.Delay(TryAgain, _clock, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping, or time for a look.
        }
    }
}
