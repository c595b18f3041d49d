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

/// <summary>Why no code is issued.</summary>
public enum CodeRefusal
{
    None,
    SentJustNow,
    LockedOut,
    DayUsedUp,
}

/// <summary>A try that was counted as a wrong one before it is known what it is, so that tries at the same moment cannot share a count.</summary>
/// <param name="IsAllowed">False: the client is locked out, and nothing was counted.</param>
/// <param name="AttemptsLeft">If it is wrong.</param>
/// <param name="LockedUntil">If it is wrong, or not allowed; null: not locked out.</param>
public readonly record struct Attempt(bool IsAllowed, int AttemptsLeft, DateTimeOffset? LockedUntil);

/// <summary>
/// One-time codes that are waiting for their clients: kept as hashes, good once, for a few minutes, for a few tries. In
/// memory only: after a restart a client asks for a new one.
/// </summary>
/// <remarks>
/// Safe from any thread. For clients, bounded by how many there are. For names that are nobody's, which are answered as clients are and whose codes
/// nobody has, bounded by <paramref name="strangersMax"/>; beyond it all of them are forgotten.
/// </remarks>
/// <param name="strangersMax">Null: these are clients.</param>
public sealed class OneTimeCodes(GatewayOptions options, TimeProvider clock, int? strangersMax = null)
{
    private const int Digits = 6;
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    private sealed class Entry
    {
        public byte[]? Hash { get; set; }

        public DateTimeOffset IssuedAt { get; set; }

        public int WrongInARow { get; set; }

        public DateTimeOffset LockedUntil { get; set; }

        /// <summary>In India; the codes that are counted were issued on it.</summary>
        public DateOnly Day { get; set; }

        public int IssuedThatDay { get; set; }
    }

    /// <summary>A new code, or null when there is none now; <paramref name="wait"/> says for how long, <paramref name="refusal"/> why.</summary>
    public string? Issue(string clientId, out TimeSpan wait, out CodeRefusal refusal)
    {
        var entry = EntryOf(clientId);
        lock (entry)
        {
            var now = Now(entry);
            (refusal, wait) = WhyNot(entry, now);
            if (refusal != CodeRefusal.None)
            {
                return null;
            }

            var code = RandomNumberGenerator.GetInt32(0, 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
            entry.Hash = strangersMax is null ? HashOf(clientId, code) : RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);
            entry.IssuedAt = now;
            entry.IssuedThatDay++;
            return code;
        }
    }

    private (CodeRefusal Refusal, TimeSpan Wait) WhyNot(Entry entry, DateTimeOffset now)
    {
        var today = IndiaTime.DayOf(now);
        if (entry.Day != today)
        {
            (entry.Day, entry.IssuedThatDay) = (today, 0);
        }

        if (entry.LockedUntil > now)
        {
            return (CodeRefusal.LockedOut, entry.LockedUntil - now);
        }

        if (entry.Hash is not null && entry.IssuedAt + options.CodeResendAfter > now)
        {
            return (CodeRefusal.SentJustNow, entry.IssuedAt + options.CodeResendAfter - now);
        }

        return entry.IssuedThatDay >= options.CodesPerClientPerDay ? (CodeRefusal.DayUsedUp, IndiaTime.StartOf(today.AddDays(1)) - now) : (CodeRefusal.None, TimeSpan.Zero);
    }

    private Entry EntryOf(string name)
    {
        if (_entries.Count >= strangersMax && !_entries.ContainsKey(name))
        {
            _entries.Clear();
        }

        return _entries.GetOrAdd(name, static _ => new Entry());
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
            var now = Now(entry);
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

            if (IsRight(entry, clientId, code, now))
            {
                entry.Hash = null;
                entry.WrongInARow = 0;
                return CodeResult.Accepted;
            }

            return CountWrong(entry, now, out attemptsLeft, out lockedUntil);
        }
    }

    /// <summary>Whether this is the client's code. Nothing is counted or used: see <see cref="BeginTry"/>.</summary>
    public bool IsRight(string clientId, string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        if (!_entries.TryGetValue(clientId, out var entry))
        {
            return false;
        }

        lock (entry)
        {
            return IsRight(entry, clientId, code, clock.GetUtcNow());
        }
    }

    /// <summary>Counts a try whose code is looked at elsewhere. If it was right, <see cref="Succeed"/> takes the count back.</summary>
    public Attempt BeginTry(string clientId)
    {
        var entry = EntryOf(clientId);
        lock (entry)
        {
            var now = Now(entry);
            if (entry.LockedUntil > now)
            {
                return new Attempt(false, 0, entry.LockedUntil);
            }

            return CountWrong(entry, now, out var left, out var until) == CodeResult.LockedOut ? new Attempt(true, 0, until) : new Attempt(true, left, null);
        }
    }

    /// <summary>The try was right, and the login wants something more: the code that waits may be entered again.</summary>
    public void TakeBack(string clientId)
    {
        if (_entries.TryGetValue(clientId, out var entry))
        {
            lock (entry)
            {
                entry.WrongInARow = Math.Max(0, entry.WrongInARow - 1);
                entry.LockedUntil = entry.WrongInARow < options.CodeAttemptsMax ? default : entry.LockedUntil;
            }
        }
    }

    /// <summary>The client has logged in, or shown that he could: no wrong tries any more, and no code that waits.</summary>
    public void Succeed(string clientId)
    {
        if (_entries.TryGetValue(clientId, out var entry))
        {
            lock (entry)
            {
                entry.Hash = null;
                entry.WrongInARow = 0;
                entry.LockedUntil = default;
            }
        }
    }

    private bool IsRight(Entry entry, string clientId, string code, DateTimeOffset now) =>
        entry.Hash is { } hash && entry.IssuedAt + options.CodeLifetime > now && code.Length == Digits && CryptographicOperations.FixedTimeEquals(hash, HashOf(clientId, code));

    private CodeResult CountWrong(Entry entry, DateTimeOffset now, out int attemptsLeft, out DateTimeOffset lockedUntil)
    {
        entry.WrongInARow++;
        attemptsLeft = Math.Max(0, options.CodeAttemptsMax - entry.WrongInARow);
        lockedUntil = default;
        if (attemptsLeft > 0)
        {
            return CodeResult.Wrong;
        }

        lockedUntil = entry.LockedUntil = now + options.Lockout;
        return CodeResult.LockedOut;
    }

    /// <summary>The moment; a lockout that is over by then takes its tries and its code with it.</summary>
    private DateTimeOffset Now(Entry entry)
    {
        var now = clock.GetUtcNow();
        if (entry.WrongInARow >= options.CodeAttemptsMax && entry.LockedUntil <= now)
        {
            entry.WrongInARow = 0;
            entry.Hash = null;
        }

        return now;
    }

    private static byte[] HashOf(string clientId, string code) => SHA256.HashData(Encoding.UTF8.GetBytes($"{clientId}:{code}"));
}
