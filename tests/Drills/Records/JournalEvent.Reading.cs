using System.Globalization;

namespace Backup.Drills.Records;

internal sealed partial record JournalEvent
{
    internal static async Task<List<JournalEvent>> ReadAsync(Stack stack, string account) =>
    [
        .. (await stack.PbmJsonAsync("journal", "show", account)).AsArray().Select(record => new JournalEvent(
            account,
            (long)record!["sequence"]!,
            DateTimeOffset.Parse((string)record["at"]!, CultureInfo.InvariantCulture),
            (string)record["event"]!,
            record["payload"]!)),
    ];
}
