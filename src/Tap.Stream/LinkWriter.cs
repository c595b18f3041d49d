using System.IO.Pipelines;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Ciphers;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Tap.Stream;

/// <summary>Puts messages on the gateway's line as the link wants them: sealed and counted, or clear (NSE-TAP.md 2.1, 2.2).</summary>
/// <remarks>Used by the one writer of a session.</remarks>
internal sealed class LinkWriter(PipeWriter output, LinkKeys keys, FrameCapture capture) : IDisposable
{
    private readonly LinkCipher _cipher = keys.ToExchange();
    private uint _sequence;

    /// <summary>Writes one message; it leaves with the next flush.</summary>
    /// <exception cref="WireFormatException">The message fits no packet; nothing was written.</exception>
    public void Write(ReadOnlySpan<byte> message)
    {
        // The box registers in clear, and that is the first packet of its count (NSE-TAP.md 3.1).
        var cipher = MessageHeader.TransactionCode.Read(message) == TransactionCode.BoxRegistrationRequest ? LinkCipher.Clear : _cipher;
        var sequence = Next();
        FrameWriter.Write(output, message, sequence, cipher);
        capture.Add(isOutgoing: true, sequence, message);
    }

    public ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken) => output.FlushAsync(cancellationToken);

    public void Dispose() => _cipher.Dispose();

    /// <summary>0 on a clear link, else counting up from 1.</summary>
    private uint Next()
    {
        if (keys.Mode != LinkMode.Clear)
        {
            _sequence = _sequence == uint.MaxValue ? 1 : _sequence + 1;
        }

        return _sequence;
    }
}
