using System.Security.Cryptography;
using Backup.Gateway.Api.Login.Totp;

namespace Backup.Cluster.Node.Gateway;

/// <summary>The key that seals the secrets of clients' authenticator apps. It is in a file, and what it seals is in the database: either alone opens nothing.</summary>
internal static class TotpKey
{
    private const string FileName = "totp-key";

    /// <param name="file">Where the key is; empty: in the data folder. It is made where there is none.</param>
    /// <exception cref="InvalidDataException">The file holds something else.</exception>
    internal static SecretSeal LoadOrCreate(string dataFolder, string file)
    {
        var (path, text) = SecretFile.ReadOrCreate(dataFolder, FileName, file, static () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretSeal.KeyLength)));
        Span<byte> key = stackalloc byte[SecretSeal.KeyLength + 1];
        return Convert.TryFromBase64String(text.Trim(), key, out var length) && length == SecretSeal.KeyLength
            ? new SecretSeal(key[..length])
            : throw new InvalidDataException($"{path}: expected {SecretSeal.KeyLength} bytes in base64, found something else. Restore the file: without it every authenticator app must be added again.");
    }
}
