using System.Text;

namespace Backup.Architecture.Tests;

/// <summary>A member of a type: where it begins and how many lines it takes.</summary>
internal sealed record Member(string Header, int FirstLine, int Lines);

/// <summary>As much of C# as the style's tests need: code without strings and comments, and the extent of members.</summary>
internal static class CSharpText
{
    /// <summary>The text with strings, characters and comments blanked out; lines stay where they were.</summary>
    public static string CodeOnly(string text)
    {
        var code = new StringBuilder(text.Length);
        var at = 0;
        while (at < text.Length)
        {
            var end = EndOfBlank(text, at);
            if (end == at)
            {
                code.Append(text[at++]);
                continue;
            }

            for (; at < end && at < text.Length; at++)
            {
                code.Append(text[at] == '\n' ? '\n' : ' ');
            }
        }

        return code.ToString();
    }

    /// <summary>Every method, constructor and property with a body, of all types in the file.</summary>
    public static List<Member> Members(string text)
    {
        var code = CodeOnly(text);
        var members = new List<Member>();
        var inType = new Stack<bool>();
        inType.Push(true);
        var start = 0;
        var depthBelowMember = 0;
        for (var i = 0; i < code.Length; i++)
        {
            switch (code[i])
            {
                case '{' when depthBelowMember > 0 || !IsType(code[start..i]):
                    depthBelowMember++;
                    break;
                case '{':
                    inType.Push(true);
                    start = i + 1;
                    break;
                case '}' when depthBelowMember > 0:
                    depthBelowMember--;
                    if (depthBelowMember == 0 && !IsExpression(code[start..i]))
                    {
                        Add(members, code, start, i);
                        start = i + 1;
                    }

                    break;
                case '}':
                    inType.Pop();
                    start = i + 1;
                    break;
                case ';' when depthBelowMember == 0:
                    Add(members, code, start, i);
                    start = i + 1;
                    break;
            }
        }

        return members;
    }

    private static void Add(List<Member> members, string code, int start, int end)
    {
        while (start < end && char.IsWhiteSpace(code[start]))
        {
            start++;
        }

        var header = code[start..end].Split('\n')[0].Trim();
        var isCode = code[start..end].Contains('(');
        if (isCode)
        {
            var first = code.AsSpan(0, start).Count('\n') + 1;
            members.Add(new Member(header, first, code.AsSpan(start, end - start).Count('\n') + 1));
        }
    }

    private static bool IsType(string header) =>
        header.Split([' ', '\n', '(', '<'], StringSplitOptions.RemoveEmptyEntries)
            .TakeWhile(word => word is not ("=" or "=>"))
            .Any(word => word is "class" or "struct" or "record" or "interface" or "enum" or "namespace");

    /// <summary>A body after <c>=&gt;</c> or <c>=</c> ends at its semicolon, not at its last brace.</summary>
    private static bool IsExpression(string span)
    {
        var brace = span.IndexOf('{', StringComparison.Ordinal);
        var header = brace < 0 ? span : span[..brace];
        var parentheses = 0;
        for (var i = 0; i < header.Length; i++)
        {
            parentheses += header[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (parentheses == 0 && header[i] == '=')
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The end of the string, character or comment that begins here; <paramref name="at"/> itself when none does.</summary>
    private static int EndOfBlank(string text, int at)
    {
        var rest = text.AsSpan(at);
        if (rest.StartsWith("//"))
        {
            return EndAfter(text, at, "\n") - 1;
        }

        if (rest.StartsWith("/*"))
        {
            return EndAfter(text, at + 2, "*/");
        }

        if (rest[0] == '\'')
        {
            return EndOfQuoted(text, at + 1, '\'');
        }

        var prefix = 0;
        while (prefix < rest.Length && rest[prefix] is '$' or '@')
        {
            prefix++;
        }

        var interpolated = rest[..prefix].Contains('$');
        return prefix < rest.Length && rest[prefix] == '"'
            ? rest[prefix..].StartsWith("\"\"\"") ? EndAfter(text, at + prefix + 3, "\"\"\"")
            : rest[..prefix].Contains('@') ? EndOfVerbatim(text, at + prefix + 1)
            : interpolated ? EndOfInterpolated(text, at + prefix + 1)
            : EndOfQuoted(text, at + prefix + 1, '"')
            : at;
    }

    private static int EndAfter(string text, int from, string mark)
    {
        var found = text.IndexOf(mark, from, StringComparison.Ordinal);
        return found < 0 ? text.Length : found + mark.Length;
    }

    private static int EndOfQuoted(string text, int at, char quote)
    {
        while (at < text.Length && text[at] != quote)
        {
            at += text[at] == '\\' ? 2 : 1;
        }

        return at + 1;
    }

    private static int EndOfVerbatim(string text, int at)
    {
        while (at < text.Length && (text[at] != '"' || (at + 1 < text.Length && text[at + 1] == '"')))
        {
            at += text[at] == '"' ? 2 : 1;
        }

        return at + 1;
    }

    /// <summary>Holes may hold strings of their own.</summary>
    private static int EndOfInterpolated(string text, int at)
    {
        var holes = 0;
        while (at < text.Length && (text[at] != '"' || holes > 0))
        {
            if (holes > 0 && EndOfBlank(text, at) is var end && end > at)
            {
                at = end;
                continue;
            }

            var doubled = holes == 0 && at + 1 < text.Length && text[at] is '{' or '}' && text[at + 1] == text[at];
            holes += doubled ? 0 : text[at] switch { '{' => 1, '}' => -1, _ => 0 };
            at += doubled || (holes == 0 && text[at] == '\\') ? 2 : 1;
        }

        return at + 1;
    }
}
