using System.Text.Json.Nodes;

namespace Backup.Drills;

/// <summary>One exchange session as the node's operator port tells it.</summary>
internal sealed record TapState(string Segment, string State, long Epoch, string LastBreak, int Breaks, DateTimeOffset LastSent)
{
    internal static TapState Of(JsonNode link)
    {
        var status = link["status"]!;
        return new TapState(
            (string)link["segment"]!,
            (string)link["state"]!,
            (long)status["session_epoch"]!,
            (string?)status["last_break"] ?? "",
            (int)status["breaks"]!,
            DateTimeOffset.TryParse((string?)status["last_sent_at"], System.Globalization.CultureInfo.InvariantCulture, out var sent) ? sent : DateTimeOffset.MinValue);
    }
}
