using System.Text.Json.Serialization;

namespace Backup.Account.Domain.Positions;

/// <summary>What kind of thing a contract is; protection and product rules differ.</summary>
public enum ContractKind
{
    Equity = 1,
    Future = 2,
    Option = 3,
}

/// <summary>
/// The facts of one instrument as they stood when the day was opened. They are part of the journal, so that a replay needs
/// no other file.
/// </summary>
/// <param name="Token">Kite's instrument token.</param>
/// <param name="ExchangeToken">The exchange's token within its segment.</param>
/// <param name="InstrumentName">FUTIDX, FUTSTK, OPTIDX, OPTSTK; empty in the cash segment.</param>
/// <param name="Symbol">The exchange's symbol, at most ten characters.</param>
/// <param name="Series">EQ, BE, ...; empty in F&amp;O.</param>
/// <param name="StrikePaise">0 unless an option.</param>
/// <param name="OptionType">CE or PE; empty unless an option.</param>
/// <param name="LotSize">Units; quantities are multiples of it.</param>
/// <param name="TickPaise">Prices are multiples of it.</param>
/// <param name="FreezeQuantity">Units above which one order is frozen by the exchange; 0 when none is known.</param>
/// <param name="ClosePaise">Previous close; 0 when none is known.</param>
/// <param name="ClosesByAuction">A share with derivatives: its day ends in the closing auction.</param>
public sealed record Contract(
    string Exchange,
    string TradingSymbol,
    long Token,
    int ExchangeToken,
    MarketSegment Segment,
    ContractKind Kind,
    string InstrumentName,
    string Symbol,
    string Series,
    DateOnly? Expiry,
    long StrikePaise,
    string OptionType,
    int LotSize,
    long TickPaise,
    long FreezeQuantity,
    long ClosePaise,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool ClosesByAuction = false);
