using Backup.Journal.Sqlite;

namespace Backup.Journal.Bench;

/// <summary>The embedded store alone: groups of 100 records of 100 accounts, one commit after the other.</summary>
internal sealed class JournalGroups : ISide
{
    private const int GroupRecords = 100;
    private readonly AppendGroups _groups;
    private readonly FolderLease _lease;
    private readonly SqliteJournal _journal;

    public JournalGroups(string folder, int entities)
    {
        _lease = FolderLease.Acquire(folder, "bench", TimeProvider.System);
        _journal = new SqliteJournal(_lease);
        _groups = new AppendGroups(entities, GroupRecords, _lease.Epoch);
    }

    public string Name => $"SQLite, groups of {GroupRecords}";

    public Task<Reading> RunAsync(TimeSpan time) => _groups.RunAsync(time, async group => await _journal.AppendAsync(group, CancellationToken.None));

    public async ValueTask DisposeAsync()
    {
        await _journal.DisposeAsync();
        _lease.Dispose();
    }
}
