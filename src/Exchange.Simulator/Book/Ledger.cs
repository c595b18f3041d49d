using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Backup.Exchange.Simulator.Market;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Book;

/// <summary>One line of the ledger: a frame that reached the exchange or left it, or a note.</summary>
/// <param name="N">Counts from 1 without gaps.</param>
/// <param name="At">Nanoseconds since 1970 UTC.</param>
/// <param name="Session">The connection, from 1 a run; 0 when none was there.</param>
/// <param name="Direction">in, out or note.</param>
/// <param name="Hex">The whole packet, passwords and the keys of links blanked.</param>
/// <param name="Decision">What the exchange did with it, when that is not simply "answered" or "sent".</param>
public sealed record LedgerLine(
    long N,
    long At,
    string? Segment,
    long Session,
    string Direction,
    int Code,
    string Name,
    string? Hex,
    string? Decision);

/// <summary>The append-only record of everything that reached the exchange and everything it said, in that order.</summary>
/// <remarks>Used under the floor's gate. <see cref="Flush"/> comes before any answer leaves.</remarks>
public sealed class Ledger : IDisposable
{
    /// <summary>A line's place in the file is kept for every so-manyth line.</summary>
    private const int Stride = 64;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly FileStream _lock;
    private readonly FileStream _file;
    private readonly List<long> _places = [];
    private readonly ArrayBufferWriter<byte> _line = new();

    private Ledger(string path)
    {
        Path = path;
        try
        {
            // On Linux only FileShare.None keeps a second writer out, and the ledger itself must stay readable.
            _lock = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 1 << 16);
        }
        catch (IOException failure)
        {
            throw new SettingsException($"simulator.data: the ledger {path} cannot be opened; is another simulator using this folder? ({failure.Message})");
        }
    }

    public string Path { get; }

    /// <summary>The number of the last line; 0 when there is none.</summary>
    public long Last { get; private set; }

    /// <summary>Opens the ledger of a folder. <see cref="TakeBack"/> comes next.</summary>
    public static Ledger Open(string folder)
    {
        Directory.CreateDirectory(folder);
        return new Ledger(System.IO.Path.Combine(folder, "ledger.jsonl"));
    }

    /// <summary>Hands every whole line of an earlier run to <paramref name="replay"/>. A line cut by a crash is taken off.</summary>
    public void TakeBack(Action<LedgerLine> replay)
    {
        var end = ReadBack(replay);
        _file.SetLength(end);
        _file.Seek(end, SeekOrigin.Begin);
    }

    public void Frame(DateTimeOffset at, Segment segment, long session, string direction, ReadOnlySpan<byte> packet, string? decision = null)
    {
        var message = packet.Length > FrameReader.HeaderLength ? packet[FrameReader.HeaderLength..] : [];
        var code = message.Length >= 2 ? MessageHeader.TransactionCode.Read(message) : (short)0;
        var name = MessageCatalogue.Find(segment, code, message.Length)?.Name ?? MessageCatalogue.Find(code).FirstOrDefault()?.Name ?? Envelope(code);
        Append(at, SegmentName.Of(segment), session, direction, code, name, Hex(packet, code), decision);
    }

    public void Note(DateTimeOffset at, string name, string decision) => Append(at, null, 0, "note", 0, name, null, decision);

    public void Flush() => _file.Flush();

    public void Dispose()
    {
        _file.Dispose();
        _lock.Dispose();
    }

    /// <summary>The lines after number <paramref name="after"/>, as they lie in the file.</summary>
    public IReadOnlyList<string> Read(long after, int limit)
    {
        _file.Flush();
        var lines = new List<string>();
        if (after >= Last)
        {
            return lines;
        }

        var stride = (int)(Math.Max(after, 0) / Stride);
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Seek(_places[stride], SeekOrigin.Begin);
        using var reader = new StreamReader(file);
        var number = (long)stride * Stride;
        while (lines.Count < limit && reader.ReadLine() is { } line)
        {
            if (++number > after)
            {
                lines.Add(line);
            }
        }

        return lines;
    }

    private static string Envelope(short code) => code switch
    {
        TransactionCode.DownloadMessage => "DOWNLOAD_MESSAGE",
        _ => "UNKNOWN",
    };

    private static string Hex(ReadOnlySpan<byte> packet, short code)
    {
        // Password, eight reserved bytes, new password: the same place in both segments. The link's keys: the rest of the answer.
        var (from, length) = code switch
        {
            TransactionCode.SignOnRequest => (FrameReader.HeaderLength + CmSignOnRequest.Password.Offset, 24),
            TransactionCode.RouterResponse => (FrameReader.HeaderLength + RouterResponseExisting.CryptographicKey.Offset, int.MaxValue),
            _ => (packet.Length, 0),
        };
        if (packet.Length <= from)
        {
            return Convert.ToHexStringLower(packet);
        }

        var copy = packet.ToArray();
        copy.AsSpan(from, Math.Min(length, copy.Length - from)).Fill((byte)'*');
        return Convert.ToHexStringLower(copy);
    }

    private void Append(DateTimeOffset at, string? segment, long session, string direction, int code, string name, string? hex, string? decision)
    {
        if (Last % Stride == 0)
        {
            _places.Add(_file.Position);
        }

        Last++;
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line))
        {
            var nanoseconds = (at - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
            JsonSerializer.Serialize(json, new LedgerLine(Last, nanoseconds, segment, session, direction, code, name, hex, decision), Json);
        }

        _file.Write(_line.WrittenSpan);
        _file.WriteByte((byte)'\n');
    }

    private long ReadBack(Action<LedgerLine> replay)
    {
        long place = 0;
        using var reader = new StreamReader(_file, Encoding.UTF8, leaveOpen: true);
        while (reader.ReadLine() is { } text)
        {
            var next = place + Encoding.UTF8.GetByteCount(text) + 1;
            LedgerLine? line;
            try
            {
                line = JsonSerializer.Deserialize<LedgerLine>(text, Json);
            }
            catch (JsonException) when (next >= _file.Length)
            {
                break;
            }

            if (line is null || line.N != Last + 1 || next > _file.Length)
            {
                if (next >= _file.Length)
                {
                    break;
                }

                throw new SettingsException(string.Create(CultureInfo.InvariantCulture, $"The ledger {Path} is damaged after line {Last}."));
            }

            if (Last % Stride == 0)
            {
                _places.Add(place);
            }

            Last = line.N;
            place = next;
            replay(line);
        }

        return place;
    }
}
