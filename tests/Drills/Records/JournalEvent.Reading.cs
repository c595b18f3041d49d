using System.Globalization;

namespace Backup.Drills.Records;

internal sealed partial record JournalEvent
{
    /// <summary>The journals of some accounts, by one process: each start of one costs more than the reading.</summary>
    internal static async Task<ILookup<string, JournalEvent>> ReadAsync(Stack stack, IEnumerable<string> accounts) =>
        (await stack.PbmJsonAsync(["journal", "show", .. accounts])).AsArray().Select(record => new JournalEvent(
            (string)record!["account"]!,
            (long)record["sequence"]!,
            DateTimeOffset.Parse((string)record["at"]!, CultureInfo.InvariantCulture),
            (string)record["event"]!,
            record["payload"]!)).ToLookup(one => one.Account, StringComparer.Ordinal);
}
