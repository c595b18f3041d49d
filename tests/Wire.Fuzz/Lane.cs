using System.Buffers;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Ciphers;
using Backup.Tap.Stream;

namespace Backup.Wire.Fuzz;

/// <summary>One direction of one link: what seals on one side, and a bare reader or a whole session on the other.</summary>
internal sealed class Lane : IDisposable
{
    private readonly LinkCipher _receiver;
    private readonly FrameReader _reader;
    private readonly SessionLane? _session;

    public Lane(LinkKeys keys, bool isSession, Chance chance, Action<string> seen)
    {
        Mode = keys.Mode;
        Sender = keys.FromExchange();
        _receiver = keys.FromExchange();
        _reader = new FrameReader { Cipher = _receiver };
        _session = isSession ? new SessionLane(keys, chance, seen) : null;
    }

    public LinkMode Mode { get; }

    public bool IsNew => Mode == LinkMode.New;

    public LinkCipher Sender { get; }

    /// <summary>Both ends are no longer at the same point: the lane is to be replaced.</summary>
    public bool IsSpoiled { get; private set; }

    public void Spoil() => IsSpoiled = true;

    /// <summary>One look at the bytes; names the outcome.</summary>
    /// <exception cref="InvalidDataException">A frame was taken for good that is not what was sent.</exception>
    public string Take(ReadOnlySequence<byte> buffer, ReadOnlySpan<byte> sent)
    {
        if (_session is not null)
        {
            var whole = buffer.Length;
            var ended = _session.Take(ref buffer);
            return ended == InboundStatus.NeedMoreData && whole > 0 && buffer.IsEmpty ? "frame" : Name(ended.ToString());
        }

        var length = buffer.Length;
        var status = _reader.TryRead(ref buffer, out var frame);
        if (status == FrameReadStatus.Frame && length == FrameReader.HeaderLength + sent.Length && !frame.Message.SequenceEqual(sent))
        {
            throw new InvalidDataException("a frame was read that was not sent");
        }

        if (status is FrameReadStatus.NeedMoreData or FrameReadStatus.Malformed && buffer.Length != length)
        {
            throw new InvalidDataException($"{status} took bytes off the buffer");
        }

        return Name(status.ToString());
    }

    /// <summary>Looks until nothing whole is left, at most so often.</summary>
    /// <exception cref="InvalidDataException">There was no end.</exception>
    public string TakeAll(ReadOnlySequence<byte> buffer, int looksMax)
    {
        if (_session is not null)
        {
            return Name(_session.Take(ref buffer).ToString());
        }

        for (var look = 0; look <= looksMax; look++)
        {
            var status = _reader.TryRead(ref buffer, out _);
            if (status is FrameReadStatus.NeedMoreData or FrameReadStatus.Malformed)
            {
                return Name(status.ToString());
            }
        }

        throw new InvalidDataException("reading did not come to an end");
    }

    public void Dispose()
    {
        Sender.Dispose();
        _receiver.Dispose();
        _session?.Dispose();
    }

    private static string Name(string status) => char.ToLowerInvariant(status[0]) + status[1..];
}
