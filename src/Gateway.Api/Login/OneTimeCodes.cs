using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Backup.Gateway.Api.Login;

/// <summary>What came of entering a code.</summary>
public enum CodeResult
{
    Accepted,
    Wrong,
    Expired,
    LockedOut,
}

/// <summary>
/// One-time codes that are waiting for their clients: kept as hashes, good once, for a few minutes, for a few tries. In
/// memory only: after a restart a client asks for a new one.
/// </summary>
/// <remarks>Bounded by the number of clients: only known ones get here. Safe from any thread.</remarks>
public sealed class OneTimeCodes(GatewayOptions options, TimeProvider clock)
{
    private const int Digits = 6;
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    private sealed class Entry
    {
        public byte[]? Hash { get; set; }

        public DateTimeOffset IssuedAt { get; set; }

        public int WrongInARow { get; set; }

        public DateTimeOffset LockedUntil { get; set; }
    }

    /// <summary>A new code, or null when the client must wait; <paramref name="wait"/> says how long, <paramref name="lockedOut"/> why.</summary>
    public string? Issue(string clientId, out TimeSpan wait, out bool lockedOut)
    {
        var entry = _entries.GetOrAdd(clientId, static _ => new Entry());
        lock (entry)
        {
            var now = clock.GetUtcNow();
            lockedOut = entry.LockedUntil > now;
            wait = lockedOut ? entry.LockedUntil - now
                : entry.Hash is not null ? entry.IssuedAt + options.CodeResendAfter - now
                : TimeSpan.Zero;
            if (wait > TimeSpan.Zero)
            {
                return null;
            }

            var code = RandomNumberGenerator.GetInt32(0, 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
            entry.Hash = HashOf(clientId, code);
            entry.IssuedAt = now;
            return code;
        }
    }

    public CodeResult Redeem(string clientId, string code, out int attemptsLeft, out DateTimeOffset lockedUntil)
    {
        ArgumentNullException.ThrowIfNull(code);
        attemptsLeft = 0;
        lockedUntil = default;
        if (!_entries.TryGetValue(clientId, out var entry))
        {
            return CodeResult.Expired;
        }

        lock (entry)
        {
            var now = clock.GetUtcNow();
            if (entry.LockedUntil > now)
            {
                lockedUntil = entry.LockedUntil;
                return CodeResult.LockedOut;
            }

            if (entry.Hash is null || entry.IssuedAt + options.CodeLifetime <= now)
            {
                entry.Hash = null;
                return CodeResult.Expired;
            }

            if (code.Length == Digits && CryptographicOperations.FixedTimeEquals(entry.Hash, HashOf(clientId, code)))
            {
                entry.Hash = null;
                entry.WrongInARow = 0;
                return CodeResult.Accepted;
            }

            return CountWrong(entry, now, out attemptsLeft, out lockedUntil);
        }
    }

    private CodeResult CountWrong(Entry entry, DateTimeOffset now, out int attemptsLeft, out DateTimeOffset lockedUntil)
    {
        entry.WrongInARow++;
        attemptsLeft = Math.Max(0, options.CodeAttemptsMax - entry.WrongInARow);
        lockedUntil = default;
        if (attemptsLeft > 0)
        {
            return CodeResult.Wrong;
        }

        entry.Hash = null;
        entry.WrongInARow = 0;
        lockedUntil = entry.LockedUntil = now + options.Lockout;
        return CodeResult.LockedOut;
    }

    private static byte[] HashOf(string clientId, string code) => SHA256.HashData(Encoding.UTF8.GetBytes($"{clientId}:{code}"));
}
