using Backup.Continuity.ReferenceData;

namespace Backup.Continuity.Import;

/// <summary>The instruments while the import runs: they still take closes and freeze quantities.</summary>
internal sealed class InstrumentBook
{
    private readonly Dictionary<(string Exchange, string TradingSymbol), Instrument> _bySymbol = [];
    private readonly Dictionary<ContractKey, (string Exchange, string TradingSymbol)> _byContract = [];
    private readonly Dictionary<(string Symbol, string Series), (string Exchange, string TradingSymbol)> _byShare = [];
    private readonly Dictionary<string, List<(string Exchange, string TradingSymbol)>> _byUnderlying = new(StringComparer.Ordinal);
    private readonly HashSet<long> _tokens = [];
    private readonly HashSet<(string Segment, int ExchangeToken)> _exchangeTokens = [];

    public int Count => _bySymbol.Count;

    /// <summary>In the order of exchange and trading symbol, so that the same day always gives the same dataset.</summary>
    public IReadOnlyList<Instrument> Sorted() =>
    [
        .. _bySymbol.Values
            .OrderBy(static instrument => instrument.Exchange, StringComparer.Ordinal)
            .ThenBy(static instrument => instrument.TradingSymbol, StringComparer.Ordinal),
    ];

    public (string Column, string Found, string Expected)? Conflict(Instrument instrument)
    {
        if (_bySymbol.ContainsKey((instrument.Exchange, instrument.TradingSymbol)))
        {
            return ("tradingsymbol", instrument.TradingSymbol, $"each trading symbol once in {instrument.Exchange}");
        }

        if (_tokens.Contains(instrument.InstrumentToken))
        {
            return ("instrument_token", $"{instrument.InstrumentToken}", "each instrument token once");
        }

        if (_exchangeTokens.Contains((instrument.Segment, instrument.ExchangeToken)))
        {
            return ("exchange_token", $"{instrument.ExchangeToken}", $"each exchange token once in {instrument.Segment}");
        }

        return ContractKey.Of(instrument) is { } key && _byContract.ContainsKey(key)
            ? ("expiry", key.ToString(), "each contract once")
            : null;
    }

    public void Add(Instrument instrument)
    {
        var name = (instrument.Exchange, instrument.TradingSymbol);
        _bySymbol.Add(name, instrument);
        _tokens.Add(instrument.InstrumentToken);
        _exchangeTokens.Add((instrument.Segment, instrument.ExchangeToken));
        if (ContractKey.Of(instrument) is { } key)
        {
            _byContract.Add(key, name);
            if (!_byUnderlying.TryGetValue(instrument.Symbol, out var contracts))
            {
                _byUnderlying.Add(instrument.Symbol, contracts = []);
            }

            contracts.Add(name);
        }
        else
        {
            _byShare.TryAdd((instrument.Symbol, instrument.Series), name);
        }
    }

    public Instrument? Find(string exchange, string tradingSymbol) => _bySymbol.GetValueOrDefault((exchange, tradingSymbol));

    public Instrument? Find(ContractKey key) => _byContract.TryGetValue(key, out var name) ? _bySymbol[name] : null;

    public Instrument? FindShare(string symbol, string series) => _byShare.TryGetValue((symbol, series), out var name) ? _bySymbol[name] : null;

    public void SetClose(Instrument instrument, long closePaise) => Replace(instrument with { ClosePaise = closePaise });

    public bool HasContractsOn(string underlying) => _byUnderlying.ContainsKey(underlying);

    /// <summary>Sets the freeze quantity of every contract on one underlying.</summary>
    public void SetFreeze(string underlying, long quantity)
    {
        foreach (var name in _byUnderlying[underlying])
        {
            Replace(_bySymbol[name] with { FreezeQuantity = quantity });
        }
    }

    private void Replace(Instrument instrument) => _bySymbol[(instrument.Exchange, instrument.TradingSymbol)] = instrument;
}
