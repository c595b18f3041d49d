using System.Security.Cryptography;
using System.Text;
using Backup.Gateway.Api.Login.Totp;
using Xunit;

namespace Backup.Gateway.Api.Tests.Security;

public sealed class TotpCodeTests
{
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("12345678901234567890");

    /// <summary>Of RFC 6238 appendix B, the rows for SHA-1; there with eight digits, of which an app shows the last six.</summary>
    [Theory]
    [InlineData(59, "94287082")]
    [InlineData(1111111109, "07081804")]
    [InlineData(1111111111, "14050471")]
    [InlineData(1234567890, "89005924")]
    [InlineData(2000000000, "69279037")]
    [InlineData(20000000000, "65353130")]
    public void The_codes_are_those_of_RFC_6238(long seconds, string eight) =>
        Assert.Equal(eight[2..], TotpCode.Of(Secret, TotpCode.StepOf(DateTimeOffset.FromUnixTimeSeconds(seconds))));

    /// <summary>Of RFC 4226 appendix D.</summary>
    [Theory]
    [InlineData(0, "755224")]
    [InlineData(1, "287082")]
    [InlineData(4, "338314")]
    [InlineData(9, "520489")]
    public void The_codes_by_counter_are_those_of_RFC_4226(long counter, string code) => Assert.Equal(code, TotpCode.Of(Secret, counter));

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void A_clock_may_be_one_step_off(int steps, bool isTaken)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
        var step = TotpCode.StepOf(now) + steps;

        Assert.Equal(isTaken ? step : null, TotpCode.FindStep(Secret, TotpCode.Of(Secret, step), now));
    }

    [Theory]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("94287082")]
    [InlineData("abcdef")]
    [InlineData("２８７０８２")]
    public void What_is_no_code_is_of_no_step(string text) => Assert.Null(TotpCode.FindStep(Secret, text, DateTimeOffset.FromUnixTimeSeconds(59)));

    /// <summary>Of RFC 4648 section 10, without their padding.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void The_text_of_a_secret_is_that_of_RFC_4648(string bytes, string text) => Assert.Equal(text, TotpCode.Base32(Encoding.ASCII.GetBytes(bytes)));

    [Fact]
    public void A_sealed_secret_opens_for_its_owner_under_its_key_and_unchanged_only()
    {
        using var seal = new SecretSeal(SHA256.HashData("one"u8));
        using var other = new SecretSeal(SHA256.HashData("two"u8));
        var whole = seal.Seal("DEMO01", Secret);

        Assert.Equal(Secret, seal.Open("DEMO01", whole));
        Assert.NotEqual(whole, seal.Seal("DEMO01", Secret));
        Assert.DoesNotContain(Encoding.ASCII.GetString(Secret), Encoding.Latin1.GetString(whole), StringComparison.Ordinal);
        Assert.ThrowsAny<CryptographicException>(() => seal.Open("DEMO02", whole));
        Assert.ThrowsAny<CryptographicException>(() => other.Open("DEMO01", whole));
        for (var at = 0; at < whole.Length; at++)
        {
            var changed = whole.ToArray();
            changed[at] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => seal.Open("DEMO01", changed));
        }

        Assert.ThrowsAny<CryptographicException>(() => seal.Open("DEMO01", whole.AsSpan(0, 10)));
    }
}
