using System.Globalization;
using System.Text.Json;
using Backup.Actor.Kernel.Journal;

namespace Backup.Journal.Sqlite;

/// <summary>
/// The exclusive right to write in a data folder: an operating-system lock that ends with the process, however it ends, and
/// an epoch that only grows. On one machine this is what a shard lease is in a cluster.
/// </summary>
public sealed class FolderLease : IDisposable
{
    private const string LockName = "LOCK";
    private const string OwnerName = "owner.json";
    private readonly FileStream _lock;

    private FolderLease(FileStream held, string folder, long epoch)
    {
        _lock = held;
        Folder = folder;
        Epoch = epoch;
    }

    public string Folder { get; }

    /// <summary>Greater than every epoch under which this folder was held before.</summary>
    public long Epoch { get; }

    /// <summary>Takes the folder, creating it if need be.</summary>
    /// <exception cref="JournalException">Another process holds it; the message says which.</exception>
    public static FolderLease Acquire(string folder, string owner, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, LockName);
        FileStream held;
        try
        {
            held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 64, FileOptions.WriteThrough);
        }
        catch (IOException inUse)
        {
            throw new JournalException(
                $"data folder {Path.GetFullPath(folder)} is in use by {DescribeOwner(folder)}. Stop that process, or give this one another folder (node.data).", inUse);
        }

        var epoch = NextEpoch(held, path);
        File.WriteAllText(
            Path.Combine(folder, OwnerName),
            JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["owner"] = owner,
                ["process"] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
                ["since"] = clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture),
                ["epoch"] = epoch.ToString(CultureInfo.InvariantCulture),
            }));
        return new FolderLease(held, folder, epoch);
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>The epoch is the content of the lock file itself: written through before anything is done under it.</summary>
    private static long NextEpoch(FileStream held, string path)
    {
        Span<byte> text = stackalloc byte[32];
        var length = held.Read(text);
        var last = 0L;
        if (length > 0 && !long.TryParse(text[..length], NumberStyles.None, CultureInfo.InvariantCulture, out last))
        {
            held.Dispose();
            throw new JournalException($"{path}: expected a number (the last epoch), found something else. The folder is not a data folder of this product, or it is damaged.");
        }

        var epoch = last + 1;
        held.Position = 0;
        held.Write(System.Text.Encoding.ASCII.GetBytes(epoch.ToString(CultureInfo.InvariantCulture)));
        held.Flush(flushToDisk: true);
        return epoch;
    }

    private static string DescribeOwner(string folder)
    {
        try
        {
            var owner = JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(folder, OwnerName)));
            return $"process {owner!["process"]} ({owner["owner"]}, since {owner["since"]})";
        }
        catch (Exception unreadable) when (unreadable is IOException or JsonException or KeyNotFoundException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }
}
