using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Backup.Gateway.Api.Login;

namespace Backup.Gateway.Api.Tests.Security;

/// <summary>Tokens that open nothing, each made from one that does.</summary>
internal static class ForgedTokens
{
    internal static IEnumerable<(string What, string Token)> Of(TradersDoor door, ECDsa ours)
    {
        var lifetime = door.World.Options.TokenLifetime;
        var good = door.TokenOf("DEMO01");
        var parts = good.Split('.');
        var (header, claims) = (Text(parts[0]), Text(parts[1]));
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        yield return ("another algorithm: none, without a signature", $"{Encode(Replace(header, "ES256", "none"))}.{parts[1]}.");
        yield return ("another algorithm: none, with the signature", $"{Encode(Replace(header, "ES256", "none"))}.{parts[1]}.{parts[2]}");
        yield return ("HS256 with the public key for a secret", Mac(Replace(header, "ES256", "HS256"), claims, ours.ExportSubjectPublicKeyInfo()));
        yield return ("HS256 with the public key as PEM for a secret", Mac(Replace(header, "ES256", "HS256"), claims, Encoding.ASCII.GetBytes(ours.ExportSubjectPublicKeyInfoPem())));
        yield return ("another key under the name of ours", Signed(stranger, header, claims));
        yield return ("our key under another name", Signed(ours, Replace(header, "\"kid\":\"", "\"kid\":\"x"), claims));
        yield return ("no name of a key", Signed(ours, Replace(header, "\"kid\"", "\"kit\""), claims));
        yield return ("another client in the claims", $"{parts[0]}.{Encode(Replace(claims, "DEMO01", "DEMO02"))}.{parts[2]}");
        yield return ("another role", Signed(ours, header, Replace(claims, "\"role\":\"trader\"", "\"role\":\"operator\"")));
        yield return ("one of the staff in a client's role", Signed(ours, header, Replace(claims, "\"sub\":\"DEMO01\"", "\"sub\":\"staff:assisted-desk\"")));
        yield return ("one of the staff in no role of ours", Signed(ours, header, Replace(Replace(claims, "\"sub\":\"DEMO01\"", "\"sub\":\"staff:assisted-desk\""), "\"trader\",\"iat", "\"chief\",\"iat")));
        yield return ("no role", Signed(ours, header, Replace(claims, "\"role\"", "\"rule\"")));
        yield return ("no session", Signed(ours, header, Replace(claims, "\"sid\"", "\"side\"")));
        yield return ("no end", Signed(ours, header, Replace(claims, "\"exp\"", "\"expires\"")));
        foreach (var use in Enum.GetValues<TokenUse>().Where(use => use != TokenUse.Access))
        {
            yield return ($"a token of ours for {use}", door.Tokens.Issue("DEMO01", TradersDoor.SessionOf("DEMO01"), lifetime, door.World.Clock.GetUtcNow(), use));
        }

        yield return ("one that has expired", door.Tokens.Issue("DEMO01", TradersDoor.SessionOf("DEMO01"), TimeSpan.Zero, door.World.Clock.GetUtcNow()));
        yield return ("an empty one", "..");
    }

    internal static string Signed(ECDsa key, string header, string claims)
    {
        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))}";
    }

    private static string Mac(string header, string claims, byte[] secret)
    {
        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Replace(string json, string what, string with) => json.Contains(what, StringComparison.Ordinal)
        ? json.Replace(what, with, StringComparison.Ordinal)
        : throw new ArgumentException($"{what} is not in {json}", nameof(what));

    private static string Text(string part) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(part));

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
