namespace Backup.Drills.Proxy;

/// <summary>Which way bytes go.</summary>
internal enum Direction
{
    ToExchange,
    FromExchange,
}

/// <summary>At which moment a request ends its connection.</summary>
internal enum CutMoment
{
    /// <summary>It never arrives.</summary>
    BeforeItArrives,

    /// <summary>It arrives and is answered; the answer is lost.</summary>
    BeforeTheAnswer,
}

/// <summary>What the proxy does to the bytes of one segment at this moment, and what it has done so far.</summary>
internal sealed class LineRules
{
    private readonly bool[] _stalled = new bool[2];
    private readonly int[] _flips = new int[2];
    private int _closeOnAccept;
    private int _delayMs;
    private int _bytesPerSecond;
    private int _flipped;
    private int _closedOnAccept;
    private int _accepted;
    private int _cuts;
    private byte[] _fatalWords = [];
    private CutMoment _fatalMoment;
    private int _fatalLeft;
    private int _fatalMet;

    /// <summary>While true, connections are closed as soon as they come, and none stays.</summary>
    internal bool IsDown { get; set; }

    internal TimeSpan Delay
    {
        get => TimeSpan.FromMilliseconds(Volatile.Read(ref _delayMs));
        set => Volatile.Write(ref _delayMs, (int)value.TotalMilliseconds);
    }

    /// <summary>0: as fast as it comes.</summary>
    internal int BytesPerSecond
    {
        get => Volatile.Read(ref _bytesPerSecond);
        set => Volatile.Write(ref _bytesPerSecond, value);
    }

    internal int Accepted => Volatile.Read(ref _accepted);

    internal int Flipped => Volatile.Read(ref _flipped);

    internal int ClosedOnAccept => Volatile.Read(ref _closedOnAccept);

    internal int Cuts => Volatile.Read(ref _cuts);

    /// <summary>Requests that ended their connection by their words.</summary>
    internal int FatalMet => Volatile.Read(ref _fatalMet);

    internal bool IsStalled(Direction direction) => Volatile.Read(ref _stalled[(int)direction]);

    internal void Stall(Direction direction, bool on) => Volatile.Write(ref _stalled[(int)direction], on);

    /// <summary>One bit of the next so many order messages in this direction is turned over.</summary>
    internal void FlipNext(Direction direction, int count) => Volatile.Write(ref _flips[(int)direction], count);

    /// <summary>The next so many connections are accepted and closed at once.</summary>
    internal void CloseNextOnAccept(int count) => Volatile.Write(ref _closeOnAccept, count);

    /// <summary>The next so many requests that hold these words end their connection.</summary>
    internal void CutNextAt(string words, CutMoment moment, int count)
    {
        _fatalWords = System.Text.Encoding.ASCII.GetBytes(words);
        _fatalMoment = moment;
        Volatile.Write(ref _fatalLeft, count);
    }

    /// <summary>When this request is to end its connection; null: it is not.</summary>
    internal CutMoment? MomentOf(Direction direction, ReadOnlySpan<byte> bytes)
    {
        if (direction != Direction.ToExchange || Volatile.Read(ref _fatalLeft) <= 0 || bytes.IndexOf(_fatalWords) < 0 || Interlocked.Decrement(ref _fatalLeft) < 0)
        {
            return null;
        }

        Interlocked.Increment(ref _fatalMet);
        return _fatalMoment;
    }

    /// <summary>Back to a clean line.</summary>
    internal void Heal()
    {
        IsDown = false;
        Delay = TimeSpan.Zero;
        BytesPerSecond = 0;
        CloseNextOnAccept(0);
        Volatile.Write(ref _fatalLeft, 0);
        foreach (var direction in Enum.GetValues<Direction>())
        {
            Stall(direction, false);
            FlipNext(direction, 0);
        }
    }

    internal void NoteCut() => Interlocked.Increment(ref _cuts);

    /// <summary>A connection has come. True when it is to be closed at once.</summary>
    internal bool ClosesNew()
    {
        Interlocked.Increment(ref _accepted);
        if (!IsDown && Volatile.Read(ref _closeOnAccept) <= 0)
        {
            return false;
        }

        Interlocked.Decrement(ref _closeOnAccept);
        Interlocked.Increment(ref _closedOnAccept);
        return true;
    }

    /// <summary>Turns one bit over when this is an order message whose turn it is. The packet's length tells, on every kind of link.</summary>
    internal void Touch(Direction direction, Span<byte> bytes)
    {
        if (Volatile.Read(ref _flips[(int)direction]) <= 0 || bytes.Length < 100)
        {
            return;
        }

        var length = (bytes[0] << 8) | bytes[1];

        // 22 of the packet's head and the message: entries have 136 and 158 bytes, confirmations and trades more (NSE-TAP.md 5.6, 5.7).
        var isOrder = direction == Direction.ToExchange ? length is 158 or 180 : length is > 200 and < 400;
        if (isOrder && length <= bytes.Length)
        {
            bytes[22 + 60] ^= 0x10;
            Interlocked.Decrement(ref _flips[(int)direction]);
            Interlocked.Increment(ref _flipped);
        }
    }
}
