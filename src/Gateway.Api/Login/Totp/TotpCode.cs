using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Backup.Gateway.Api.Login.Totp;

/// <summary>The code of an authenticator app: RFC 6238 with what every app takes, SHA-1, six digits, a step of thirty seconds.</summary>
public static class TotpCode
{
    public const int Digits = 6;
    public const int StepSeconds = 30;

    /// <summary>As long as the digest, as RFC 4226 recommends.</summary>
    public const int SecretLength = 20;

    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static long StepOf(DateTimeOffset time) => time.ToUnixTimeSeconds() / StepSeconds;

    public static string Of(ReadOnlySpan<byte> secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        Span<byte> digest = stackalloc byte[HMACSHA1.HashSizeInBytes];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
#pragma warning disable CA5350 // What the apps compute; HMAC does not rest on SHA-1's resistance to collisions.
        HMACSHA1.HashData(secret, counter, digest);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadUInt32BigEndian(digest[(digest[^1] & 0xF)..]) & 0x7FFF_FFFF;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>The step that a code is of: now's, the one before, or the one after, for clocks that are a little off. Null when it is of none.</summary>
    /// <remarks>All three are computed and compared whatever comes of it, in the same time.</remarks>
    public static long? FindStep(ReadOnlySpan<byte> secret, string code, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(code);
        var given = Encoding.UTF8.GetBytes(code);
        long? found = null;
        for (var step = StepOf(now) - 1; step <= StepOf(now) + 1; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Of(secret, step)), given))
            {
                found = step;
            }
        }

        return found;
    }

    /// <summary>RFC 4648, without padding, which the apps do not want.</summary>
    public static string Base32(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder((bytes.Length * 8 + 4) / 5);
        var (bits, held) = (0, 0);
        foreach (var one in bytes)
        {
            (bits, held) = ((bits << 8) | one, held + 8);
            for (; held >= 5; held -= 5)
            {
                text.Append(Letters[(bits >> (held - 5)) & 31]);
            }

            bits &= (1 << held) - 1;
        }

        return held > 0 ? text.Append(Letters[(bits << (5 - held)) & 31]).ToString() : text.ToString();
    }
}
