using System.Text.Json.Nodes;
using Backup.Gateway.Api.Kite;
using Backup.Gateway.Api.Login;
using Backup.Gateway.Api.Login.Totp;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Backup.Gateway.Api.Description;

/// <summary>Writes what is said once for all operations: title, token, groups, and the envelope of a no.</summary>
internal static class DescribedDocument
{
    internal const string Token = "token";

    private const string About =
        """
        The backup of a broker's trading site: positions are exited and orders cancelled here, nothing else. Shaped like Kite Connect v3.

        **Numbers.** Quantities are units, prices are rupees. Times of Kite's fields are India time without a zone; all others carry theirs.

        **Token.** Everything but the login itself and System needs one: `Authorization: Bearer TOKEN`, from `POST /session/token`, good for minutes and renewed with
        `POST /session/renew`. It opens one account, its own. The broker's people have theirs from `POST /session/staff`: the dealing desk and auditors name the
        client with each request, in `X-Act-For`, and the desk the recorded call or mail in which he asked for a change, in `X-Evidence`.

        **Yes and no.** `{"status": "success", "data": ...}`, or `{"status": "error", "message", "error_type", "data"}`. A yes is durable when it arrives. A no of the
        rulebook carries in `data` a `code` that is never used again for another reason, its name, and the facts that decided; each is an example below, as the system
        answered it.

        **The same request again.** Silence is answered by asking again with the same `Idempotency-Key`: an exit is never done twice.

        **The live stream** is a SignalR hub at `/hub/portfolio` (WebSockets, JSON), with the token in the query's `access_token`. Call the streaming method
        `Portfolio(afterSequence, streamId)`: with two nulls it begins with a `snapshot`; with the last `sequence` and `stream_id` it resumes. Each message has `kind`,
        `stream_id`, `sequence`, `from_sequence`, `server_time`, `positions`, `orders` and `prices`: a `snapshot` replaces everything, a `delta` holds what changed after
        `from_sequence` (positions and orders as GET shows them), `prices` holds new prices only, a `heartbeat` nothing. The stream ends with the token.
        """;

    private static readonly (string Name, string About)[] Tags =
    [
        ("Exits", "From a preview to a flat position."),
        ("Orders", "What works at the exchange, and its change and cancel."),
        ("Portfolio", "What is held, and by whom."),
        ("Market", "Instruments and their prices."),
        ("Login", "By one-time code, without the main site; sessions and the authenticator app."),
        ("System", "Open to everybody."),
    ];

    internal static string TagOf(string path) => path.Split('/')[1] switch
    {
        "user" when path.StartsWith("/user/totp", StringComparison.Ordinal) => "Login",
        "exits" => "Exits",
        "orders" or "trades" => "Orders",
        "portfolio" or "user" => "Portfolio",
        "quote" or "instruments" or "ws" => "Market",
        "session" => "Login",
        _ => "System",
    };

    internal static async Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken stop)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Backup trading",
            Version = context.ApplicationServices.GetRequiredService<SystemVersion>().Text,
            Description = About.ReplaceLineEndings("\n"),
        };
        NamePlacing(document);
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Tags = new HashSet<OpenApiTag>(Tags.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.About }));
        document.AddComponent<IOpenApiSecurityScheme>(Token, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "From POST /session/token. Kite's form, `Authorization: token api_key:access_token`, is understood too; its api_key is not looked at.",
        });

        var failure = await context.GetOrCreateSchemaAsync(typeof(Failure), null, stop);
        failure.Properties!["error_type"] = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Description = "One of Kite's error types, or our ReduceOnlyException.",
            Enum = [.. RefusalCatalogue.ErrorTypes.Select(type => JsonValue.Create(type))],
        };
        var data = new List<IOpenApiSchema>();
        foreach (var facts in new[] { typeof(RefusalFacts), typeof(TriesLeft), typeof(LockedOut), typeof(OtherCodeWanted) })
        {
            var schema = await context.GetOrCreateSchemaAsync(facts, null, stop);
            document.AddComponent<IOpenApiSchema>(facts.Name, schema);
            data.Add(new OpenApiSchemaReference(facts.Name, document));
        }

        failure.Properties["data"] = new OpenApiSchema { AnyOf = [.. data, new OpenApiSchema { Type = JsonSchemaType.Null }], Description = "The facts that decided, where there are any." };
        document.AddComponent<IOpenApiSchema>(nameof(Failure), failure);
    }

    /// <summary>To OpenAPI /orders/{variety} and /orders/{orderId} are one address under two names, so the first stands here with the one value that it takes.</summary>
    private static void NamePlacing(OpenApiDocument document)
    {
        if (document.Paths.Remove("/orders/{variety}", out var placing))
        {
            var operation = placing.Operations![HttpMethod.Post];
            operation.Parameters!.Remove(operation.Parameters.Single(parameter => parameter.Name == "variety"));
            document.Paths["/orders/regular"] = placing;
        }
    }
}
