using System.Globalization;

namespace Backup.Config.Hocon;

/// <summary>A place in the text of one file, and the line it is on.</summary>
internal sealed class HoconCursor
{
    private const char End = '\0';
    private const string SecretMark = "secret";
    private readonly string _text;
    private readonly string _file;
    private int _at;
    private int _line = 1;
    private bool _lineHasContent;

    public HoconCursor(string text, string file)
    {
        _text = text.Replace("\r\n", "\n", StringComparison.Ordinal).TrimStart('\uFEFF');
        _file = file;
    }

    public HashSet<int> SecretLines { get; } = [];

    public bool AtEnd => _at >= _text.Length;

    public bool AtComment => Peek() == '#' || (Peek() == '/' && Peek(1) == '/');

    public HoconOrigin Here => new(_file, _line);

    public char Peek(int ahead = 0) => _at + ahead < _text.Length ? _text[_at + ahead] : End;

    public char Take()
    {
        var c = _text[_at++];
        if (c == '\n')
        {
            _line++;
            _lineHasContent = false;
        }
        else if (!char.IsWhiteSpace(c))
        {
            _lineHasContent = true;
        }

        return c;
    }

    public void Expect(char wanted, string description)
    {
        SkipSpace();
        if (Peek() != wanted)
        {
            throw Unexpected(description);
        }

        Take();
    }

    /// <summary>Takes the word if it is next. A word of letters must not run on into a longer one.</summary>
    public bool TakeWord(string word)
    {
        if (string.CompareOrdinal(_text, _at, word, 0, word.Length) != 0)
        {
            return false;
        }

        var next = Peek(word.Length);
        if (char.IsAsciiLetter(word[0]) && (char.IsAsciiLetterOrDigit(next) || next is '-' or '_' or '.' or '=' or ':'))
        {
            return false;
        }

        for (var i = 0; i < word.Length; i++)
        {
            Take();
        }

        return true;
    }

    public string TakeWhile(Func<char, bool> wanted)
    {
        var start = _at;
        while (!AtEnd && wanted(Peek()))
        {
            Take();
        }

        return _text[start.._at];
    }

    public string TakeUntilComment(Func<char, bool> wanted)
    {
        var start = _at;
        while (!AtEnd && !AtComment && wanted(Peek()))
        {
            Take();
        }

        return _text[start.._at];
    }

    public int? TakeHex(int digits)
    {
        if (_at + digits > _text.Length
            || !int.TryParse(_text.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            return null;
        }

        _at += digits;
        return code;
    }

    /// <summary>Skips blanks on this line and returns them.</summary>
    public string SkipSpace() => TakeWhile(static c => c != '\n' && char.IsWhiteSpace(c));

    public void SkipSpaceAndLines()
    {
        while (true)
        {
            TakeWhile(char.IsWhiteSpace);
            if (!AtComment)
            {
                return;
            }

            SkipComment();
        }
    }

    public HoconSyntaxException Unexpected(string expected)
    {
        var found = Peek() switch
        {
            End when AtEnd => "the end of the file",
            '\n' => "the end of the line",
            var c => $"'{c}'",
        };

        return new HoconSyntaxException(Here, $"found {found}, expected {expected}");
    }

    private void SkipComment()
    {
        var trailing = _lineHasContent;
        var line = _line;
        var comment = TakeWhile(static c => c != '\n').TrimStart('#', '/').Trim();
        if (trailing && (comment == SecretMark || comment.StartsWith(SecretMark + " ", StringComparison.Ordinal)
            || comment.StartsWith(SecretMark + ":", StringComparison.Ordinal) || comment.StartsWith(SecretMark + ",", StringComparison.Ordinal)))
        {
            SecretLines.Add(line);
        }
    }
}
