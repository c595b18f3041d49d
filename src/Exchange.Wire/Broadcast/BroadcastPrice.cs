namespace Backup.Exchange.Wire.Broadcast;

/// <summary>The last price of one instrument, as the broadcast told it.</summary>
/// <param name="Seconds">When it was traded, on the exchange's clock (<see cref="NnfTime"/>).</param>
/// <param name="IsLate">
/// Its packet came after a newer one of the same sender, or twice: it is news only where it is later by its own time.
/// </param>
public readonly record struct BroadcastPrice(int Token, int Paise, int Seconds, bool IsLate)
{
    public DateTimeOffset At => NnfTime.FromSeconds(Seconds);
}

/// <summary>What made a datagram unreadable: the field, where it lies in the datagram, what was expected there and what was found.</summary>
public readonly record struct BroadcastFault(string Field, int Offset, string Expected, long Found)
{
    public override string ToString() => $"{Field} at byte {Offset}: expected {Expected}, found {Found}";
}

/// <summary>What became of a datagram.</summary>
public enum BroadcastStatus
{
    /// <summary>Read to its end; what it says about prices is there to be taken.</summary>
    Read,

    /// <summary>Sound, but of another segment.</summary>
    OtherSegment,

    /// <summary>Unreadable; nothing of it counts.</summary>
    Malformed,
}
