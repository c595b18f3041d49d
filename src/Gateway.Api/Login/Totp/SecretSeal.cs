using System.Security.Cryptography;
using System.Text;

namespace Backup.Gateway.Api.Login.Totp;

/// <summary>
/// Keeps secrets unreadable where they are stored: AES-256-GCM under a key that is elsewhere, each bound to its owner, so that a row that is copied to
/// another one opens nothing.
/// </summary>
/// <remarks>Safe for threads. A sealed secret is a format number, a nonce, the cipher text and its tag.</remarks>
public sealed class SecretSeal : IDisposable
{
    public const int KeyLength = 32;
    private const byte Format = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private readonly AesGcm _cipher;
    private readonly Lock _gate = new();

    public SecretSeal(ReadOnlySpan<byte> key) => _cipher = new AesGcm(key, TagLength);

    public void Dispose() => _cipher.Dispose();

    public byte[] Seal(string owner, ReadOnlySpan<byte> secret)
    {
        var whole = new byte[1 + NonceLength + secret.Length + TagLength];
        whole[0] = Format;
        var nonce = whole.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        lock (_gate)
        {
            _cipher.Encrypt(nonce, secret, whole.AsSpan(1 + NonceLength, secret.Length), whole.AsSpan(^TagLength..), Encoding.UTF8.GetBytes(owner));
        }

        return whole;
    }

    /// <exception cref="CryptographicException">It was sealed under another key, for another owner, or was changed.</exception>
    public byte[] Open(string owner, ReadOnlySpan<byte> whole)
    {
        if (whole.Length < 1 + NonceLength + TagLength || whole[0] != Format)
        {
            throw new CryptographicException("This is no sealed secret.");
        }

        var secret = new byte[whole.Length - 1 - NonceLength - TagLength];
        lock (_gate)
        {
            _cipher.Decrypt(whole.Slice(1, NonceLength), whole.Slice(1 + NonceLength, secret.Length), whole[^TagLength..], secret, Encoding.UTF8.GetBytes(owner));
        }

        return secret;
    }
}
