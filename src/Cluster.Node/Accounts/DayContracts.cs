using Backup.Account.Domain;
using Backup.Account.Domain.Positions;
using Backup.Continuity.ReferenceData;

namespace Backup.Cluster.Node.Accounts;

/// <summary>The dataset's instruments as the accounts and the trader's door know them: one contract, whoever asks.</summary>
internal sealed class DayContracts(ReferenceDataset dataset)
{
    /// <summary>Symbols with futures or options: as shares they end their day in the closing auction.</summary>
    private readonly HashSet<string> _withDerivatives = dataset.Instruments.All
        .Where(instrument => instrument.Type != InstrumentType.Eq).Select(instrument => instrument.Symbol).ToHashSet(StringComparer.Ordinal);

    public Contract Of(Instrument instrument)
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
            cash && _withDerivatives.Contains(instrument.Symbol));
    }
}
