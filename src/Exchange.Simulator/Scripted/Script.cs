using System.Collections.Immutable;
using System.Globalization;
using Backup.Exchange.Wire;

namespace Backup.Exchange.Simulator.Scripted;

/// <summary>One line of a script.</summary>
/// <param name="Line">Its number in the file, from 1: the name by which later lines refer to its message.</param>
public abstract record ScriptStep(int Line)
{
    /// <summary>Waits for the member's next message and holds the named fields against it.</summary>
    public sealed record Expect(int Line, string Name, short? Code, ImmutableArray<FieldValue> Fields) : ScriptStep(Line);

    /// <summary>Sends a message, blank but for the named fields.</summary>
    public sealed record Send(int Line, MessageKind Kind, ImmutableArray<FieldValue> Fields) : ScriptStep(Line);

    /// <summary>Sends a message that repeats the fields of the member's last one, as the exchange answers (NSE-TAP.md 5.8).</summary>
    public sealed record Answer(int Line, MessageKind Kind, ImmutableArray<FieldValue> Fields) : ScriptStep(Line);

    /// <summary>Lets the honest exchange sign the member on.</summary>
    public sealed record Login(int Line) : ScriptStep(Line);

    public sealed record Wait(int Line, TimeSpan Time) : ScriptStep(Line);

    /// <summary>Ends the connection with a FIN, behind everything said.</summary>
    public sealed record Close(int Line) : ScriptStep(Line);

    /// <summary>Ends the connection with a reset; what is not on the wire yet is lost.</summary>
    public sealed record Reset(int Line) : ScriptStep(Line);

    /// <summary>Turns a bit of the next message that is sent.</summary>
    public sealed record Corrupt(int Line) : ScriptStep(Line);

    public sealed record Repeat(int Line, int Times, ImmutableArray<ScriptStep> Steps) : ScriptStep(Line);
}

/// <summary>A field by its name in the exchange's document, and what it is to be: a text, a number, hex digits, or $line.Field.</summary>
public sealed record FieldValue(string Field, string Value);

/// <summary>One scripted conversation with a member, as a plain text file: one step a line.</summary>
public sealed class Script
{
    /// <summary>Instead of a message: the member ends the connection.</summary>
    public const string LinkClosed = "LINK_CLOSED";

    private readonly string _path;
    private readonly Segment _segment;

    private Script(string path, Segment segment) => (_path, _segment) = (path, segment);

    public ImmutableArray<ScriptStep> Steps { get; private set; } = [];

    /// <exception cref="ScriptException">A line that is no step.</exception>
    public static Script Read(string path, Segment segment)
    {
        var script = new Script(path, segment);
        var lines = new Queue<(int Number, string[] Words)>(
            File.ReadAllLines(path).Select((text, at) => (at + 1, Words(text))).Where(line => line.Item2.Length > 0));
        script.Steps = script.Block(lines, inRepeat: null);
        return script;
    }

    public ScriptException Problem(int line, string text) => new($"{_path}:{line}: {text}");

    private ImmutableArray<ScriptStep> Block(Queue<(int Number, string[] Words)> lines, int? inRepeat)
    {
        var steps = ImmutableArray.CreateBuilder<ScriptStep>();
        while (lines.TryDequeue(out var line))
        {
            if (line.Words is ["end"] && inRepeat is not null)
            {
                return steps.ToImmutable();
            }

            steps.Add(line.Words is ["repeat", var times] && int.TryParse(times, out var count) && count > 0
                ? new ScriptStep.Repeat(line.Number, count, Block(lines, line.Number))
                : Step(line.Number, line.Words));
        }

        return inRepeat is { } opened ? throw Problem(opened, "expected an end behind this repeat, found none") : steps.ToImmutable();
    }

    private ScriptStep Step(int line, string[] words) => words switch
    {
        ["expect", var name, .. var fields] => Expect(line, name, Fields(line, fields)),
        ["send", var name, .. var fields] => new ScriptStep.Send(line, Kind(line, name), Checked(line, Kind(line, name), fields)),
        ["answer", var name, .. var fields] => new ScriptStep.Answer(line, Kind(line, name), Checked(line, Kind(line, name), fields)),
        ["login"] => new ScriptStep.Login(line),
        ["wait", var time] => new ScriptStep.Wait(line, Time(line, time)),
        ["close"] => new ScriptStep.Close(line),
        ["reset"] => new ScriptStep.Reset(line),
        ["corrupt"] => new ScriptStep.Corrupt(line),
        _ => throw Problem(line, $"expected expect, send, answer, login, wait, close, reset, corrupt, repeat or end with what belongs to it, found '{string.Join(' ', words)}'"),
    };

    private ScriptStep.Expect Expect(int line, string name, ImmutableArray<FieldValue> fields)
    {
        if (name == LinkClosed)
        {
            return new ScriptStep.Expect(line, name, null, fields);
        }

        var kind = Kind(line, name);
        Known(line, kind, fields);
        return new ScriptStep.Expect(line, name, kind.Code, fields);
    }

    /// <summary>A name of the catalogue, with /bytes behind it where one name has several sizes.</summary>
    private MessageKind Kind(int line, string name)
    {
        var parts = name.Split('/');
        var size = parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : 0;
        var kinds = MessageCatalogue.Messages.Where(kind => kind.Name == parts[0] && (kind.Segment is null || kind.Segment == _segment));
        return kinds.FirstOrDefault(kind => size == 0 || kind.Layout.Size == size)
            ?? throw Problem(line, $"expected the name of a message of this segment, found '{name}'");
    }

    private ImmutableArray<FieldValue> Checked(int line, MessageKind kind, string[] words)
    {
        var fields = Fields(line, words);
        Known(line, kind, fields);
        return fields;
    }

    private void Known(int line, MessageKind kind, ImmutableArray<FieldValue> fields)
    {
        foreach (var field in fields.Where(field => FieldText.Find(kind.Layout, field.Field) is null))
        {
            throw Problem(line, $"expected a field of {kind.Name} ({kind.Layout.Name}), found '{field.Field}'");
        }
    }

    private ImmutableArray<FieldValue> Fields(int line, string[] words) =>
    [
        .. words.Select(word => word.Split('=', 2) is [{ Length: > 0 } field, var value]
            ? new FieldValue(field, value)
            : throw Problem(line, $"expected Field=value, found '{word}'")),
    ];

    private TimeSpan Time(int line, string text)
    {
        var unit = text.EndsWith("ms", StringComparison.Ordinal) ? 1 : text.EndsWith('s') ? 1000 : 0;
        return unit > 0 && int.TryParse(text.AsSpan(0, text.Length - (unit == 1 ? 2 : 1)), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= 3_600_000 / unit
            ? TimeSpan.FromMilliseconds(count * unit)
            : throw Problem(line, $"expected a time such as 200ms or 2s, found '{text}'");
    }

    /// <summary>Words between blanks; what stands in quotes stays together. A # outside of them begins a comment.</summary>
    private static string[] Words(string text)
    {
        var words = new List<string>();
        var word = new System.Text.StringBuilder();
        var isQuoted = false;
        foreach (var letter in text + " ")
        {
            if (letter == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (!isQuoted && letter == '#')
            {
                break;
            }
            else if (isQuoted || !char.IsWhiteSpace(letter))
            {
                word.Append(letter);
            }
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        if (word.Length > 0)
        {
            words.Add(word.ToString());
        }

        return [.. words];
    }
}
