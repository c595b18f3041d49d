using System.Runtime.InteropServices;
using Backup.Continuity.ReferenceData;

namespace Backup.Continuity.Import;

/// <summary>
/// The data folder while an import runs: one import at a time, a file that nobody else sees, and its appearance in one step.
/// </summary>
internal sealed class DatasetFolder : IDisposable
{
    private const string LockName = "reference.lock";
    private readonly string _folder;
    private readonly FileStream _lock;

    /// <exception cref="ImportRefusedException">Another import holds the folder, or it cannot be written.</exception>
    public DatasetFolder(string folder)
    {
        _folder = folder;
        try
        {
            Directory.CreateDirectory(folder);
            _lock = new FileStream(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.Delete(BuildPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _lock?.Dispose();
            throw new ImportRefusedException($"{folder}: found a folder in use or not writable, expected one that only this import writes ({e.Message}).");
        }
    }

    /// <summary>Where the dataset is made. What a former import left there is gone.</summary>
    public string BuildPath => Path.Combine(_folder, ReferenceDataset.FileName + ".importing");

    public string FinalPath => Path.Combine(_folder, ReferenceDataset.FileName);

    /// <summary>
    /// Puts the closed, complete file in place of the dataset that stands, which is kept beside it. At every instant there is one
    /// whole dataset under its name, whatever fails.
    /// </summary>
    public void Publish()
    {
        FlushFile(BuildPath);
        if (File.Exists(FinalPath))
        {
            var copy = Path.Combine(_folder, ReferenceDataset.PreviousFileName + ".copying");
            File.Copy(FinalPath, copy, overwrite: true);
            FlushFile(copy);
            File.Move(copy, Path.Combine(_folder, ReferenceDataset.PreviousFileName), overwrite: true);
        }

        File.Move(BuildPath, FinalPath, overwrite: true);
        FlushFolder(_folder);
    }

    /// <summary>Takes away what was not published.</summary>
    public void Dispose()
    {
        File.Delete(BuildPath);
        _lock.Dispose();
    }

    private static void FlushFile(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }

    /// <summary>A rename is durable only when the folder is; .NET opens no folders, so this asks the system.</summary>
    private static void FlushFolder(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var handle = Native.Open(path, 0);
        if (handle < 0)
        {
            throw new IOException($"{path}: the folder could not be opened to flush it, error {Marshal.GetLastPInvokeError()}.");
        }

        var failed = Native.Fsync(handle) != 0;
        var error = Marshal.GetLastPInvokeError();
        _ = Native.Close(handle);
        if (failed)
        {
            throw new IOException($"{path}: the folder could not be flushed, error {error}.");
        }
    }

    private static class Native
    {
        [DllImport("libc", EntryPoint = "open", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

        [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Fsync(int handle);

        [DllImport("libc", EntryPoint = "close", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Close(int handle);
    }
}
