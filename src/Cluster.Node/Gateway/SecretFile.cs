using System.Runtime.InteropServices;

namespace Backup.Cluster.Node.Gateway;

/// <summary>Files that only this user can read.</summary>
internal static partial class SecretFile
{
    /// <summary>EEXIST.</summary>
    private const int FileExists = 17;

    /// <summary>What the file holds; it is made where there is none.</summary>
    /// <param name="file">Where it is; empty: in the data folder, under <paramref name="name"/>.</param>
    internal static (string Path, string Content) ReadOrCreate(string dataFolder, string name, string file, Func<string> make)
    {
        var path = file.Length > 0 ? file : Path.Combine(dataFolder, name);
        if (!File.Exists(path))
        {
            CreateOnce(path, make());
        }

        return (path, File.ReadAllText(path));
    }

    /// <summary>Whole or not at all, and never over another one: nodes that share the file may start at the same moment.</summary>
    private static void CreateOnce(string path, string content)
    {
        var draft = $"{path}.{Guid.NewGuid():N}";
        Write(draft, content);
        try
        {
            // A second name is given only where none is; the framework's move looks first and moves then, and another one may come between.
            if (link(draft, path) != 0 && Marshal.GetLastPInvokeError() is not FileExists and var error)
            {
                throw new IOException($"{path} could not be made: {Marshal.GetPInvokeErrorMessage(error)}");
            }
        }
        finally
        {
            File.Delete(draft);
        }
    }

    internal static void Write(string path, string content)
    {
        using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        using var writer = new StreamWriter(file);
        writer.Write(content);
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string existing, string other);
}
