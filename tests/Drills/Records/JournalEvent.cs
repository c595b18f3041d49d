using System.Globalization;
using System.Text.Json.Nodes;

namespace Backup.Drills.Records;

/// <summary>One event of an account's journal, as <c>pbm journal show</c> tells it.</summary>
internal sealed record JournalEvent(string Account, long Sequence, DateTimeOffset At, string Name, JsonNode Payload)
{
    /// <summary>Our number of the order that it is about; 0 when it is about none.</summary>
    internal long Order => (long?)Payload["orderId"] ?? 0;

    internal static async Task<List<JournalEvent>> ReadAsync(Stack stack, string account) =>
    [
        .. (await stack.PbmJsonAsync("journal", "show", account)).AsArray().Select(record => new JournalEvent(
            account,
            (long)record!["sequence"]!,
            DateTimeOffset.Parse((string)record["at"]!, CultureInfo.InvariantCulture),
            (string)record["event"]!,
            record["payload"]!)),
    ];

    public override string ToString() => $"journal {Account} {Sequence} {At:HH:mm:ss.ffffff} {Name} {Payload.ToJsonString()}";
}
