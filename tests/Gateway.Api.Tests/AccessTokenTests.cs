using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Backup.Gateway.Api.Login;
using Backup.Tests;
using Xunit;

namespace Backup.Gateway.Api.Tests;

public sealed class AccessTokenTests : IDisposable
{
    private static readonly TimeSpan TenMinutes = TimeSpan.FromMinutes(10);
    private readonly ManualClock _clock = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly AccessToken _tokens;

    public AccessTokenTests() => _tokens = TokensOf(_key);

    public void Dispose() => _key.Dispose();

    [Fact]
    public void The_signature_is_the_one_of_RFC_7515_appendix_A3()
    {
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint
            {
                X = Base64Url.DecodeFromChars("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
                Y = Base64Url.DecodeFromChars("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"),
            },
        });
        const string signed = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        const string signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

        Assert.True(IsSigned(key, signed, signature));
        Assert.False(IsSigned(key, signed.Replace('J', 'K'), signature));
    }

    [Fact]
    public void What_we_issue_is_an_ES256_token_by_the_same_measure()
    {
        var token = Issue();

        var parts = token.Split('.');
        Assert.True(IsSigned(_key, $"{parts[0]}.{parts[1]}", parts[2]));
        Assert.Equal("""{"alg":"ES256","kid":""", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0]))[..21]);
    }

    [Fact]
    public void It_names_its_holder_for_ten_minutes_and_not_a_second_longer()
    {
        var token = Issue();

        Assert.Equal("DEMO01", _tokens.Verify(token, out _)?.Subject);
        _clock.Advance(TenMinutes - TimeSpan.FromSeconds(1));
        Assert.NotNull(_tokens.Verify(token, out _));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(_tokens.Verify(token, out var reason));
        Assert.Equal("Your session has expired. Log in again.", reason);
    }

    [Fact]
    public void A_token_without_a_signature_is_refused()
    {
        var parts = Issue().Split('.');
        var header = Encode(Header(parts).Replace("ES256", "none", StringComparison.Ordinal));

        Assert.Null(_tokens.Verify($"{header}.{parts[1]}.", out _));
        Assert.Null(_tokens.Verify($"{header}.{parts[1]}.{parts[2]}", out _));
        Assert.Null(_tokens.Verify($"{parts[0]}.{parts[1]}.", out _));
    }

    [Fact]
    public void A_token_signed_with_our_public_key_as_a_shared_secret_is_refused()
    {
        var parts = Issue().Split('.');
        var signed = $"{Encode(Header(parts).Replace("ES256", "HS256", StringComparison.Ordinal))}.{parts[1]}";
        var mac = HMACSHA256.HashData(_key.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(signed));

        Assert.Null(_tokens.Verify($"{signed}.{Base64Url.EncodeToString(mac)}", out _));
    }

    [Fact]
    public void A_token_of_another_key_is_refused_even_under_our_key_id()
    {
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parts = Issue().Split('.');

        Assert.Null(_tokens.Verify(TokensOf(stranger).Issue("DEMO01", "one", TenMinutes, _clock.GetUtcNow()), out _));
        Assert.Null(_tokens.Verify(Signed(stranger, Header(parts), Claims(parts)), out _));
    }

    [Theory]
    [InlineData("\"aud\":\"trader\"", "\"aud\":\"operator\"")]
    [InlineData("\"iss\":\"backup.actors\"", "\"iss\":\"someone\"")]
    [InlineData("\"nbf\":", "\"nbf\":9")]
    [InlineData("\"sub\":", "\"sup\":")]
    [InlineData("\"sid\":", "\"side\":")]
    [InlineData("\"role\":\"trader\"", "\"role\":\"operator\"")]
    [InlineData("\"role\":", "\"rule\":")]
    [InlineData("\"exp\":", "\"expires\":")]
    [InlineData("{", "[")]
    public void Well_signed_claims_that_are_not_for_here_and_now_are_refused(string from, string to)
    {
        var parts = Issue().Split('.');
        Assert.NotNull(_tokens.Verify(Signed(_key, Header(parts), Claims(parts)), out _));

        Assert.Null(_tokens.Verify(Signed(_key, Header(parts), Claims(parts).Replace(from, to, StringComparison.Ordinal)), out _));
    }

    [Fact]
    public void A_header_with_another_key_id_is_refused_although_the_signature_fits()
    {
        var parts = Issue().Split('.');

        Assert.Null(_tokens.Verify(Signed(_key, Header(parts).Replace("\"kid\":\"", "\"kid\":\"x", StringComparison.Ordinal), Claims(parts)), out _));
    }

    [Fact]
    public void A_changed_payload_is_refused()
    {
        var parts = Issue().Split('.');

        Assert.Null(_tokens.Verify($"{parts[0]}.{Encode(Claims(parts).Replace("DEMO01", "DEMO02", StringComparison.Ordinal))}.{parts[2]}", out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a.b.c")]
    [InlineData("a.b.c.d")]
    [InlineData("e30.e30.e30")]
    [InlineData("bnVsbA.bnVsbA.bnVsbA")]
    [InlineData("%%%.%%%.%%%")]
    [InlineData("eyJhbGciOjEsImtpZCI6Mn0.e30.e30")]
    public void Garbage_is_refused_without_an_exception(string garbage) => Assert.Null(_tokens.Verify(garbage, out _));

    [Fact]
    public void A_token_of_unreasonable_length_is_refused() => Assert.Null(_tokens.Verify(new string('a', 1 << 20), out _));

    private AccessToken TokensOf(ECDsa key)
    {
        var keys = new TokenKeys(_clock);
        keys.Replace([new TokenKey(key, DateTimeOffset.MinValue)]);
        return new AccessToken(keys, _clock);
    }

    private static bool IsSigned(ECDsa key, string signed, string signature) => key.VerifyData(
        Encoding.ASCII.GetBytes(signed), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    private static string Signed(ECDsa key, string header, string claims)
    {
        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))}";
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    private static string Header(string[] parts) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0]));

    private static string Claims(string[] parts) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1]));

    private string Issue() => _tokens.Issue("DEMO01", "one", TenMinutes, _clock.GetUtcNow());
}
