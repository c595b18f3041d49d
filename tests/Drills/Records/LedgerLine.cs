using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace Backup.Drills.Records;

/// <summary>
/// One line of the exchange's ledger. The frame is taken apart by the offsets of the exchange's document (NSE-TAP.md 5.6, 5.7), so that no
/// code of the product judges itself.
/// </summary>
/// <param name="AtNanoseconds">Since 1970, by the exchange's clock, which is this machine's.</param>
/// <param name="Note">What the exchange did with it, or the words of a note; empty when it is nothing special.</param>
internal sealed record LedgerLine(
    long N, long AtNanoseconds, string Segment, long Session, bool IsInbound, bool IsNote, int Code, string Name, byte[] Message, string Note)
{
    private const int HeaderLength = 22;

    internal DateTimeOffset At => DateTimeOffset.UnixEpoch.AddTicks(AtNanoseconds / 100);

    internal bool IsDerivatives => Segment == "fo";

    /// <summary>It arrived damaged, so its fields may be anything.</summary>
    internal bool IsDamaged => Note.Contains("checksum", StringComparison.Ordinal) || Note.Contains("length", StringComparison.Ordinal);

    internal static LedgerLine Parse(string text)
    {
        var entry = JsonNode.Parse(text)!;
        var hex = (string?)entry["hex"] ?? "";
        return new LedgerLine(
            (long)entry["n"]!,
            (long)entry["at"]!,
            ((string?)entry["segment"] ?? "").ToLowerInvariant(),
            (long)entry["session"]!,
            (string?)entry["direction"] == "in",
            (string?)entry["direction"] == "note",
            (int)entry["code"]!,
            (string?)entry["name"] ?? "",
            hex.Length > 2 * HeaderLength ? Convert.FromHexString(hex)[HeaderLength..] : [],
            (string?)entry["decision"] ?? "");
    }

    internal short Short(int at) => BinaryPrimitives.ReadInt16BigEndian(Message.AsSpan(at));

    internal int Int(int at) => BinaryPrimitives.ReadInt32BigEndian(Message.AsSpan(at));

    internal long Wide(int at) => BinaryPrimitives.ReadInt64BigEndian(Message.AsSpan(at));

    /// <summary>Whole numbers that the exchange writes as doubles.</summary>
    internal long Number(int at) => (long)BinaryPrimitives.ReadDoubleBigEndian(Message.AsSpan(at));

    internal string Text(int at, int size) => Encoding.ASCII.GetString(Message, at, size).TrimEnd(' ', '\0');

    public override string ToString() =>
        $"ledger {N} {At:HH:mm:ss.ffffff} {Segment} session {Session} {(IsNote ? "note" : IsInbound ? "in" : "out")} {Code} {Name} {Note}".TrimEnd();
}
