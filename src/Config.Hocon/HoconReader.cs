using System.Globalization;
using System.Text;

namespace Backup.Config.Hocon;

/// <summary>
/// Reads the text of one file into nodes. A character that cannot be understood ends the file with its line; a key set
/// twice is noted and reading goes on.
/// </summary>
/// <remarks>
/// The subset of HOCON: objects, dotted keys, <c>=</c> and <c>:</c>, include, substitutions, comments, quoted, triple-quoted
/// and unquoted text, arrays. Not in it, and refused by name: <c>+=</c>, joining objects or arrays, a value on the line after
/// its key.
/// </remarks>
internal sealed class HoconReader(string text, string file, List<HoconProblem> problems, Func<string, HoconOrigin, HoconObject?> include)
{
    private const string NotInUnquotedText = "$\"{}[]:=,+#`^?!@*&\\";
    private readonly HoconCursor _cursor = new(text, file);

    /// <summary>Lines that end in a comment beginning with the word <c>secret</c>.</summary>
    public HashSet<int> SecretLines => _cursor.SecretLines;

    public HoconObject ReadDocument()
    {
        var root = new HoconObject(_cursor.Here);
        _cursor.SkipSpaceAndLines();
        if (_cursor.Peek() == '{')
        {
            _cursor.Take();
            ReadFields(root, root, "", closing: '}');
            _cursor.SkipSpaceAndLines();
            if (!_cursor.AtEnd)
            {
                throw _cursor.Unexpected("the end of the file");
            }
        }
        else
        {
            ReadFields(root, root, "", closing: null);
        }

        return root;
    }

    private void ReadFields(HoconObject root, HoconObject target, string prefix, char? closing)
    {
        while (true)
        {
            _cursor.SkipSpaceAndLines();
            if (_cursor.AtEnd)
            {
                if (closing is { } missing)
                {
                    throw _cursor.Unexpected($"'{missing}'; the object opened at line {target.Origin.Line} is not closed");
                }

                return;
            }

            if (_cursor.Peek() == closing)
            {
                _cursor.Take();
                return;
            }

            ReadField(root, target, prefix);
            ReadSeparator(closing);
        }
    }

    private void ReadSeparator(char? closing)
    {
        _cursor.SkipSpace();
        if (_cursor.AtEnd || _cursor.Peek() == '\n' || _cursor.Peek() == closing || _cursor.AtComment)
        {
            _cursor.SkipSpaceAndLines();
            if (_cursor.Peek() == ',')
            {
                _cursor.Take();
            }

            return;
        }

        if (_cursor.Peek() != ',')
        {
            throw _cursor.Unexpected("a new line, a comma or the end of the object");
        }

        _cursor.Take();
    }

    private void ReadField(HoconObject root, HoconObject target, string prefix)
    {
        var origin = _cursor.Here;
        if (_cursor.TakeWord("include"))
        {
            ReadInclude(target, origin);
            return;
        }

        var path = ReadKey();
        _cursor.SkipSpace();
        var holder = target;
        var at = prefix;
        for (var i = 0; i < path.Count - 1; i++)
        {
            at = Dotted(at, path[i]);
            var child = new HoconObject(origin);
            Set(holder, path[i], at, child);
            holder = holder.Find(path[i]) as HoconObject ?? child;
        }

        at = Dotted(at, path[^1]);
        if (_cursor.Peek() != '{')
        {
            if (_cursor.Peek() == '+')
            {
                throw _cursor.Unexpected("'=' or ':' ('+=' is not supported here)");
            }

            if (_cursor.Peek() is not ('=' or ':'))
            {
                throw _cursor.Unexpected($"'=', ':' or '{{' after the key '{at}'");
            }

            _cursor.Take();
            _cursor.SkipSpace();
        }

        Set(holder, path[^1], at, ReadValue(root, at, origin));
    }

    private void ReadInclude(HoconObject target, HoconOrigin origin)
    {
        _cursor.SkipSpace();
        var wrapped = _cursor.TakeWord("required") || _cursor.TakeWord("file");
        if (wrapped)
        {
            _cursor.Expect('(', "'(' after include required or include file");
        }

        if (_cursor.Peek() != '"')
        {
            throw _cursor.Unexpected("a quoted file name after include");
        }

        var name = ReadQuoted();
        if (wrapped)
        {
            _cursor.Expect(')', "')' after the file name");
        }

        if (include(name, origin) is { } included)
        {
            foreach (var key in included.Keys)
            {
                Set(target, key, key, included.Find(key)!);
            }
        }
    }

    /// <summary>Puts a value, merging objects; the same plain key twice in one file is a problem.</summary>
    private void Set(HoconObject target, string key, string path, HoconNode node)
    {
        var former = target.Find(key);
        if (former is HoconObject into && node is HoconObject from)
        {
            foreach (var inner in from.Keys)
            {
                Set(into, inner, Dotted(path, inner), from.Find(inner)!);
            }

            return;
        }

        var optional = node is HoconJoin { IsOptionalAlone: true };
        if (former is not null && !optional && string.Equals(former.Origin.File, node.Origin.File, StringComparison.Ordinal))
        {
            problems.Add(new HoconProblem(
                node.Origin, $"found key '{path}' a second time, expected it once in a file (first at line {former.Origin.Line})"));
            return;
        }

        target.Put(key, optional && node is HoconJoin join ? join with { Fallback = former } : node);
    }

    private List<string> ReadKey()
    {
        var path = new List<string>();
        while (true)
        {
            path.Add(_cursor.Peek() == '"' ? ReadQuoted() : ReadKeyWord());
            if (_cursor.Peek() != '.')
            {
                return path;
            }

            _cursor.Take();
        }
    }

    private string ReadKeyWord()
    {
        var word = _cursor.TakeWhile(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
        return word.Length > 0 ? word : throw _cursor.Unexpected("a key (letters, digits, '-', '_'; anything else in quotes)");
    }

    private HoconNode ReadValue(HoconObject root, string path, HoconOrigin origin)
    {
        switch (_cursor.Peek())
        {
            case '{':
                _cursor.Take();
                var child = new HoconObject(origin);
                ReadFields(root, child, path, '}');
                return child;
            case '[':
                return ReadArray(root, path, origin);
            default:
                return ReadJoined(path, origin);
        }
    }

    private HoconArray ReadArray(HoconObject root, string path, HoconOrigin origin)
    {
        _cursor.Take();
        var items = new List<HoconNode>();
        while (true)
        {
            _cursor.SkipSpaceAndLines();
            if (_cursor.AtEnd)
            {
                throw _cursor.Unexpected($"']'; the array opened at line {origin.Line} is not closed");
            }

            if (_cursor.Peek() == ']')
            {
                _cursor.Take();
                return new HoconArray(origin, items);
            }

            var here = _cursor.Here;
            items.Add(ReadValue(root, $"{path}.{items.Count.ToString(CultureInfo.InvariantCulture)}", here));
            ReadSeparator(']');
        }
    }

    private HoconNode ReadJoined(string path, HoconOrigin origin)
    {
        var parts = new List<HoconPart>();
        var space = "";
        while (!_cursor.AtEnd && !_cursor.AtComment && _cursor.Peek() is not ('\n' or ',' or '}' or ']'))
        {
            var part = ReadPart();
            if (parts.Count > 0 && space.Length > 0)
            {
                parts.Add(new HoconPart(space, Quoted: false, IsPath: false, Optional: false));
            }

            parts.Add(part);
            space = _cursor.SkipSpace();
        }

        if (parts.Count == 0)
        {
            throw _cursor.Unexpected($"a value for '{path}' on the same line (an empty text is \"\")");
        }

        if (parts.Exists(static part => part.IsPath))
        {
            return new HoconJoin(origin, parts);
        }

        var value = string.Concat(parts.Select(static part => part.Text));
        var quoted = parts.Exists(static part => part.Quoted);
        return value == "null" && !quoted ? new HoconNull(origin) : new HoconText(origin, value, quoted);
    }

    private HoconPart ReadPart()
    {
        if (_cursor.Peek() == '"')
        {
            return new HoconPart(ReadQuoted(), Quoted: true, IsPath: false, Optional: false);
        }

        if (_cursor.Peek() == '$')
        {
            return ReadSubstitution();
        }

        var word = _cursor.TakeUntilComment(static c => !char.IsWhiteSpace(c) && !NotInUnquotedText.Contains(c, StringComparison.Ordinal));
        if (word.Length > 0)
        {
            return new HoconPart(word, Quoted: false, IsPath: false, Optional: false);
        }

        throw _cursor.Unexpected(_cursor.Peek() is '{' or '['
            ? "the end of the value (objects and arrays are not joined to other values)"
            : "text without this character, or text in quotes");
    }

    private HoconPart ReadSubstitution()
    {
        _cursor.Take();
        _cursor.Expect('{', "'{' after '$'");
        var optional = _cursor.Peek() == '?';
        if (optional)
        {
            _cursor.Take();
        }

        var path = string.Join('.', ReadKey());
        _cursor.Expect('}', $"'}}' after the substitution ${{{path}");
        return new HoconPart(path, Quoted: false, IsPath: true, optional);
    }

    private string ReadQuoted() => _cursor.TakeWord("\"\"\"") ? ReadTripleQuoted() : ReadSingleQuoted();

    private string ReadTripleQuoted()
    {
        var opened = _cursor.Here;
        var value = new StringBuilder();
        while (!_cursor.TakeWord("\"\"\""))
        {
            if (_cursor.AtEnd)
            {
                throw new HoconSyntaxException(opened, "found text in triple quotes that is never closed, expected \"\"\"");
            }

            value.Append(_cursor.Take());
        }

        // As in the specification, further quotes before the closing three belong to the text.
        while (_cursor.Peek() == '"')
        {
            value.Append(_cursor.Take());
        }

        return value.ToString();
    }

    private string ReadSingleQuoted()
    {
        _cursor.Take();
        var value = new StringBuilder();
        while (_cursor.Peek() != '"')
        {
            if (_cursor.AtEnd || _cursor.Peek() == '\n')
            {
                throw _cursor.Unexpected("a closing quote on the same line");
            }

            var c = _cursor.Take();
            value.Append(c == '\\' ? ReadEscape() : c);
        }

        _cursor.Take();
        return value.ToString();
    }

    private char ReadEscape()
    {
        var found = _cursor.AtEnd ? '\0' : _cursor.Take();
        if (found == 'u' && _cursor.TakeHex(4) is { } code)
        {
            return (char)code;
        }

        return found switch
        {
            '"' or '\\' or '/' => found,
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            _ => throw new HoconSyntaxException(
                _cursor.Here, $"found the escape '\\{found}', expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"),
        };
    }

    private static string Dotted(string prefix, string key) => prefix.Length == 0 ? key : $"{prefix}.{key}";
}
