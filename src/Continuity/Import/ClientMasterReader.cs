using System.Text.RegularExpressions;
using Backup.Continuity.ReferenceData;

namespace Backup.Continuity.Import;

/// <summary>Reads the back office's client master: <c>client_id,name,pan,mobile,email,segments,status</c>.</summary>
/// <remarks>What a bad row holds of a person is told by its shape only: letters as A, digits as 9.</remarks>
internal static partial class ClientMasterReader
{
    private static readonly string[] Columns = ["client_id", "name", "pan", "mobile", "email", "segments", "status"];
    private static readonly string[] KnownSegments = ["NSE", "NFO", "BSE", "BFO", "CDS", "BCD", "MCX"];

    public static void Read(SourceFile file, Dictionary<string, Client> clients)
    {
        foreach (var client in file.Rows([Columns], (row, _) => ReadRow(row, clients)))
        {
            clients.Add(client.Id, client);
        }
    }

    private static Client ReadRow(SourceRow row, Dictionary<string, Client> clients)
    {
        var id = ClientId(row);
        if (clients.ContainsKey(id))
        {
            throw row.Refuse("client_id", id, "each client once");
        }

        var name = row.Required("name", "a name");
        return new Client(
            id,
            name,
            Matched(row, "pan", Pan(), "a PAN: five letters, four digits, a letter"),
            Matched(row, "mobile", Mobile(), "10 digits"),
            Matched(row, "email", Email(), "an e-mail address"),
            Segments(row),
            row.Text("status") switch
            {
                "ACTIVE" => ClientStatus.Active,
                "INACTIVE" => ClientStatus.Inactive,
                "BLOCKED" => ClientStatus.Blocked,
                var found => throw row.Refuse("status", found, "ACTIVE, INACTIVE or BLOCKED"),
            });
    }

    /// <summary>The client id of a row of any of our own files.</summary>
    public static string ClientId(SourceRow row)
    {
        var id = row.Text("client_id");
        return Id().IsMatch(id) ? id : throw row.Refuse("client_id", id, "1 to 10 upper-case letters and digits");
    }

    private static string Matched(SourceRow row, string column, Regex form, string expected)
    {
        var text = row.Text(column);
        return form.IsMatch(text) ? text : throw row.Refuse(column, ShapeOf(text), expected);
    }

    private static string[] Segments(SourceRow row)
    {
        var segments = row.Text("segments").Split('|', StringSplitOptions.TrimEntries);
        return Array.TrueForAll(segments, segment => KnownSegments.Contains(segment, StringComparer.Ordinal))
            ? segments
            : throw row.Refuse("segments", row.Text("segments"), "segments such as NSE|NFO");
    }

    private static string ShapeOf(string text) =>
        string.Concat(text.Take(40).Select(static c => char.IsDigit(c) ? '9' : char.IsLetter(c) ? 'A' : c));

    [GeneratedRegex("^[A-Z0-9]{1,10}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Id();

    [GeneratedRegex("^[A-Z]{5}[0-9]{4}[A-Z]$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pan();

    [GeneratedRegex("^[0-9]{10}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Mobile();

    [GeneratedRegex("^[^@ ]{1,64}@[A-Za-z0-9.-]{1,190}[.][A-Za-z]{2,24}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Email();
}
