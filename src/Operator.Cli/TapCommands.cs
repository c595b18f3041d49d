using System.CommandLine;
using System.Text.Json.Nodes;
using Backup.Exchange.Wire;

namespace Backup.Operator.Cli;

/// <summary><c>pbm tap status</c> and <c>pbm tap decode</c>.</summary>
internal static class TapCommands
{
    internal static Command Tap(SharedOptions shared)
    {
        var status = new Command("status", "State, rate used, queue, last heartbeat and stream positions of each exchange session.");
        status.SetAction((parsed, stop) => Terminal.RunAsync(() => ClusterCommands.ShowTapAsync(shared.Data(parsed), shared.Json(parsed), stop)));
        return new Command("tap", "The sessions with the exchange.")
        {
            status,
            Steer(shared, "pause", "Hold back every order and cancel of a segment; they wait in the queue, reports still come in. Until resumed, or the node restarts."),
            Steer(shared, "resume", "Let the orders of a segment go again; a sign-on that was given up is tried at once."),
            Decode(),
        };
    }

    private static Command Steer(SharedOptions shared, string verb, string what)
    {
        var segment = new Argument<string>("SEGMENT") { Description = "cm or fo." };
        segment.AcceptOnlyFromAmong("cm", "fo");
        var steer = new Command(verb, what) { segment };
        steer.SetAction((parsed, stop) => Terminal.RunAsync(async () =>
        {
            using (var node = new NodeClient(shared.Data(parsed)))
            {
                await node.PostAsync($"/manage/tap/{parsed.GetValue(segment)}/{verb}", stop);
            }

            return await ClusterCommands.ShowTapAsync(shared.Data(parsed), shared.Json(parsed), stop);
        }));
        return steer;
    }

    private static Command Decode()
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
