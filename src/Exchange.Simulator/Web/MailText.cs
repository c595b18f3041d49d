using System.Text;
using System.Text.RegularExpressions;

namespace Backup.Exchange.Simulator.Web;

/// <summary>Takes subject and readable text out of a mail's lines: enough for plain mails, folded headers and the two common encodings.</summary>
internal static partial class MailText
{
    public static (string Subject, string Text) Read(IReadOnlyList<string> lines)
    {
        var end = 0;
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        string? last = null;
        for (; end < lines.Count && lines[end].Length > 0; end++)
        {
            var line = lines[end];
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (line[0] is ' ' or '\t' && last is not null)
            {
                headers[last] += line.TrimStart();
            }
            else if (colon > 0)
            {
                last = line[..colon];
                headers[last] = line[(colon + 1)..].Trim();
            }
        }

        var body = string.Join('\n', lines.Skip(end + 1)).TrimEnd();
        var encoding = headers.GetValueOrDefault("Content-Transfer-Encoding", "").ToUpperInvariant();
        return (Words(headers.GetValueOrDefault("Subject", "")), Decode(body, encoding));
    }

    private static string Decode(string body, string encoding)
    {
        try
        {
            return encoding switch
            {
                "BASE64" => Encoding.UTF8.GetString(Convert.FromBase64String(body)),
                "QUOTED-PRINTABLE" => Quoted(body.Replace("=\n", "", StringComparison.Ordinal)),
                _ => body,
            };
        }
        catch (FormatException)
        {
            return body;
        }
    }

    private static string Words(string subject) => EncodedWord().Replace(subject, match =>
    {
        var text = match.Groups["text"].Value;
        return match.Groups["form"].Value is "B" or "b"
            ? Decode(text, "BASE64")
            : Quoted(text.Replace('_', ' '));
    });

    private static string Quoted(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '=' && at + 2 < text.Length && byte.TryParse(text.AsSpan(at + 1, 2), System.Globalization.NumberStyles.HexNumber, null, out var value))
            {
                bytes.Add(value);
                at += 2;
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes([text[at]]));
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    [GeneratedRegex(@"=\?[^?]+\?(?<form>[BbQq])\?(?<text>[^?]*)\?=", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EncodedWord();
}
