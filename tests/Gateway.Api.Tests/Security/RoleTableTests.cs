using System.Text.RegularExpressions;
using Backup.Gateway.Api.Login;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace Backup.Gateway.Api.Tests.Security;

/// <summary>docs/roles.md is what the door does: every endpoint that is mapped, asked as everybody of the table.</summary>
public sealed partial class RoleTableTests : IAsyncLifetime
{
    private const string Nobody = "without a token";
    private static readonly (string, string)[] ActFor = [("X-Act-For", "DEMO01")];
    private static readonly (string, string)[] WithEvidence = [("X-Act-For", "DEMO01"), ("X-Evidence", "CALL-1")];
    private TradersDoor _door = null!;
    private int _sessions;

    /// <param name="Cells">By column.</param>
    private sealed record Row(string Method, string Route, IReadOnlyDictionary<string, string> Cells);

    public async ValueTask InitializeAsync() => _door = await TradersDoor.OpenAsync();

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Fact]
    public void Every_endpoint_is_in_the_table_and_the_table_has_no_other() => Assert.Equal(
        Walk.Endpoints(_door).Select(endpoint => $"{endpoint.Method} {endpoint.Route}").Order(StringComparer.Ordinal),
        Table().Select(row => $"{row.Method} {row.Route}").Order(StringComparer.Ordinal));

    [Fact]
    public void Every_role_has_a_column_and_nobody_else() => Assert.Equal([Nobody, Roles.Trader, .. Roles.OfStaff], Table()[0].Cells.Keys);

    [Fact]
    public async Task Everybody_gets_in_where_the_table_says_so_and_nowhere_else()
    {
        var wrong = new List<string>();
        foreach (var row in Table())
        {
            foreach (var (who, cell) in row.Cells)
            {
                var found = await ReachAsync(row, who);
                wrong.AddRange(found == cell ? [] : [$"{row.Method} {row.Route}, {who}: the table says {cell}, the door {found}"]);
            }
        }

        Assert.Empty(wrong);
    }

    /// <summary>As the table has it: what the door says without a client, with one, and with evidence.</summary>
    private async Task<string> ReachAsync(Row row, string who)
    {
        var said = (await AskAsync(row, who), await AskAsync(row, who, ActFor), await AskAsync(row, who, WithEvidence));
        return said switch
        {
            ("in", "in", "in") => "yes",
            ("in", "clients may not name a client", "clients may not name a client") when who == Roles.Trader => "yes",
            ("in", "own login only", "own login only") => "own",
            ("client wanted", "in", "in") => "for a client",
            ("client wanted", "evidence wanted", "in") => "with evidence",
            ("not this role", "not this role", "not this role") or ("token wanted", "token wanted", "token wanted") => "no",
            _ => said.ToString(),
        };
    }

    private async Task<string> AskAsync(Row row, string who, params (string, string)[] headers)
    {
        // A session of its own each: a logout is among them.
        var subject = who == Roles.Trader ? "DEMO01" : $"staff:{who}";
        var token = who == Nobody ? null : _door.TokenOf(subject, $"{_sessions++}");
        var answer = await _door.SendWithTokenAsync(Walk.MethodOf(row.Method), Walk.PathOf(row.Route), token, row.Method is "GET" or "HEAD" ? null : "{}", headers: headers);
        return (answer.ErrorType, (string?)answer.Body["message"] ?? "") switch
        {
            ("TokenException", "Log in first: this address needs an access token.") => "token wanted",
            ("PermissionException", var message) when message.StartsWith($"Your role, {who}, does not reach this.", StringComparison.Ordinal) => "not this role",
            ("PermissionException", var message) when message.StartsWith("X-Act-For and X-Evidence are for the broker's own people", StringComparison.Ordinal) => "clients may not name a client",
            ("PermissionException", var message) when message.StartsWith("X-Act-For is not taken here", StringComparison.Ordinal) => "own login only",
            ("InputException", var message) when message.StartsWith("X-Act-For: expected", StringComparison.Ordinal) => "client wanted",
            ("InputException", var message) when message.StartsWith("X-Evidence: expected", StringComparison.Ordinal) => "evidence wanted",
            _ => "in",
        };
    }

    private static Row[] Table()
    {
        var lines = File.ReadLines(Path.Combine(Repository.Root, "docs", "roles.md")).ToArray();
        var columns = CellsOf(lines.Single(line => line.StartsWith("| endpoint |", StringComparison.Ordinal)))[1..];
        return
        [
            .. lines.Select(line => (Match: RowOf().Match(line), Line: line)).Where(row => row.Match.Success).Select(row => new Row(
                row.Match.Groups["method"].Value, row.Match.Groups["route"].Value, columns.Zip(CellsOf(row.Line)[1..]).ToDictionary(cell => cell.First, cell => cell.Second))),
        ];
    }

    private static string[] CellsOf(string line) => [.. line.Trim('|').Split('|').Select(cell => cell.Trim())];

    [GeneratedRegex(@"^\| `(?<method>[A-Z]+) (?<route>/[^`]*)` \|", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RowOf();
}

/// <summary>Every endpoint that is mapped, by method and route.</summary>
internal static partial class Walk
{
    private const string Any = "ANY";

    internal static IReadOnlyList<(string Method, string Route)> Endpoints(TradersDoor door) =>
    [
        .. door.Routes
            .SelectMany(route => (route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [Any]).Select(method => (method, "/" + route.RoutePattern.RawText!.TrimStart('/'))))
            .Where(endpoint => endpoint.method != "OPTIONS")
            .Distinct(),
    ];

    /// <summary>The method that is sent; of an endpoint that takes any, one that has a body.</summary>
    internal static string MethodOf(string method) => method == Any ? "POST" : method;

    /// <summary>An address of the route, with something for each of its parts.</summary>
    internal static string PathOf(string route) => Part().Replace(route, part => part.Value switch
    {
        "{variety}" => "regular",
        "{orderId}" => "DEMO01-3",
        "{exchange}" => "NSE",
        "{segment}" => "equity",
        _ => "one",
    });

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.None, 1000)]
    private static partial Regex Part();
}
