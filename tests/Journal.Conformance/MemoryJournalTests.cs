using Backup.Actor.Kernel.Journal;

namespace Backup.Journal.Conformance;

public sealed class MemoryJournalTests : JournalConformance
{
    private readonly MemoryJournal _journal = new();

    public MemoryJournalTests() => _journal.TakeShard(7, Epoch);

    protected override IJournal Journal => _journal;

    protected override long Epoch => 5;
}
