using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Backup.Account.Domain;
using Backup.Account.Domain.Positions;
using Backup.Gateway.Api.Access;
using Backup.Gateway.Api.Description;
using Backup.Gateway.Api.Live;
using CsvHelper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Backup.Gateway.Api.Kite;

/// <summary>A last price, with Kite's fields and then where it is from and how old it is (P9).</summary>
/// <param name="LastPrice">Rupees.</param>
public sealed record LastPriceView(long InstrumentToken, decimal LastPrice, DateTimeOffset AsOf, string Source, long AgeMs);

/// <summary>Last prices and the instrument master: the same for every client.</summary>
internal static class MarketEndpoints
{
    /// <summary>As Kite has it.</summary>
    private const int InstrumentsAskedMax = 1000;

    internal static void MapMarket(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/quote/ltp", LastPrices).About(Reach.Market).Describe(EndpointTexts.LastPrices);
        routes.MapGet("/instruments", (InstrumentDump dump) => Csv(dump.Of(""))).About(Reach.Market).Describe(EndpointTexts.Instruments);
        routes.MapGet("/instruments/{exchange}", (string exchange, InstrumentDump dump) => dump.Exchanges.Contains(exchange)
            ? Csv(dump.Of(exchange))
            : Envelope.InputError($"exchange: expected one of {string.Join(", ", dump.Exchanges)}; found \"{exchange}\".")).About(Reach.Market).Describe(EndpointTexts.InstrumentsOf);
    }

    /// <param name="i">EXCHANGE:TRADINGSYMBOL, once for each.</param>
    private static IResult LastPrices(string[] i, IInstrumentMaster master, PortfolioSources sources)
    {
        if (i.Length is 0 or > InstrumentsAskedMax)
        {
            return Envelope.InputError($"i: expected 1 to {InstrumentsAskedMax} instruments such as i=NSE:INFY, found {i.Length}.");
        }

        var now = sources.Clock.GetUtcNow();
        var found = new SortedDictionary<string, LastPriceView>(StringComparer.Ordinal);
        foreach (var name in i)
        {
            // As Kite does: what is not known, or has no price, is left out.
            if (name.Split(':', 2) is [var exchange, var symbol]
                && master.Find(exchange, symbol)?.Contract is { } contract && sources.Prices.Find(contract) is { } price)
            {
                found[name] = new LastPriceView(
                    contract.Token, PositionView.Rupees(price.Paise), price.At, price.Source, Math.Max(0, (long)(now - price.At).TotalMilliseconds));
            }
        }

        return Envelope.Data(found);
    }

    /// <summary>Kite's clients look for exactly this type.</summary>
    private static IResult Csv(byte[] dump) => Results.Bytes(dump, "text/csv");
}

/// <summary>The instrument master as Kite dumps it. It is the day's, so each dump is made once.</summary>
internal sealed class InstrumentDump(IInstrumentMaster master)
{
    private readonly ConcurrentDictionary<string, byte[]> _dumps = new(StringComparer.Ordinal);

    internal IReadOnlyCollection<string> Exchanges { get; } = [.. master.All.Select(one => one.Contract.Exchange).Distinct(StringComparer.Ordinal)];

    /// <param name="exchange">Empty: all.</param>
    internal byte[] Of(string exchange) => _dumps.GetOrAdd(exchange, Write);

    private byte[] Write(string exchange)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = new CsvWriter(text, CultureInfo.InvariantCulture))
        {
            Line(csv, "instrument_token", "exchange_token", "tradingsymbol", "name", "last_price", "expiry", "strike", "tick_size", "lot_size", "instrument_type", "segment", "exchange");
            foreach (var (contract, name) in master.All.Where(one => exchange.Length == 0 || one.Contract.Exchange == exchange))
            {
                Line(
                    csv, contract.Token, contract.ExchangeToken, contract.TradingSymbol, name, PositionView.Rupees(contract.ClosePaise),
                    contract.Expiry?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "", PositionView.Rupees(contract.StrikePaise),
                    PositionView.Rupees(contract.TickPaise), contract.LotSize, TypeOf(contract), SegmentOf(contract), contract.Exchange);
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Line(CsvWriter csv, params object[] fields)
    {
        foreach (var field in fields)
        {
            csv.WriteField(field);
        }

        csv.NextRecord();
    }

    private static string TypeOf(Contract contract) => contract.Kind switch
    {
        ContractKind.Equity => "EQ",
        ContractKind.Future => "FUT",
        _ => contract.OptionType,
    };

    private static string SegmentOf(Contract contract) => contract switch
    {
        { Segment: MarketSegment.Cash } => contract.Exchange,
        { Kind: ContractKind.Future } => $"{contract.Exchange}-FUT",
        _ => $"{contract.Exchange}-OPT",
    };
}
