using System.Collections.Concurrent;
using Backup.Account.Domain;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Positions;
using Backup.Actor.Kernel;
using Backup.Actor.Kernel.Entities;
using Backup.Actor.Kernel.Regions;
using Backup.Continuity.ReferenceData;

namespace Backup.Cluster.Node.Accounts;

/// <summary>Carries the dataset's positions into the accounts: one event per account and day, however often it is asked.</summary>
/// <param name="shardsOfAll">How many shards there are.</param>
public sealed class DayOpening(
    IEntityRegion<AccountCommand, AccountReply, AccountState> accounts, int shardsOfAll, ReferenceDataset dataset, ILogger<DayOpening> log)
{
    private const int AtOnce = 256;

    private readonly DayContracts _contracts = new(dataset);

    private readonly ILookup<int, Client> _clients = dataset.Clients.Where(client => client.Status == ClientStatus.Active)
        .ToLookup(client => StableHash.Shard(client.Id, shardsOfAll));

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Opens the day for every active client of some shards. An account that cannot be opened is named and does not stop the others.</summary>
    public async Task OpenAsync(IReadOnlyCollection<int> shards, CancellationToken cancellationToken)
    {
        var clients = shards.SelectMany(shard => _clients[shard]).ToArray();
        var waiting = new ConcurrentQueue<Client>(clients);
        var tally = new Tally(clients.Length);
        await Task.WhenAll(Enumerable.Range(0, Math.Min(AtOnce, clients.Length)).Select(_ => OpenAsync(waiting, tally, cancellationToken)));
        log.LogInformation("{Opened} of {Clients} accounts are open for {BusinessDate:yyyy-MM-dd}", tally.Opened + tally.Refused, clients.Length, dataset.BusinessDate);
        if (tally.Refused > 0)
        {
            log.LogError(
                "{Refused} accounts were opened for {BusinessDate:yyyy-MM-dd} from other data and keep it. A corrected file of the same day is not taken once the day is open: import the next day's, or begin afresh (./run --fresh)",
                tally.Refused, dataset.BusinessDate);
        }
    }

    private sealed class Tally(int clients)
    {
        public int Clients => clients;

        public int Opened;

        public int Refused;
    }

    private async Task OpenAsync(ConcurrentQueue<Client> waiting, Tally tally, CancellationToken stop)
    {
        while (waiting.TryDequeue(out var client))
        {
            stop.ThrowIfCancellationRequested();
            var result = await accounts.AskAsync(client.Id, Command(client), Deadline, stop);
            if (result.Reply is AccountReply.Refused { Refusal: var refusal })
            {
                if (Interlocked.Increment(ref tally.Refused) == 1)
                {
                    log.LogError("Account {Account} keeps the positions it has: {Reason}", client.Id, refusal.Message);
                }
            }
            else if (result.Status == AskStatus.NotOwner)
            {
                // The shard has gone to another node, which opens it.
            }
            else if (!result.IsAnswered)
            {
                log.LogError("Account {Account} could not be opened for {BusinessDate:yyyy-MM-dd}: {Status} {Detail}", client.Id, dataset.BusinessDate, result.Status, result.Detail);
            }
            else if (!await CarryOrdersAsync(client, stop))
            {
                log.LogError("Account {Account} could not take on the main site's orders; it may show more as closable than is", client.Id);
            }
            else if (Interlocked.Increment(ref tally.Opened) % 10_000 == 0)
            {
                log.LogInformation("{Opened} of {Clients} accounts are open for {BusinessDate:yyyy-MM-dd}", tally.Opened, tally.Clients, dataset.BusinessDate);
            }
        }
    }

    /// <summary>What the main site left at the exchange holds a part of the positions before anybody can exit them.</summary>
    private async Task<bool> CarryOrdersAsync(Client client, CancellationToken stop)
    {
        AccountCommand.CarryOrders carry = new(
        [
            .. dataset.MainOrdersOf(client.Id).Select(order => new CarriedOrder(
                _contracts.Of(order.Instrument), order.Product, order.IsBuy ? OrderSide.Buy : OrderSide.Sell, order.Quantity, order.LimitPaise,
                order.TriggerPaise, order.ExchangeOrderNumber, new OrderOrigin(order.Variety, order.OrderId, order.ParentOrderId), order.PlacedBy)),
        ]);
        return carry.Orders.IsEmpty || (await accounts.AskAsync(client.Id, carry, Deadline, stop)).Reply is AccountReply.Done;
    }

    private AccountCommand.OpenDay Command(Client client) => new(
        dataset.BusinessDate,
        dataset.DatasetHash,
        [.. dataset.PositionsOf(client.Id).Select(held => new Account.Domain.Positions.CarriedPosition(
            _contracts.Of(held.Instrument), held.Product, held.Quantity, held.AveragePricePaise,
            held is { T1Quantity: 0, HoldingQuantity: 0 } ? null : new DeliveryLock(held.T1Quantity, held.HoldingQuantity)))]);
}
