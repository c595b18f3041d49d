using System.Collections.Frozen;

namespace Backup.Continuity.ReferenceData;

/// <summary>The instruments of the day by each of the names that the files and the wire use.</summary>
public sealed class InstrumentTable
{
    private readonly FrozenDictionary<(string Exchange, string TradingSymbol), Instrument> _bySymbol;
    private readonly FrozenDictionary<long, Instrument> _byToken;
    private readonly FrozenDictionary<(string Segment, int ExchangeToken), Instrument> _byExchangeToken;

    public InstrumentTable(IReadOnlyList<Instrument> all)
    {
        All = all;
        _bySymbol = all.ToFrozenDictionary(static instrument => (instrument.Exchange, instrument.TradingSymbol));
        _byToken = all.ToFrozenDictionary(static instrument => instrument.InstrumentToken);
        _byExchangeToken = all.ToFrozenDictionary(static instrument => (instrument.Segment, instrument.ExchangeToken));
    }

    /// <summary>Ordered by exchange and trading symbol.</summary>
    public IReadOnlyList<Instrument> All { get; }

    public int Count => All.Count;

    public Instrument? Find(string exchange, string tradingSymbol) => _bySymbol.GetValueOrDefault((exchange, tradingSymbol));

    public Instrument? FindByToken(long instrumentToken) => _byToken.GetValueOrDefault(instrumentToken);

    /// <param name="segment">"CM" or "FO": the exchange counts its tokens in each segment from the start.</param>
    /// <param name="exchangeToken">The exchange's own number.</param>
    public Instrument? FindByExchangeToken(string segment, int exchangeToken) =>
        _byExchangeToken.GetValueOrDefault((segment, exchangeToken));
}
