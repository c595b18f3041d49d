using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Backup.Journal.Bench;

/// <summary>
/// What the disk itself can do: 8 KB written over an existing file, then fdatasync, again and again. The file is not
/// extended, as a write-ahead log that is used in a circle is not.
/// </summary>
internal sealed partial class FsyncProbe : ISide
{
    private const int BlockBytes = 8 * 1024;
    private const int Blocks = 2048;
    private readonly FileStream _file;
    private readonly byte[] _block = new byte[BlockBytes];
    private int _next;

    public FsyncProbe(string folder)
    {
        _file = new FileStream(Path.Combine(folder, "fsync.probe"), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 0);
        for (var i = 0; i < Blocks; i++)
        {
            _file.Write(_block);
        }

        _file.Flush(flushToDisk: true);
    }

    public string Name => "fdatasync of 8 KB writes";

    public Task<Reading> RunAsync(TimeSpan time) => Task.Run(() => Probe(time));

    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        File.Delete(_file.Name);
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int DataSync(SafeHandle file);

    private Reading Probe(TimeSpan time)
    {
        var watch = new Stopwatches();
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < time)
        {
            var at = Stopwatch.GetTimestamp();
            _block[0] ^= 1;
            RandomAccess.Write(_file.SafeFileHandle, _block, (long)(_next++ % Blocks) * BlockBytes);
            if (DataSync(_file.SafeFileHandle) != 0)
            {
                throw new IOException($"fdatasync failed with error {Marshal.GetLastPInvokeError()}");
            }

            watch.Add(at);
        }

        return watch.Read();
    }
}
