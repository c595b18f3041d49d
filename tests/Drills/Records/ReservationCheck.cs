using System.Text.Json.Nodes;

namespace Backup.Drills.Records;

/// <summary>
/// P4 inside the house: at every order that was accepted or changed, all orders of the position that may still trade, unknown and cancel-pending ones
/// included, fit into it. Folded here from the journal alone.
/// </summary>
internal static class ReservationCheck
{
    private static readonly string[] Ends = ["OrderCancelled", "OrderRejected", "OrderProvenAbsent", "OrderLostInOutage", "OrderLapsed"];

    internal static IEnumerable<string> Check(string account, IReadOnlyList<JournalEvent> journal)
    {
        var net = new Dictionary<string, long>(StringComparer.Ordinal);
        var orders = new Dictionary<long, Held>();
        foreach (var record in journal)
        {
            Fold(net, orders, record);
            var changed = record.Name switch
            {
                "OrderAccepted" => orders[record.Sequence],
                "OrderModified" => orders.GetValueOrDefault(record.Order),
                _ => null,
            };
            if (changed is { Place: var place })
            {
                var reserved = orders.Values.Where(order => order.Place == place).Sum(order => order.Leaves);
                if (reserved > Math.Abs(net.GetValueOrDefault(place)))
                {
                    yield return $"P4 {account} {place}: orders that may still trade {reserved} against a position of {net.GetValueOrDefault(place)}; at {record}";
                }
            }
        }
    }

    private static void Fold(Dictionary<string, long> net, Dictionary<long, Held> orders, JournalEvent record)
    {
        var order = orders.GetValueOrDefault(record.Order);
        switch (record.Name)
        {
            case "DayOpened":
                foreach (var carried in record.Payload["positions"]!.AsArray())
                {
                    net[$"{carried!["contract"]!["exchange"]}:{carried["contract"]!["token"]}:{carried["product"]}"] = (long)carried["quantity"]!;
                }

                break;
            case "OrderAccepted":
                var sign = (string)record.Payload["side"]! == "Buy" ? 1 : -1;
                orders.Add(record.Sequence, new Held(Place(record.Payload["key"]!), sign) { Quantity = (long)record.Payload["quantity"]! });
                break;
            case "OrderModified" when order is not null:
                order.Quantity = (long)record.Payload["quantity"]!;
                break;
            case "OrderTraded" when order is not null:
                order.Filled += (long)record.Payload["quantity"]!;
                net[order.Place] += order.Sign * (long)record.Payload["quantity"]!;
                break;
            default:
                if (order is not null && Ends.Contains(record.Name))
                {
                    order.IsEnded = true;
                }

                break;
        }
    }

    private static string Place(JsonNode key) => $"{key["exchange"]}:{key["token"]}:{key["product"]}";

    private sealed class Held(string place, int sign)
    {
        internal string Place => place;

        internal int Sign => sign;

        internal long Quantity { get; set; }

        internal long Filled { get; set; }

        internal bool IsEnded { get; set; }

        internal long Leaves => IsEnded ? 0 : Math.Max(0, Quantity - Filled);
    }
}
