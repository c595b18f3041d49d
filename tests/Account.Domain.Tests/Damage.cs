using System.Text.Json.Nodes;

namespace Backup.Account.Domain.Tests;

/// <summary>What can happen to bytes, and what another program could have written instead of them.</summary>
internal static class Damage
{
    internal static byte[] Of(ReadOnlySpan<byte> bytes, Dice dice)
    {
        var damaged = bytes.ToArray().ToList();
        for (var times = dice.Next(3); times >= 0 && damaged.Count > 0; times--)
        {
            var at = dice.Next(damaged.Count);
            var length = 1 + dice.Next(Math.Min(20, damaged.Count - at));
            switch (dice.Next(6))
            {
                case 0:
                    damaged[at] ^= (byte)(1 << dice.Next(8));
                    break;
                case 1:
                    damaged[at] = (byte)('0' + dice.Next(10));
                    break;
                case 2:
                    damaged.RemoveRange(at, length);
                    break;
                case 3:
                    damaged.InsertRange(dice.Next(damaged.Count), damaged.GetRange(at, length));
                    break;
                case 4:
                    damaged.RemoveRange(at, damaged.Count - at);
                    break;
                case 5:
                    damaged[at] = (byte)dice.Next(256);
                    break;
            }
        }

        return [.. damaged];
    }

    /// <summary>Good JSON in which one value is another, or is not there.</summary>
    internal static byte[] OfValue(ReadOnlySpan<byte> bytes, Dice dice)
    {
        var root = JsonNode.Parse(bytes)!;
        var places = Places(root).ToArray();
        places[dice.Next(places.Length)](dice);
        return System.Text.Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    private static IEnumerable<Action<Dice>> Places(JsonNode node)
    {
        if (node is JsonObject named)
        {
            foreach (var name in named.Select(one => one.Key).ToArray())
            {
                yield return dice =>
                {
                    named.Remove(name);
                    if (dice.Next(3) > 0)
                    {
                        named.Add(name, Another(dice));
                    }
                };
                foreach (var place in named[name] is { } inner ? Places(inner) : [])
                {
                    yield return place;
                }
            }
        }
        else if (node is JsonArray list)
        {
            for (var i = 0; i < list.Count; i++)
            {
                var at = i;
                yield return dice => list[at] = Another(dice);
                foreach (var place in list[i] is { } inner ? Places(inner) : [])
                {
                    yield return place;
                }
            }
        }
    }

    private static JsonNode? Another(Dice dice) => dice.Next(8) switch
    {
        0 => null,
        1 => new JsonObject(),
        2 => new JsonArray(),
        3 => -1,
        4 => 77,
        5 => long.MaxValue,
        6 => new JsonArray(null, null),
        _ => "NFO:13906434:MIS",
    };
}
