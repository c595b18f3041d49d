using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Ciphers;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Tap.Stream;

/// <summary>Counts and times of a box over all its sessions, for the operator.</summary>
/// <remarks>Safe for threads.</remarks>
internal sealed class TapGauges
{
    private readonly Lock _gate = new();
    private long _sent;
    private long _received;
    private long _ignored;
    private bool _hasHole;
    private long _unread;
    private DateTimeOffset? _lastReceivedAt;
    private DateTimeOffset? _lastSentAt;
    private DateTimeOffset? _lastHeartbeatAt;

    public string? Gateway { get; set; }

    public DateTimeOffset? SignedOnAt { get; set; }

    public string? LastBreak { get; set; }

    public int Breaks { get; set; }

    public void Sent(DateTimeOffset at)
    {
        lock (_gate)
        {
            _sent++;
            _lastSentAt = at;
        }
    }

    public void Received(DateTimeOffset at)
    {
        lock (_gate)
        {
            _received++;
            _lastReceivedAt = at;
        }
    }

    public void Ignored() => Interlocked.Increment(ref _ignored);

    public LinkMode? Link { get; set; }

    /// <summary>Downloaded messages that could not be read.</summary>
    public long Unread => Interlocked.Read(ref _unread);

    public string? LastUnread { get; private set; }

    public void NoteUnread(string words)
    {
        LastUnread = words;
        Interlocked.Increment(ref _unread);
        Volatile.Write(ref _hasHole, true);
    }

    /// <summary>Whether a part of the download could not be read since the last recovery.</summary>
    public bool TakeHole() => Interlocked.Exchange(ref _hasHole, false);

    public void NoteHeartbeat(ReadOnlySpan<byte> message, DateTimeOffset at)
    {
        if (MessageHeader.TransactionCode.Read(message) == TransactionCode.Heartbeat)
        {
            lock (_gate)
            {
                _lastHeartbeatAt = at;
            }
        }
    }

    public (long Sent, long Received, long Ignored, DateTimeOffset? ReceivedAt, DateTimeOffset? SentAt, DateTimeOffset? HeartbeatAt) Read()
    {
        lock (_gate)
        {
            return (_sent, _received, Interlocked.Read(ref _ignored), _lastReceivedAt, _lastSentAt, _lastHeartbeatAt);
        }
    }
}
