using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace Backup.Gateway.Api.Tests.Security;

/// <summary>docs/roles.md is what the door does: every endpoint that is mapped, asked as everybody of the table.</summary>
public sealed partial class RoleTableTests : IAsyncLifetime
{
    private TradersDoor _door = null!;

    private sealed record Row(string Method, string Route, bool IsOpen, bool IsTraders);

    public async ValueTask InitializeAsync() => _door = await TradersDoor.OpenAsync();

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Fact]
    public void Every_endpoint_is_in_the_table_and_the_table_has_no_other() => Assert.Equal(
        Walk.Endpoints(_door).Select(endpoint => $"{endpoint.Method} {endpoint.Route}").Order(StringComparer.Ordinal),
        Table().Select(row => $"{row.Method} {row.Route}").Order(StringComparer.Ordinal));

    [Fact]
    public async Task Everybody_gets_in_where_the_table_says_so_and_nowhere_else()
    {
        var rows = Table();
        Assert.Contains(rows, row => !row.IsOpen);
        foreach (var row in rows)
        {
            Assert.True(row.IsTraders, $"{row.Method} {row.Route} is nobody's");
            Assert.True(row.IsOpen != await IsShutAsync(row, null), $"{row.Method} {row.Route} without a token");

            // A session of its own each: a logout is among them.
            var token = _door.Tokens.Issue("DEMO01", row.Route, _door.World.Options.TokenLifetime, _door.World.Clock.GetUtcNow());
            Assert.False(await IsShutAsync(row, token), $"{row.Method} {row.Route} is shut to a trader");
        }
    }

    private async Task<bool> IsShutAsync(Row row, string? token)
    {
        var answer = await _door.SendWithTokenAsync(Walk.MethodOf(row.Method), Walk.PathOf(row.Route), token, row.Method is "GET" or "HEAD" ? null : "{}");
        return answer.ErrorType is "TokenException" or "PermissionException" && (string?)answer.Body["message"] == "Log in first: this address needs an access token.";
    }

    private static Row[] Table() =>
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "docs", "roles.md"))
            .Select(line => RowOf().Match(line))
            .Where(match => match.Success)
            .Select(match => new Row(match.Groups["method"].Value, match.Groups["route"].Value, match.Groups["open"].Value == "yes", match.Groups["trader"].Value == "yes")),
    ];

    [GeneratedRegex(@"^\| `(?<method>[A-Z]+) (?<route>/[^`]*)` \| (?<open>yes|no) \| (?<trader>yes|no) \|$", RegexOptions.ExplicitCapture, 1000)]
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
