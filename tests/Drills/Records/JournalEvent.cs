using System.Text.Json.Nodes;

namespace Backup.Drills.Records;

/// <summary>One event of an account's journal, as <c>pbm journal show</c> tells it.</summary>
internal sealed partial record JournalEvent(string Account, long Sequence, DateTimeOffset At, string Name, JsonNode Payload)
{
    /// <summary>Our number of the order that it is about; 0 when it is about none.</summary>
    internal long Order => (long?)Payload["orderId"] ?? 0;

    public override string ToString() => $"journal {Account} {Sequence} {At:HH:mm:ss.ffffff} {Name} {Payload.ToJsonString()}";
}
