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
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
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
}
