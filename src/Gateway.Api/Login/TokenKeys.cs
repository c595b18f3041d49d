using System.Buffers.Text;
using System.Collections.Frozen;
using System.Security.Cryptography;

namespace Backup.Gateway.Api.Login;

/// <summary>
/// The keys of the access tokens: the newest whose time has come signs, every one verifies. They are replaced as a whole while requests go on, so that
/// the key can be changed without anybody being logged out.
/// </summary>
/// <remarks>Safe for threads.</remarks>
public sealed class TokenKeys(TimeProvider clock)
{
    private volatile FrozenDictionary<string, TokenKey> _keys = FrozenDictionary<string, TokenKey>.Empty;

    /// <summary>Those in use, newest first.</summary>
    public IReadOnlyList<TokenKey> All => [.. _keys.Values.OrderByDescending(key => key.SignsFrom)];

    /// <summary>The key that signs now: the newest whose time has come, or the first whose time will come.</summary>
    public TokenKey Signing
    {
        get
        {
            var now = clock.GetUtcNow();
            TokenKey? newest = null, first = null;
            foreach (var key in _keys.Values)
            {
                newest = key.SignsFrom <= now && (newest is null || key.SignsFrom > newest.SignsFrom) ? key : newest;
                first = first is null || key.SignsFrom < first.SignsFrom ? key : first;
            }

            return newest ?? first ?? throw new InvalidOperationException("no key has been given");
        }
    }

    /// <summary>From now on these and no others.</summary>
    public void Replace(IEnumerable<TokenKey> keys) => _keys = keys.ToFrozenDictionary(key => key.Id, StringComparer.Ordinal);

    internal TokenKey? Find(string? id) => id is not null && _keys.TryGetValue(id, out var key) ? key : null;
}

/// <summary>One key, named by what it is: the same key has the same name on every node.</summary>
public sealed class TokenKey : IDisposable
{
    private readonly ECDsa _key;

    /// <param name="key">P-256; owned by this instance from now on.</param>
    /// <param name="signsFrom">Not before every node has it.</param>
    public TokenKey(ECDsa key, DateTimeOffset signsFrom)
    {
        ArgumentNullException.ThrowIfNull(key);
        (_key, SignsFrom) = (key, signsFrom);
        Id = Base64Url.EncodeToString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()).AsSpan(0, 9));
    }

    public string Id { get; }

    public DateTimeOffset SignsFrom { get; }

    /// <summary>What ES256 signs with, and nothing else.</summary>
    public bool IsP256 => _key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value;

    public void Dispose() => _key.Dispose();

    internal byte[] Sign(byte[] bytes) => _key.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    internal bool Verify(byte[] bytes, byte[] signature) => _key.VerifyData(bytes, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
}
