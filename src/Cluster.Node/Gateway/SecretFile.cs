namespace Backup.Cluster.Node.Gateway;

/// <summary>Files that only this user can read.</summary>
internal static class SecretFile
{
    /// <summary>What the file holds; it is made where there is none.</summary>
    /// <param name="file">Where it is; empty: in the data folder, under <paramref name="name"/>.</param>
    internal static (string Path, string Content) ReadOrCreate(string dataFolder, string name, string file, Func<string> make)
    {
        var path = file.Length > 0 ? file : Path.Combine(dataFolder, name);
        if (!File.Exists(path))
        {
            Write(path, make());
        }

        return (path, File.ReadAllText(path));
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
}
