using System.Net;
using System.Text.Json.Nodes;
using Backup.Account.Domain;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using Xunit;

namespace Backup.Gateway.Api.Tests.ApiDescription;

/// <summary>GET /openapi.json is what the door does: every route, every answer, every no.</summary>
public sealed class ApiDocumentTests(WrittenOnce written) : IClassFixture<WrittenOnce>
{
    /// <summary>The document tells of it in words: its protocol is SignalR's.</summary>
    private const string Hub = "/hub/";

    private static readonly RefusalCode[] OfOperators = [RefusalCode.DayOpenedFromOtherData, RefusalCode.OrderNotUnknown, RefusalCode.ConfirmationMissing];

    private readonly TradersDoor _door = written.Door;
    private readonly JsonNode _document = written.Document;

    [Fact]
    public void It_is_valid_OpenAPI_3_1()
    {
        var (document, diagnostic) = OpenApiDocument.Parse(_document.ToJsonString(), "json");

        Assert.Empty(diagnostic!.Errors);
        Assert.Empty(diagnostic.Warnings);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, diagnostic.SpecificationVersion);
        Assert.Equal("Backup trading", document!.Info.Title);
        Assert.Empty(document.Validate(ValidationRuleSet.GetDefaultRuleSet()));
    }

    [Fact]
    public void Every_route_is_in_it_and_nothing_else()
    {
        var mapped = _door.Routes
            .Where(route => route.Metadata.GetMetadata<IHttpMethodMetadata>() is not null && route.Order < int.MaxValue && !$"{route.RoutePattern.RawText}/".Contains(Hub, StringComparison.Ordinal))
            .SelectMany(route => route.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Select(method => Named($"{method} /{route.RoutePattern.RawText!.TrimStart('/')}")));

        Assert.Equal(mapped.Order(StringComparer.Ordinal), Operations().Select(operation => operation.Name).Order(StringComparer.Ordinal));
        Assert.Contains("/hub/portfolio", (string)_document["info"]!["description"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_operation_has_words_and_says_whether_it_needs_a_token()
    {
        var open = _door.Routes.Where(route => route.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(route => "/" + route.RoutePattern.RawText!.TrimStart('/')).ToHashSet();

        Assert.All(Operations(), operation =>
        {
            Assert.False(string.IsNullOrWhiteSpace((string?)operation.Node["summary"]), operation.Name);
            Assert.False(string.IsNullOrWhiteSpace((string?)operation.Node["description"]), operation.Name);
            Assert.All(operation.Node["parameters"]?.AsArray() ?? [], parameter => Assert.NotNull(parameter!["description"]));
            Assert.Equal(!open.Contains(operation.Name[(operation.Name.IndexOf('/', StringComparison.Ordinal))..]), operation.Node["security"]!.AsArray().Count == 1);
        });
    }

    [Fact]
    public void Every_refusal_that_a_client_can_meet_is_an_example_and_fits_the_schema_of_a_no()
    {
        var check = new SchemaCheck(_document);
        var examples = (
            from operation in Operations()
            from response in operation.Node["responses"]!.AsObject()
            from example in response.Value!["content"]?["application/json"]?["examples"]?.AsObject() ?? []
            select (operation.Name, Status: response.Key, Media: response.Value!["content"]!["application/json"]!, Value: example.Value!["value"]!)).ToArray();

        Assert.All(examples, example => Assert.Null(check.Fault(example.Media["schema"]!, example.Value)));
        Assert.Equal(
            Enum.GetValues<RefusalCode>().Except(OfOperators),
            examples.Select(example => example.Value["data"]?["code"]).OfType<JsonNode>().Select(code => (RefusalCode)(int)code).Distinct().Order());
    }

    [Fact]
    public void What_the_catalogue_holds_of_a_client_is_in_the_document_word_by_word()
    {
        var catalogue = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "docs", "refusals.json")))!;

        Assert.All(catalogue["refusals"]!.AsArray().Where(entry => entry!["status"] is not null), entry =>
        {
            var operation = Operations().Single(operation => operation.Name == Named((string)entry!["operation"]!));
            var examples = operation.Node["responses"]![entry!["status"]!.ToString()]!["content"]!["application/json"]!["examples"]!.AsObject();
            Assert.Contains(examples, example => JsonNode.DeepEquals(example.Value!["value"], entry["answer"]));
        });
    }

    [Fact]
    public void The_requests_of_the_catalogue_have_the_fields_that_the_document_describes()
    {
        var catalogue = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "docs", "refusals.json")))!;
        var check = new SchemaCheck(_document);

        Assert.All(catalogue["refusals"]!.AsArray().Where(entry => entry!["request"] is not null), entry =>
        {
            var operation = Operations().Single(operation => operation.Name == Named((string)entry!["operation"]!));
            Assert.Null(check.Fault(operation.Node["requestBody"]!["content"]!["application/json"]!["schema"]!, entry!["request"]));
        });
    }

    [Fact]
    public async Task Every_yes_fits_its_schema()
    {
        var check = new SchemaCheck(_document);
        var withJson = new HashSet<string>(StringComparer.Ordinal);
        foreach (var sample in Samples.Everything)
        {
            var answer = await sample.AskAsync();
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            var operation = Operations().Single(operation => operation.Name == Named(sample.Operation)).Node;
            var fault = check.Fault(operation["responses"]!["200"]!["content"]!["application/json"]!["schema"]!, answer.Body);
            Assert.True(fault is null, $"{sample.Operation}: {fault}");
            withJson.Add(Named(sample.Operation));
        }

        Assert.Equal(
            Operations().Where(operation => operation.Name != "GET /openapi.json" && operation.Node["responses"]!["200"]?["content"]?["application/json"] is not null)
                .Select(operation => operation.Name).Order(StringComparer.Ordinal),
            withJson.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_body_that_it_gives_as_an_example_fits_its_schema_and_is_answered_with_yes()
    {
        var bodies =
            from operation in Operations()
            let media = operation.Node["requestBody"]?["content"]?["application/json"]
            from example in media?["examples"]?.AsObject() ?? []
            select (operation.Name, Schema: media["schema"]!, Body: example.Value!["value"]!);
        Assert.NotEmpty(bodies);
        foreach (var (name, schema, body) in bodies)
        {
            Assert.Null(new SchemaCheck(_document).Fault(schema, body));
            var path = name[(name.IndexOf(' ', StringComparison.Ordinal) + 1)..].Replace("{variety}", "regular", StringComparison.Ordinal);
            var sample = new Sample(name, path, body.ToJsonString()) { Before = path.Contains("{orderId}", StringComparison.Ordinal) ? Refusals.Situations.ExitOneLot : null };
            Assert.Equal(HttpStatusCode.OK, (await sample.AskAsync()).Status);
        }
    }

    [Fact]
    public async Task It_is_the_same_for_everybody_and_has_the_security_headers()
    {
        var first = await _door.SendAsync("GET", "/openapi.json", null);
        var again = await _door.SendAsync("GET", "/openapi.json", "DEMO02");

        Assert.Equal((HttpStatusCode.OK, "application/json"), (first.Status, first.Headers["Content-Type"]));
        Assert.Equal(first.Body.ToJsonString(), again.Body.ToJsonString());
        Pages.HasSecurityHeaders(first);
    }

    /// <summary>The one route that stands under another name, because /orders/{orderId} is the same address to OpenAPI.</summary>
    private static string Named(string route) => route == "POST /orders/{variety}" ? "POST /orders/regular" : route;

    private IEnumerable<(string Name, JsonNode Node)> Operations() =>
        from path in _document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select ($"{operation.Key.ToUpperInvariant()} {path.Key}", operation.Value!);
}

/// <summary>A door and its document, for all the tests that only read them.</summary>
public sealed class WrittenOnce : IAsyncLifetime
{
    internal TradersDoor Door { get; private set; } = null!;

    internal JsonNode Document { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Door = await TradersDoor.OpenAsync();
        Document = (await Door.SendAsync("GET", "/openapi.json", null)).Body;
    }

    public ValueTask DisposeAsync() => Door.DisposeAsync();
}

/// <summary>The page that shows the document to people.</summary>
public sealed class ApiDocsPageTests
{
    private static readonly string PublicFiles = Path.Combine(Repository.Root, "src", "Gateway.Web", "public");

    [Fact]
    public async Task The_page_is_served_with_the_security_headers_and_without_a_token()
    {
        await using var door = await TradersDoor.OpenAsync(webRoot: PublicFiles);

        var page = await door.SendAsync("GET", "/api-docs", null);

        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.Status, page.Headers["Content-Type"]));
        Assert.Contains("<title>", (string)page.Body["text"]!, StringComparison.Ordinal);
        Pages.HasSecurityHeaders(page);
        Pages.HasSecurityHeaders(await door.SendAsync("GET", "/api-docs/open.js", null));
    }

    [Fact]
    public async Task Without_a_web_root_there_is_the_document_and_no_page()
    {
        await using var door = await TradersDoor.OpenAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await door.SendAsync("GET", "/api-docs/", null)).Status);
        Assert.Equal(HttpStatusCode.OK, (await door.SendAsync("GET", "/openapi.json", null)).Status);
    }

    [Fact]
    public void The_page_has_no_script_or_style_in_it_and_names_nothing_outside()
    {
        var page = File.ReadAllText(Path.Combine(PublicFiles, "api-docs", "index.html"));

        Assert.DoesNotContain("://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<style", page, StringComparison.Ordinal);
        Assert.All(page.Split("<script").Skip(1), script => Assert.StartsWith(" src=\"./", script, StringComparison.Ordinal));
    }
}

internal static class Pages
{
    internal static void HasSecurityHeaders(Answer answer)
    {
        Assert.Contains("default-src 'self'", answer.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal(
            ("nosniff", "no-referrer", "DENY"), (answer.Headers["X-Content-Type-Options"], answer.Headers["Referrer-Policy"], answer.Headers["X-Frame-Options"]));
    }
}
