using Backup.Drills.Records;

namespace Backup.Drills.Faults;

/// <summary>What happened during one run, from every side.</summary>
/// <param name="Ledger">The exchange's lines of the run.</param>
/// <param name="Journal">The events of the run's clients since it began.</param>
/// <param name="Breaks">The words of every break of a session that was seen.</param>
/// <param name="Answers">Every answer that the run's clients were given.</param>
internal sealed record Evidence(
    IReadOnlyList<LedgerLine> Ledger, IReadOnlyList<JournalEvent> Journal, IReadOnlyList<string> Breaks, IReadOnlyList<Answered> Answers)
{
    /// <summary>Answers that left a client in doubt, at least for a while.</summary>
    internal IEnumerable<Answered> Doubts => Answers.Where(answer => answer.Told == Told.Nothing);

    /// <summary>Exits that were acknowledged after that moment.</summary>
    internal IEnumerable<Answered> ExitsDoneAfter(DateTimeOffset moment) => Answers.Where(answer => answer is { What: "exit", Told: Told.Done } && answer.Asked > moment);

    internal int Journaled(string name) => Journal.Count(record => record.Name == name);

    internal bool HasNote(string name) => Ledger.Any(line => line.IsNote && line.Name.Contains(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Frames that the exchange marked with such words.</summary>
    internal int Marked(string words) => Ledger.Count(line => line.Note.Contains(words, StringComparison.OrdinalIgnoreCase));

    internal int In(int code) => Ledger.Count(line => line.IsInbound && line.Code == code);

    internal int Out(int code) => Ledger.Count(line => !line.IsInbound && (line.Code == code || line.Code == code - ExchangeCodes.Trimmed));

    internal bool BrokeWith(string words) => Breaks.Any(reason => reason.Contains(words, StringComparison.OrdinalIgnoreCase));

    internal bool Broke => Breaks.Count > 0;
}
