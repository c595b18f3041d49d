using System.Diagnostics;
using Npgsql;

namespace Backup.Tests;

/// <summary>A disk that can be full, and what a server makes of it.</summary>
internal sealed partial class PostgresServer
{
    /// <summary>Kills it and takes its disk away, without waiting for anything: for the end of a process. The next start removes what is left.</summary>
    public void Abandon()
    {
        Kill();
        LetGoOfDisk(Folder);
    }

    /// <summary>Somebody else fills the disk to its last byte. Returns how to make room again.</summary>
    public Action FillDisk()
    {
        var ballast = Path.Combine(Folder, "ballast");
        using (var file = new FileStream(ballast, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0))
        {
            var zeros = new byte[64 * 1024];
            for (var piece = zeros.Length; piece > 0;)
            {
                try
                {
                    file.Write(zeros, 0, piece);
                }
                catch (IOException)
                {
                    piece /= 2;
                }
            }
        }

        return () => File.Delete(ballast);
    }

    /// <summary>Writes to its log until it ends, as it does when there is no room for more.</summary>
    public async Task WriteUntilItStopsAsync()
    {
        while (Family().Count > 0)
        {
            try
            {
                await ExecuteAsync("select pg_logical_emit_message(false, 'fill', repeat('x', 1000000))");
            }
            catch (NpgsqlException)
            {
                // It has no room, or tries to recover; when its recovery finds no room either, its first process ends.
                await Task.Delay(20);
            }
        }
    }

    /// <summary>Tries to start it, and tells whether it refused.</summary>
    public async Task<bool> RefusesToStartAsync()
    {
        try
        {
            await StartAgainAsync();
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    /// <summary>Takes away the disk that lies over a folder, if one does, even while somebody still uses it.</summary>
    private static void LetGoOfDisk(string folder)
    {
        if (File.ReadLines("/proc/mounts").Any(mount => mount.Split(' ')[1] == folder))
        {
            using var umount = Process.Start("umount", ["-l", folder]);
            umount.WaitForExit();
        }
    }
}
