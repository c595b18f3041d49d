using System.CommandLine;
using System.Text.Json.Nodes;
using Backup.Exchange.Wire;

namespace Backup.Operator.Cli;

/// <summary><c>pbm tap decode</c> and <c>pbm tap encode</c>: frames of the exchange's wire for people, and back.</summary>
internal static class FrameCommands
{
    internal static Command Decode()
    {
        var hex = new Argument<string?>("HEX") { Description = "The bytes of one frame in hexadecimal; blanks are ignored.", Arity = ArgumentArity.ZeroOrOne };
        var file = new Option<string?>("--file") { Description = "A file: frames in hexadecimal, one a line, or ledger lines (JSON with \"hex\")." };
        var ledger = new Option<string?>("--ledger") { Description = "The address of an exchange simulator: its ledger is read and decoded." };
        var after = new Option<long>("--after") { Description = "With --ledger: begin after this entry." };
        var segment = new Option<string?>("--segment") { Description = "cm or fo, where the size of a frame does not tell." };
        segment.AcceptOnlyFromAmong("cm", "fo");
        var decode = new Command("decode", "Frames as readable JSON, from bytes typed, a file, or the simulator's ledger.") { hex, file, ledger, after, segment };
        decode.SetAction((parsed, stop) => Terminal.RunAsync(async () =>
        {
            var where = parsed.GetValue(segment) switch { "cm" => Segment.CapitalMarket, "fo" => Segment.FuturesAndOptions, _ => (Segment?)null };
            var sources = new object?[] { parsed.GetValue(hex), parsed.GetValue(file), parsed.GetValue(ledger) };
            if (sources.Count(source => source is not null) != 1)
            {
                throw new CommandFailedException("give exactly one of: HEX, --file FILE, --ledger ADDRESS");
            }

            if (parsed.GetValue(hex) is { } typed)
            {
                Terminal.Line(FrameDescriber.Describe(Bytes(typed, "the argument"), where));
                return 0;
            }

            var lines = parsed.GetValue(file) is { } path
                ? await File.ReadAllLinesAsync(path, stop)
                : await ReadLedgerAsync(AddressOf(parsed.GetValue(ledger)!), parsed.GetValue(after), stop);
            DecodeLines(lines, where);
            return 0;
        }));
        return decode;
    }

    internal static Command Encode()
    {
        var name = new Argument<string?>("NAME") { Description = "The message: BOARD_LOT_IN_TR, ORDER_CONFIRMATION_TR, ... or its structure.", Arity = ArgumentArity.ZeroOrOne };
        var fields = new Argument<string[]>("FIELD=VALUE") { Description = "Fields by the names that decode shows; all others are blank or zero.", Arity = ArgumentArity.ZeroOrMore };
        var file = new Option<string?>("--file") { Description = "What decode printed: one JSON object, or one a line." };
        var segment = new Option<string?>("--segment") { Description = "cm or fo, where the two differ." };
        segment.AcceptOnlyFromAmong("cm", "fo");
        var sequence = new Option<uint>("--sequence") { Description = "The packet's sequence number; 0 on a clear link." };
        var encode = new Command("encode", "A frame in hexadecimal, from the names and values of its fields or from what decode printed.") { name, fields, file, segment, sequence };
        encode.SetAction((parsed, stop) => Terminal.RunAsync(async () =>
        {
            var where = parsed.GetValue(segment) switch { "cm" => Segment.CapitalMarket, "fo" => Segment.FuturesAndOptions, _ => (Segment?)null };
            if ((parsed.GetValue(name) is null) == (parsed.GetValue(file) is null))
            {
                throw new CommandFailedException("give either NAME FIELD=VALUE... or --file FILE");
            }

            if (parsed.GetValue(name) is { } typed)
            {
                Terminal.Line(Encoded(typed, where, parsed.GetValue(fields)!.Select(Pair), parsed.GetValue(sequence)));
                return 0;
            }

            foreach (var described in Objects(await File.ReadAllTextAsync(parsed.GetValue(file)!, stop)))
            {
                var frame = described["frame"]?.AsObject() ?? described;
                var sent = where ?? (Terminal.Text(frame["segment"]) switch { "CM" => Segment.CapitalMarket, "FO" => Segment.FuturesAndOptions, _ => null });
                var packet = frame["packet"]?["sequence"] is { } told ? (uint)told : parsed.GetValue(sequence);
                var values = frame["fields"]?.AsObject() ?? throw new CommandFailedException("expected what decode printed, found an object without \"fields\"");
                Terminal.Line(Encoded(Terminal.Text(frame["structure"] ?? frame["name"]), sent, values.Select(field => KeyValuePair.Create(field.Key, Terminal.Text(field.Value))), packet));
            }

            return 0;
        }));
        return encode;
    }

    private static string Encoded(string name, Segment? segment, IEnumerable<KeyValuePair<string, string>> fields, uint sequence)
    {
        var message = FrameComposer.Compose(FrameComposer.Find(name, segment), fields);
        var packet = new byte[FrameReader.HeaderLength + message.Length];
        FrameWriter.Write(packet, message, sequence);
        return Convert.ToHexStringLower(packet);
    }

    private static KeyValuePair<string, string> Pair(string text) => text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at
        ? KeyValuePair.Create(text[..at], text[(at + 1)..])
        : throw new CommandFailedException($"found \"{text}\", expected FIELD=VALUE");

    /// <summary>One object over many lines, or one a line.</summary>
    private static IEnumerable<JsonObject> Objects(string text)
    {
        try
        {
            return text.Contains("\n{", StringComparison.Ordinal)
                ? [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => JsonNode.Parse(line)!.AsObject())]
                : [JsonNode.Parse(text)!.AsObject()];
        }
        catch (Exception unreadable) when (unreadable is System.Text.Json.JsonException or InvalidOperationException)
        {
            throw new CommandFailedException($"expected what decode printed, found something that is no JSON object: {unreadable.Message}");
        }
    }

    private static void DecodeLines(string[] lines, Segment? where)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0)
            {
                continue;
            }

            var entry = line.StartsWith('{') ? JsonNode.Parse(line)! : null;
            if (entry is not null && entry["hex"] is null)
            {
                // A note of the ledger about itself; no frame belongs to it.
                Terminal.Line(new JsonObject { ["ledger"] = entry.DeepClone() }.ToJsonString());
                continue;
            }

            var bytes = Bytes(entry is null ? line : Terminal.Text(entry["hex"]), $"line {i + 1}");
            var segment = entry?["segment"] is { } named ? Terminal.Text(named).Equals("fo", StringComparison.OrdinalIgnoreCase) ? Segment.FuturesAndOptions : Segment.CapitalMarket : where;
            var described = JsonNode.Parse(FrameDescriber.Describe(bytes, segment))!;
            if (entry is not null)
            {
                entry.AsObject().Remove("hex");
                described = new JsonObject { ["ledger"] = entry.DeepClone(), ["frame"] = described };
            }

            Terminal.Line(described.ToJsonString());
        }
    }

    private static async Task<string[]> ReadLedgerAsync(Uri simulator, long after, CancellationToken stop)
    {
        try
        {
            using var http = new HttpClient();
            var text = await http.GetStringAsync(new Uri(simulator, $"/ledger?after={after}"), stop);
            return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (HttpRequestException away)
        {
            throw new CommandFailedException($"no ledger at {simulator}: {away.Message}");
        }
    }

    private static Uri AddressOf(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
        ? address
        : throw new CommandFailedException($"--ledger: found \"{text}\", expected an address such as http://127.0.0.1:9600");

    private static byte[] Bytes(string hex, string place)
    {
        var digits = string.Concat(hex.Where(c => !char.IsWhiteSpace(c)));
        try
        {
            return Convert.FromHexString(digits);
        }
        catch (FormatException)
        {
            var bad = digits.FirstOrDefault(c => !char.IsAsciiHexDigit(c));
            throw new CommandFailedException(bad == default
                ? $"{place}: expected an even number of hexadecimal digits, found {digits.Length}"
                : $"{place}: expected hexadecimal digits, found '{bad}' at position {digits.IndexOf(bad, StringComparison.Ordinal) + 1}");
        }
    }
}
