using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Wire.Ciphers;

/// <summary>What the Gateway Router's answer says about the link: the mode by its size, and the keys (NSE-TAP.md 3.7, N1). Good for one session.</summary>
public abstract class LinkKeys
{
    private LinkKeys()
    {
    }

    /// <summary>The keys of a link that has none.</summary>
    public static LinkKeys None { get; } = new ClearKeys();

    public abstract LinkMode Mode { get; }

    /// <summary>How long the answer is that carries these keys.</summary>
    public abstract StructureLayout ResponseLayout { get; }

    /// <summary>The keys of the existing cipher: 32 and 16 bytes.</summary>
    public static LinkKeys Existing(ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv) => new ExistingKeys(Exactly(key, 32), Exactly(iv, 16));

    /// <summary>The keys of the new cipher: 32, 8 and 12 bytes, and the counter before the first message.</summary>
    public static LinkKeys New(ReadOnlySpan<byte> key, ReadOnlySpan<byte> staticIv, long dynamicIv, ReadOnlySpan<byte> additionalKey) =>
        new NewKeys(Exactly(key, 32), Exactly(staticIv, 8), dynamicIv, Exactly(additionalKey, 12));

    /// <summary>The keys out of an answer of the router without an error; null when it has a size that no link mode has.</summary>
    public static LinkKeys? Read(ReadOnlySpan<byte> response) => response.Length switch
    {
        76 => None,
        124 => Existing(RouterResponseExisting.CryptographicKey.Read(response), RouterResponseExisting.CryptographicIV.Read(response)),
        136 => New(
            RouterResponseNew.CryptographicKey.Read(response),
            RouterResponseNew.StaticIV.Read(response),
            RouterResponseNew.DynamicIV.Read(response),
            RouterResponseNew.AdditionalKey.Read(response)),
        _ => null,
    };

    /// <summary>Writes the keys into an answer of <see cref="ResponseLayout"/>.</summary>
    public abstract void Write(Span<byte> response);

    /// <summary>A fresh cipher for the messages of the member, for either end. The caller disposes of it.</summary>
    public abstract LinkCipher ToExchange();

    /// <summary>A fresh cipher for the messages of the exchange, for either end. The caller disposes of it.</summary>
    public abstract LinkCipher FromExchange();

    /// <summary>Keys are never printed.</summary>
    public sealed override string ToString() => $"keys of a link in mode {Mode}";

    private static byte[] Exactly(ReadOnlySpan<byte> value, int length) => value.Length == length
        ? value.ToArray()
        : throw new WireFormatException($"Expected a key of {length} bytes, found {value.Length}.");

    private sealed class ClearKeys : LinkKeys
    {
        public override LinkMode Mode => LinkMode.Clear;

        public override StructureLayout ResponseLayout => RouterResponseClear.Layout;

        public override void Write(Span<byte> response)
        {
        }

        public override LinkCipher ToExchange() => LinkCipher.Clear;

        public override LinkCipher FromExchange() => LinkCipher.Clear;
    }

    private sealed class ExistingKeys(byte[] key, byte[] iv) : LinkKeys
    {
        public override LinkMode Mode => LinkMode.Existing;

        public override StructureLayout ResponseLayout => RouterResponseExisting.Layout;

        public override void Write(Span<byte> response)
        {
            RouterResponseExisting.CryptographicKey.Write(response, key);
            RouterResponseExisting.CryptographicIV.Write(response, iv);
        }

        // Both directions start at the same point of the same keystream: a property of the protocol (NSE-TAP.md 2.2).
        public override LinkCipher ToExchange() => new ExistingCipher(key, iv);

        public override LinkCipher FromExchange() => new ExistingCipher(key, iv);
    }

    private sealed class NewKeys(byte[] key, byte[] staticIv, long dynamicIv, byte[] additionalKey) : LinkKeys
    {
        public override LinkMode Mode => LinkMode.New;

        public override StructureLayout ResponseLayout => RouterResponseNew.Layout;

        public override void Write(Span<byte> response)
        {
            RouterResponseNew.CryptographicKey.Write(response, key);
            RouterResponseNew.StaticIV.Write(response, staticIv);
            RouterResponseNew.DynamicIV.Write(response, dynamicIv);
            RouterResponseNew.AdditionalKey.Write(response, additionalKey);
        }

        public override LinkCipher ToExchange() => new NewCipher(key, staticIv, dynamicIv, additionalKey, +1);

        public override LinkCipher FromExchange() => new NewCipher(key, staticIv, dynamicIv, additionalKey, -1);
    }
}
