using System.Security.Cryptography;
using System.Text;

namespace Backup.Continuity.ReferenceData;

/// <summary>Names the content of a dataset by one hash. The form of each line is part of the promise: changing it changes every hash.</summary>
internal static class DatasetHasher
{
    public static string Hash(
        DateOnly businessDate,
        IEnumerable<Instrument> instruments,
        IEnumerable<Client> clients,
        IEnumerable<CarriedPosition> positions,
        IEnumerable<MainOrder> mainOrders)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Line($"D\t{businessDate:yyyy-MM-dd}\n");
        foreach (var i in instruments)
        {
            Line($"I\t{i.Exchange}\t{i.TradingSymbol}\t{i.InstrumentToken}\t{i.ExchangeToken}\t{i.Name}\t{i.Symbol}\t{i.Series}\t{i.InstrumentType}\t{i.Expiry:yyyy-MM-dd}\t{i.StrikePaise}\t{i.TickPaise}\t{i.LotSize}\t{i.FreezeQuantity}\t{i.ClosePaise}\n");
        }

        foreach (var c in clients)
        {
            Line($"C\t{c.Id}\t{c.Name}\t{c.Pan}\t{c.Mobile}\t{c.Email}\t{string.Join('|', c.Segments)}\t{c.Status}\n");
        }

        foreach (var p in positions)
        {
            Line($"P\t{p.ClientId}\t{p.Instrument.Exchange}\t{p.Instrument.TradingSymbol}\t{p.Product}\t{p.Quantity}\t{p.AveragePricePaise}{Locked(p)}\n");
        }

        foreach (var o in mainOrders)
        {
            Line($"O\t{o.ClientId}\t{o.Instrument.Exchange}\t{o.Instrument.TradingSymbol}\t{o.Product}\t{o.IsBuy}\t{o.Quantity}\t{o.LimitPaise}\t{o.TriggerPaise}\t{o.ExchangeOrderNumber}\t{o.Variety}\t{o.OrderId}\t{o.ParentOrderId}\t{o.PlacedBy}\n");
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        // Left out where there is none, so that a day without them keeps the hash that it had before they were known.
        static string Locked(CarriedPosition p) =>
            p is { T1Quantity: 0, HoldingQuantity: 0 } ? "" : FormattableString.Invariant($"\t{p.T1Quantity}\t{p.HoldingQuantity}");

        void Line(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text));
    }
}
