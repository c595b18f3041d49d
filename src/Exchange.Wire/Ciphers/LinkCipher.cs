namespace Backup.Exchange.Wire.Ciphers;

/// <summary>How the messages of a link travel; the Gateway Router's answer says it by its size (NSE-TAP.md N1).</summary>
public enum LinkMode
{
    /// <summary>As they are.</summary>
    Clear,

    /// <summary>Under one keystream that runs on from message to message (NSE-TAP.md 2.2).</summary>
    Existing,

    /// <summary>Each message sealed for itself, with a tag in the place of the MD5 (NSE-TAP.md 2.3).</summary>
    New,
}

/// <summary>What is done to the messages of one direction of a link between the message and the wire.</summary>
/// <remarks>
/// Not safe for threads, but for <see cref="Clear"/>, which has no state. Every message of the direction must pass exactly once and in
/// order. One call a message; it allocates nothing.
/// </remarks>
public abstract class LinkCipher : IDisposable
{
    private protected LinkCipher()
    {
    }

    /// <summary>Messages as they are, guarded by their MD5. May be shared.</summary>
    public static LinkCipher Clear { get; } = new ClearLink();

    /// <summary>Turns the message into what travels, in place, and fills the 16-byte checksum field.</summary>
    public abstract void Seal(Span<byte> message, Span<byte> checksum);

    /// <summary>Turns what travelled back into the message, in place.</summary>
    /// <returns><see cref="FrameReadStatus.Frame"/>, or why it is not what was sent.</returns>
    public abstract FrameReadStatus Open(Span<byte> message, ReadOnlySpan<byte> checksum);

    public void Dispose()
    {
        Dispose(isDisposing: true);
        GC.SuppressFinalize(this);
    }

    private protected virtual void Dispose(bool isDisposing)
    {
    }

    private sealed class ClearLink : LinkCipher
    {
        public override void Seal(Span<byte> message, Span<byte> checksum) => FrameChecksum.Compute(message, checksum);

        public override FrameReadStatus Open(Span<byte> message, ReadOnlySpan<byte> checksum) =>
            FrameChecksum.Matches(checksum, message) ? FrameReadStatus.Frame : FrameReadStatus.BadChecksum;
    }
}
