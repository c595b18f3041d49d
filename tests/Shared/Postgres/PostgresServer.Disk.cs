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
    private Action FillDisk()
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

    /// <summary>
    /// Somebody else fills the disk, and the server writes to its log until there is no room and it crashes. It may come back by itself and find
    /// no room for anything else.
    /// </summary>
    /// <returns>How to make room again.</returns>
    public async Task<Action> CrashOnFullDiskAsync()
    {
        // Before: a server whose disk is full lets nobody in.
        await using var connection = new NpgsqlConnection(ConnectionString() + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "select pg_logical_emit_message(false, 'fill', repeat('x', 1000000))";
        var makeRoom = FillDisk();
        try
        {
            while (true)
            {
                await command.ExecuteNonQueryAsync();
            }
        }
        catch (NpgsqlException) when (connection.State != System.Data.ConnectionState.Open)
        {
            return makeRoom;
        }
    }

    /// <summary>Starts it, unless it has come back by itself.</summary>
    public async Task StartIfGoneAsync()
    {
        if (Family().Count == 0)
        {
            await StartAgainAsync();
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
