using System.Security.Cryptography;

namespace Backup.Cluster.Node.Gateway;

/// <summary>The key that signs access tokens, kept in a file so that a restart, or another node of the cluster, does not log everybody out.</summary>
internal static class SigningKey
{
    private const string FileName = "token-key.pem";

    /// <param name="file">Where the key is; empty: in the data folder. It is made where there is none.</param>
    /// <exception cref="InvalidDataException">The file holds something else.</exception>
    internal static ECDsa LoadOrCreate(string dataFolder, string file)
    {
        var (path, pem) = SecretFile.ReadOrCreate(dataFolder, FileName, file, static () =>
        {
            using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return fresh.ExportPkcs8PrivateKeyPem();
        });
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key;
        }
        catch (Exception damaged) when (damaged is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new InvalidDataException($"{path}: expected an EC private key in PEM form, found something else. Delete the file to make a new key; everybody then logs in again.", damaged);
        }
    }
}

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
