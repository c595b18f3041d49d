using Backup.Exchange.Wire;
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
    private bool _sawOutage;
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

    public void NoteOutage() => Volatile.Write(ref _sawOutage, true);

    /// <summary>Whether an outage was reported since the last recovery.</summary>
    public bool TakeOutage() => Interlocked.Exchange(ref _sawOutage, false);

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
