using Backup.Account.Domain;
using Backup.Account.Domain.Journal;
using Backup.Actor.Kernel.Journal;

namespace Backup.Operator.Cli;

/// <summary>What a verification found.</summary>
/// <param name="Faults">The first fault of each account that has one, with account and record.</param>
/// <param name="Snapshots">Null where the journal keeps none.</param>
internal sealed record VerificationReport(int Accounts, long Records, List<string> Faults, SnapshotVerification? Snapshots);

/// <summary>Reads the whole journal once, in the order in which it was written, and holds each account's chain and snapshot against it.</summary>
internal static class JournalVerification
{
    private sealed record Progress(JournalHead Head, AccountState? State);

    internal static async Task<VerificationReport> RunAsync(IJournalReader journal, IAsyncEnumerable<EntitySnapshot>? kept, CancellationToken stop)
    {
        // Before the journal is read: what is read afterwards has every event that these were made of.
        var snapshots = kept is null ? null : await SnapshotVerification.ReadAsync(kept, stop);
        var accounts = new Dictionary<string, Progress>(StringComparer.Ordinal);
        var faults = new List<string>();
        var records = 0L;
        await foreach (var stored in journal.ReadAllAsync(stop))
        {
            records++;
            var progress = accounts.GetValueOrDefault(stored.Entity) ?? new Progress(JournalHead.Empty, AccountDecider.Initial(stored.Entity));
            if (progress.State is null)
            {
                // This account's fault is known already; what follows it proves nothing.
                continue;
            }

            var (next, fault) = Check(stored, progress);
            accounts[stored.Entity] = next;
            if ((fault ?? (next.State is { } state ? snapshots?.Judge(stored.Entity, next.Head, state) : null)) is { } wrong)
            {
                faults.Add($"{stored.Entity} record {stored.Record.Sequence} (position {stored.Position}): {wrong}");
            }
        }

        await CheckMissingTailsAsync(journal, accounts, faults, stop);
        return new VerificationReport(accounts.Count, records, faults, snapshots);
    }

    private static (Progress Next, string? Fault) Check(StoredRecord stored, Progress progress)
    {
        var record = stored.Record;
        if (record.Sequence != progress.Head.Sequence + 1)
        {
            return (progress with { State = null }, $"expected record {progress.Head.Sequence + 1}: a record is missing or out of order");
        }

        if (!HashChain.Follows(progress.Head, stored.Entity, record))
        {
            return (progress with { State = null }, "its hash does not fit: this record or the one before it was changed");
        }

        if (AccountEventCodec.Decode(record.Type, record.Version, record.Payload.Span) is not { } recorded)
        {
            return (progress with { State = null }, $"type {record.Type} version {record.Version} is not known to this build");
        }

        try
        {
            return (new Progress(new JournalHead(record.Sequence, record.Hash), AccountDecider.Evolve(progress.State!, recorded, record.At)), null);
        }
        catch (Exception broken) when (broken is KeyNotFoundException or InvalidOperationException or OverflowException or ArgumentException)
        {
            return (progress with { State = null }, $"cannot be folded: {broken.Message}");
        }
    }

    /// <summary>
    /// The newest record that the journal knows of must be among those read: a chain alone does not show that its end was cut.
    /// A node that is running may have added to it since.
    /// </summary>
    private static async Task CheckMissingTailsAsync(
        IJournalReader journal, Dictionary<string, Progress> accounts, List<string> faults, CancellationToken stop)
    {
        foreach (var entity in await journal.ReadEntitiesAsync(stop))
        {
            if (!accounts.TryGetValue(entity, out var progress))
            {
                faults.Add($"{entity}: every record is missing");
            }
            else if (progress.State is not null && (await journal.ReadHeadAsync(entity, stop)).Sequence < progress.Head.Sequence)
            {
                faults.Add($"{entity} record {progress.Head.Sequence + 1}: the newest record is missing");
            }
        }
    }
}
