using Backup.Cluster.Node.Accounts;
using Backup.Continuity.ReferenceData;
using Backup.Gateway.Api;

namespace Backup.Cluster.Node.Gateway;

/// <summary>The dataset's instruments as the trader's door knows them.</summary>
internal sealed class InstrumentMaster : IInstrumentMaster
{
    private readonly Dictionary<(string Exchange, string TradingSymbol), ListedInstrument> _bySymbol = [];
    private readonly Dictionary<long, ListedInstrument> _byToken = [];

    public InstrumentMaster(ReferenceDataset dataset)
    {
        var contracts = new DayContracts(dataset);
        All = [.. dataset.Instruments.All.Select(instrument => new ListedInstrument(contracts.Of(instrument), instrument.Name))];
        foreach (var listed in All)
        {
            _bySymbol.Add((listed.Contract.Exchange, listed.Contract.TradingSymbol), listed);
            _byToken.Add(listed.Contract.Token, listed);
        }
    }

    public IReadOnlyList<ListedInstrument> All { get; }

    public ListedInstrument? Find(string exchange, string tradingSymbol) => _bySymbol.GetValueOrDefault((exchange, tradingSymbol));

    public ListedInstrument? Find(long token) => _byToken.GetValueOrDefault(token);
}
