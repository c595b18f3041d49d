using Backup.Actor.Kernel.Journal;
using Backup.Journal.Sqlite;
using Xunit;

namespace Backup.Journal.Conformance;

public sealed class SqliteJournalTests : JournalConformance, IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("journal-").FullName;
    private FolderLease _lease;
    private SqliteJournal _journal;

    public SqliteJournalTests()
    {
        _lease = FolderLease.Acquire(_folder, "test", TimeProvider.System);
        _journal = new SqliteJournal(_lease);
    }

    protected override IJournal Journal => _journal;

    protected override long Epoch => _lease.Epoch;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_was_stored_is_there_after_reopening_and_the_epoch_has_grown()
    {
        await AppendAsync(Append("A", Chain("A", 3)) with { PendingWork = true });
        var before = Epoch;

        await ReopenAsync();

        Assert.True(Epoch > before);
        Assert.Equal(3, (await Journal.ReadHeadAsync("A", default)).Sequence);
        Assert.Equal(["A"], await Journal.ReadPendingWorkAsync(default));
        var history = Chain("A", 4);
        Assert.Equal([AppendOutcome.Stored], await AppendAsync(Append("A", history[3..])));
        Assert.Empty(await Journal.ReadPendingWorkAsync(default));
    }

    [Fact]
    public void A_second_process_on_the_folder_is_refused_and_told_who_holds_it()
    {
        var refused = Assert.Throws<JournalException>(() => FolderLease.Acquire(_folder, "second", TimeProvider.System));

        Assert.Contains(Path.GetFullPath(_folder), refused.Message, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId} (test", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_torn_last_commit_is_cut_and_everything_before_it_is_kept()
    {
        var history = Chain("A", 20);
        for (var i = 0; i < 20; i++)
        {
            await AppendAsync(Append("A", history[i..(i + 1)]));
        }

        // What a power cut leaves behind: the files as they are in mid-write, without a checkpoint, the last log page torn.
        var torn = Directory.CreateTempSubdirectory("torn-").FullName;
        File.Copy(Path.Combine(_folder, "journal.db"), Path.Combine(torn, "journal.db"));
        var log = await File.ReadAllBytesAsync(Path.Combine(_folder, "journal.db-wal"));
        await File.WriteAllBytesAsync(Path.Combine(torn, "journal.db-wal"), log[..^100]);

        using (var reader = new SqliteJournalReader(torn))
        {
            var read = (await reader.ReadAsync(["A"], default)).GetValueOrDefault("A") ?? [];
            Assert.Equal(19, read.Count);
            var head = JournalHead.Empty;
            foreach (var record in read)
            {
                Assert.True(HashChain.Follows(head, "A", record));
                head = new JournalHead(record.Sequence, record.Hash);
            }
        }

        Directory.Delete(torn, recursive: true);
    }

    [Fact]
    public async Task A_reader_of_what_a_crash_left_behind_changes_no_byte_of_it()
    {
        await AppendAsync(Append("A", Chain("A", 20)));
        var left = Directory.CreateTempSubdirectory("left-").FullName;
        foreach (var name in new[] { "journal.db", "journal.db-wal" })
        {
            File.Copy(Path.Combine(_folder, name), Path.Combine(left, name));
        }

        using (var reader = new SqliteJournalReader(left))
        {
            Assert.Equal(20, (await reader.ReadAsync(["A"], default))["A"].Count);
        }

        foreach (var name in new[] { "journal.db", "journal.db-wal" })
        {
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(_folder, name)), await File.ReadAllBytesAsync(Path.Combine(left, name)));
        }

        Directory.Delete(left, recursive: true);
    }

    [Fact]
    public async Task A_damaged_file_is_refused_with_its_name_and_left_as_it_is()
    {
        await AppendAsync(Append("A", Chain("A", 50)));
        await CloseAsync();
        var path = Path.Combine(_folder, "journal.db");
        var bytes = await File.ReadAllBytesAsync(path);
        Array.Fill(bytes, (byte)0xA5, 0, 4096);
        await File.WriteAllBytesAsync(path, bytes);

        _lease = FolderLease.Acquire(_folder, "test", TimeProvider.System);
        var refused = Assert.Throws<JournalException>(() => new SqliteJournal(_lease));

        Assert.Contains("journal.db", refused.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(path));
    }

    [Fact]
    public void A_folder_without_a_journal_is_not_silently_made_one_by_a_reader()
    {
        var empty = Directory.CreateTempSubdirectory("empty-").FullName;

        var refused = Assert.Throws<JournalException>(() => new SqliteJournalReader(empty));

        Assert.Contains(empty, refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(empty));
        Directory.Delete(empty);
    }

    private async Task ReopenAsync()
    {
        await CloseAsync();
        _lease = FolderLease.Acquire(_folder, "test", TimeProvider.System);
        _journal = new SqliteJournal(_lease);
    }

    private async Task CloseAsync()
    {
        await _journal.DisposeAsync();
        _lease.Dispose();
    }
}
