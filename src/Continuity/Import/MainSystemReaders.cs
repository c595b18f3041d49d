using Backup.Continuity.ReferenceData;

namespace Backup.Continuity.Import;

/// <summary>What the rows of the main system's own files have in common.</summary>
internal static class MainSystemRow
{
    internal static Instrument InstrumentOf(SourceRow row, PositionBook book)
    {
        var exchange = row.Text("exchange");
        if (exchange is not ("NSE" or "NFO"))
        {
            throw row.Refuse("exchange", exchange, "NSE or NFO");
        }

        var symbol = row.Required("tradingsymbol", "a trading symbol");
        return book.Instruments.Find(exchange, symbol)
            ?? throw row.Refuse("tradingsymbol", symbol, $"an instrument of {exchange} in the instrument master");
    }

    internal static string ProductOf(SourceRow row, Instrument instrument)
    {
        var product = row.Text("product");
        string[] known = instrument.Exchange == "NSE" ? ["CNC", "MIS", "MTF"] : ["NRML", "MIS"];
        return known.Contains(product, StringComparer.Ordinal)
            ? product
            : throw row.Refuse("product", product, $"{string.Join(", ", known[..^1])} or {known[^1]} on {instrument.Exchange}");
    }
}

/// <summary>
/// Reads the positions that only the main system knows, in our own form:
/// <c>client_id,exchange,tradingsymbol,product,overnight_quantity,average_price</c> and, where delivery matters,
/// <c>t1_quantity,holding_quantity</c>: parts of the quantity that are not credited yet, and that lie in the depository.
/// </summary>
internal static class CashPositionReader
{
    private static readonly string[] Columns =
        ["client_id", "exchange", "tradingsymbol", "product", "overnight_quantity", "average_price"];

    public static IEnumerable<CarriedPosition> Read(SourceFile file, PositionBook book) =>
        file.Rows([Columns], (row, _) => ReadRow(row, book));

    private static CarriedPosition? ReadRow(SourceRow row, PositionBook book)
    {
        var clientId = ClientMasterReader.ClientId(row);
        book.RequireClient(row, "client_id", clientId);
        var instrument = MainSystemRow.InstrumentOf(row, book);
        var product = MainSystemRow.ProductOf(row, instrument);
        var quantity = row.SignedCount("overnight_quantity");
        var price = row.Paise("average_price");
        if (quantity == 0)
        {
            return null;
        }

        var position = new CarriedPosition(
            clientId, instrument, product, quantity, price, Part(row, "t1_quantity"), Part(row, "holding_quantity"));
        var parts = position.T1Quantity + position.HoldingQuantity;
        if (parts > 0 && (product is not ("CNC" or "MTF") || parts > quantity))
        {
            throw row.Refuse("t1_quantity", $"{position.T1Quantity} and {position.HoldingQuantity}", $"parts of a delivery position of {quantity}");
        }

        book.RequireFirst(row, "tradingsymbol", position);
        return position;
    }

    private static long Part(SourceRow row, string column) => row.Has(column) && row.Text(column).Length > 0 ? row.Count(column) : 0;
}

/// <summary>
/// Reads the orders that the main site left at the exchange, in our own form: <c>client_id,exchange,tradingsymbol,product,transaction_type,
/// quantity,price,trigger_price,exchange_order_id,variety,order_id,parent_order_id,placed_by</c>. Only orders that the exchange has numbered:
/// one without a number cannot be known again.
/// </summary>
internal static class MainOrderReader
{
    private static readonly string[] Columns =
    [
        "client_id", "exchange", "tradingsymbol", "product", "transaction_type", "quantity", "price", "trigger_price", "exchange_order_id", "variety",
        "order_id", "parent_order_id", "placed_by",
    ];

    private static readonly string[] Varieties = ["regular", "co", "bo", "iceberg", "amo"];

    public static IEnumerable<MainOrder> Read(SourceFile file, PositionBook book)
    {
        var seen = new HashSet<(string Segment, long Number)>();
        return file.Rows([Columns], (row, _) => ReadRow(row, book, seen));
    }

    private static MainOrder ReadRow(SourceRow row, PositionBook book, HashSet<(string Segment, long Number)> seen)
    {
        var clientId = ClientMasterReader.ClientId(row);
        book.RequireClient(row, "client_id", clientId);
        var instrument = MainSystemRow.InstrumentOf(row, book);
        const string Expected = "the exchange's number of the order, each once in its segment";
        var number = row.Identifier("exchange_order_id", Expected);
        if (!seen.Add((instrument.Segment, number)))
        {
            throw row.Refuse("exchange_order_id", row.Text("exchange_order_id"), Expected);
        }

        var quantity = row.Count("quantity");
        var (price, trigger) = (row.Paise("price"), row.Paise("trigger_price"));
        return quantity == 0 ? throw row.Refuse("quantity", "0", "a quantity above 0")
            : price == 0 && trigger == 0 ? throw row.Refuse("price", row.Text("price"), "a price above 0 for an order without a trigger")
            : new MainOrder(
                clientId, instrument, MainSystemRow.ProductOf(row, instrument), OneOf(row, "transaction_type", ["BUY", "SELL"]) == "BUY", quantity, price,
                trigger, number, OneOf(row, "variety", Varieties), row.Required("order_id", "the main site's order id"),
                row.Text("parent_order_id") is { Length: > 0 } parent ? parent : null, OneOf(row, "placed_by", ["client", "rms", "desk"]));
    }

    private static string OneOf(SourceRow row, string column, string[] known) => row.Text(column) is var text && known.Contains(text, StringComparer.Ordinal)
        ? text
        : throw row.Refuse(column, text, $"{string.Join(", ", known[..^1])} or {known[^1]}");
}
