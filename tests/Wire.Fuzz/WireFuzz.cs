using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Ciphers;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Wire.Fuzz;

/// <summary>
/// Throws hostile bytes at everything that reads the exchange's wire: every outcome has a name, what was not touched arrives as it
/// was sent, what was touched is never taken for good; no exception, no hang, no growing memory.
/// </summary>
public sealed class WireFuzz(ulong seed)
{
    private const int ViolationsMax = 20;
    private const long GrowthMaxBytes = 16 << 20;

    private static readonly LinkKeys[] Links =
    [
        LinkKeys.None,
        LinkKeys.Existing(Bytes(32), Bytes(16)),
        LinkKeys.New(Bytes(32), Bytes(8), 0, Bytes(12)),
    ];

    private readonly Chance _chance = new(seed);
    private readonly Lane[] _lanes = new Lane[2 * Links.Length];
    private readonly byte[] _message = new byte[4 * FrameReader.MaxFrameLength];
    private readonly byte[] _stream = new byte[4 * FrameReader.MaxFrameLength];
    private readonly BroadcastLane _broadcast = new();
    private readonly SortedDictionary<string, long> _seen = new(StringComparer.Ordinal);
    private long _runs;

    /// <summary>Frames so far; may be read by a watchdog.</summary>
    public long Runs => Volatile.Read(ref _runs);

    public List<string> Violations { get; } = [];

    /// <summary>How often each outcome came.</summary>
    public IReadOnlyDictionary<string, long> Seen => _seen;

    public void Run(long frames)
    {
        var (pieces, maker) = (new Pieces(_chance), new MessageMaker(_chance));
        RunSome(Math.Min(frames, 10_000), pieces, maker);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        RunSome(frames, pieces, maker);
        var growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        if (growth > GrowthMaxBytes)
        {
            Violations.Add($"memory grew by {growth} bytes over {frames} frames");
        }

        foreach (var lane in _lanes)
        {
            lane?.Dispose();
        }
    }

    private static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(one => (byte)one)];

    private void RunSome(long frames, Pieces pieces, MessageMaker maker)
    {
        while (_runs < frames && Violations.Count < ViolationsMax)
        {
            var at = _chance.Below(_lanes.Length);
            var run = _runs;
            try
            {
                RunOne(_lanes[at] ??= new Lane(Links[at / 2], isSession: at % 2 == 1, _chance, See), pieces, maker);
            }
            catch (Exception failure)
            {
                // Outermost frame: an exception of any kind is what is being looked for.
                Violations.Add($"seed {seed}, frame {run}: {failure.GetType().Name}: {failure.Message} at {failure.StackTrace?.Split('\n').FirstOrDefault()?.Trim()}");
                _lanes[at]?.Spoil();
            }

            if (_lanes[at] is { IsSpoiled: true } spoiled)
            {
                spoiled.Dispose();
                _lanes[at] = null!;
            }
        }
    }

    private void RunOne(Lane lane, Pieces pieces, MessageMaker maker)
    {
        _runs++;
        if (_chance.OneIn(8))
        {
            See(_broadcast.Run(_chance));
            return;
        }

        if (_chance.OneIn(500))
        {
            // Every now and then another session, at another step of its login.
            lane.Spoil();
        }

        if (_chance.OneIn(16))
        {
            RunNoise(lane, pieces);
            return;
        }

        var message = maker.Make(_message);
        if (_chance.OneIn(64))
        {
            Describe(message);
        }

        var length = FrameWriter.Write(_stream, message, (uint)_runs, lane.Sender);
        switch (_chance.Below(8))
        {
            case 0:
                Flip(length);
                Expect(lane, lane.Take(pieces.Cut(_stream, length), message), lane.IsNew ? "badTag" : "badChecksum");
                break;
            case 1:
                var cut = _chance.Below(length);
                Expect(lane, lane.Take(pieces.Cut(_stream, cut), message), "needMoreData");
                ExpectGood(lane, lane.Take(pieces.Cut(_stream, length), message));
                break;
            case 2:
                PacketHeader.Length.Write(_stream, HostileLength());
                See(lane.Take(pieces.Cut(_stream, length), message));
                lane.Spoil();
                break;
            default:
                ExpectGood(lane, lane.Take(pieces.Cut(_stream, length), message));
                break;
        }
    }

    private void RunNoise(Lane lane, Pieces pieces)
    {
        var length = _chance.Below(_stream.Length);
        _chance.Fill(_stream.AsSpan(0, length));
        if (length >= 2 && _chance.OneIn(2))
        {
            PacketHeader.Length.Write(_stream, HostileLength());
        }

        // Each look takes a frame off or ends; so there cannot be more looks than frames.
        See("noise");
        See(lane.TakeAll(pieces.Cut(_stream, length), (length / FrameReader.HeaderLength) + 1));
        lane.Spoil();
    }

    /// <summary>One bit anywhere but in length and sequence, which no checksum covers.</summary>
    private void Flip(int length) =>
        _stream[PacketHeader.Checksum.Offset + _chance.Below(length - PacketHeader.Checksum.Offset)] ^= (byte)(1 << _chance.Below(8));

    private ushort HostileLength() => _chance.Below(5) switch
    {
        0 => (ushort)_chance.Below(FrameReader.HeaderLength + 1),
        1 => (ushort)(FrameReader.MaxFrameLength + 1 + _chance.Below(60_000)),
        2 => ushort.MaxValue,
        _ => (ushort)_chance.Below(FrameReader.MaxFrameLength + 1),
    };

    private void ExpectGood(Lane lane, string outcome)
    {
        See(outcome);
        if (outcome is not ("frame" or "badField"))
        {
            Violations.Add($"seed {seed}, frame {_runs}: an untouched frame of a {lane.Mode} link was {outcome}");
        }
    }

    private void Expect(Lane lane, string outcome, string expected)
    {
        See(outcome);
        if (outcome != expected)
        {
            Violations.Add($"seed {seed}, frame {_runs}: expected {expected} on a {lane.Mode} link, found {outcome}");
        }
    }

    private void Describe(ReadOnlySpan<byte> message)
    {
        try
        {
            FrameDescriber.Describe(message, _chance.Below(3) switch { 0 => Segment.CapitalMarket, 1 => Segment.FuturesAndOptions, _ => null });
            See("described");
        }
        catch (WireFormatException)
        {
            See("notDescribed");
        }
    }

    private void See(string outcome) => _seen[outcome] = _seen.GetValueOrDefault(outcome) + 1;
}
