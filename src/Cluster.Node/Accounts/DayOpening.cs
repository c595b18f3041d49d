using Backup.Account.Domain;
using Backup.Account.Domain.Positions;
using Backup.Actor.Kernel.Regions;
using Backup.Continuity.ReferenceData;

namespace Backup.Cluster.Node.Accounts;

/// <summary>Carries the dataset's positions into the accounts: one event per account and day, however often it is asked.</summary>
public sealed class DayOpening(
    IEntityRegion<AccountCommand, AccountReply, AccountState> accounts, ReferenceDataset dataset, ILogger<DayOpening> log)
{
    private const int AtOnce = 256;

    /// <summary>Symbols with futures or options: as shares they end their day in the closing auction.</summary>
    private readonly HashSet<string> _withDerivatives = dataset.Instruments.All
        .Where(instrument => instrument.Type != InstrumentType.Eq).Select(instrument => instrument.Symbol).ToHashSet(StringComparer.Ordinal);

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Opens the day for every active client. An account that cannot be opened is named and does not stop the others.</summary>
    public async Task OpenAllAsync(CancellationToken cancellationToken)
    {
        var clients = dataset.Clients.Where(client => client.Status == ClientStatus.Active).ToArray();
        var opened = 0;
        var refused = 0;
        await Parallel.ForEachAsync(
            clients,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (client, stop) =>
            {
                var result = await accounts.AskAsync(client.Id, Command(client), Deadline, stop);
                if (result.Reply is AccountReply.Refused { Refusal: var refusal })
                {
                    if (Interlocked.Increment(ref refused) == 1)
                    {
                        log.LogError("Account {Account} keeps the positions it has: {Reason}", client.Id, refusal.Message);
                    }
                }
                else if (!result.IsAnswered)
                {
                    log.LogError("Account {Account} could not be opened for {BusinessDate:yyyy-MM-dd}: {Status} {Detail}", client.Id, dataset.BusinessDate, result.Status, result.Detail);
                }
                else if (Interlocked.Increment(ref opened) % 10_000 == 0)
                {
                    log.LogInformation("{Opened} of {Clients} accounts are open for {BusinessDate:yyyy-MM-dd}", opened, clients.Length, dataset.BusinessDate);
                }
            });
        log.LogInformation("{Opened} of {Clients} accounts are open for {BusinessDate:yyyy-MM-dd}", opened + refused, clients.Length, dataset.BusinessDate);
        if (refused > 0)
        {
            log.LogError(
                "{Refused} accounts were opened for {BusinessDate:yyyy-MM-dd} from other data and keep it. A corrected file of the same day is not taken once the day is open: import the next day's, or begin afresh (./run --fresh)",
                refused, dataset.BusinessDate);
        }
    }

    private AccountCommand.OpenDay Command(Client client) => new(
        dataset.BusinessDate,
        dataset.DatasetHash,
        [.. dataset.PositionsOf(client.Id).Select(held => new Account.Domain.Positions.CarriedPosition(
            ContractOf(held.Instrument, _withDerivatives), held.Product, held.Quantity, held.AveragePricePaise))]);

    private static Contract ContractOf(Instrument instrument, HashSet<string> withDerivatives)
    {
        var cash = instrument.Type == InstrumentType.Eq;
        return new Contract(
            instrument.Exchange,
            instrument.TradingSymbol,
            instrument.InstrumentToken,
            instrument.ExchangeToken,
            cash ? MarketSegment.Cash : MarketSegment.Derivatives,
            instrument.Type switch
            {
                InstrumentType.Eq => ContractKind.Equity,
                InstrumentType.Fut => ContractKind.Future,
                _ => ContractKind.Option,
            },
            cash ? "" : instrument.WireInstrumentName,
            instrument.Symbol,
            instrument.Series,
            instrument.Expiry,
            instrument.StrikePaise,
            instrument.Type switch { InstrumentType.Ce => "CE", InstrumentType.Pe => "PE", _ => "" },
            checked((int)instrument.LotSize),
            instrument.TickPaise,
            instrument.FreezeQuantity,
            instrument.ClosePaise,
            cash && withDerivatives.Contains(instrument.Symbol));
    }
}
