using System.Globalization;
using System.Text.Json.Nodes;
using Backup.Gateway.Api.Access;
using Backup.Gateway.Api.Kite;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Backup.Gateway.Api.Description;

/// <summary>Writes one operation: words, token, parameters, body, yes, and every no that it may be told.</summary>
internal static class DescribedOperation
{
    private const string Json = "application/json";
    private const string Form = "application/x-www-form-urlencoded";

    internal static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken stop)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var text = metadata.OfType<EndpointText>().Single();
        var needsToken = !metadata.OfType<IAllowAnonymous>().Any();
        var path = "/" + context.Description.RelativePath;
        operation.OperationId = text.Id;
        operation.Summary = text.Summary;
        operation.Description = text.About;
        operation.Tags = new HashSet<OpenApiTagReference> { new(DescribedDocument.TagOf(path), context.Document) };
        operation.Security = needsToken ? [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(DescribedDocument.Token, context.Document)] = [] }] : [];
        var reach = metadata.OfType<Reach>().SingleOrDefault();
        DescribedParameter.Describe(operation, path, reach);
        var shown = operation.Responses ?? [];
        if (text.Fields is not null)
        {
            var schema = SchemaOf(shown, DescribedEndpoint.FieldsStatus);
            operation.RequestBody = new OpenApiRequestBody
            {
                Description = "As JSON, or as a form as Kite's clients send it.",
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType> { [Json] = new() { Schema = schema }, [Form] = new() { Schema = schema } },
            };
        }

        foreach (var media in operation.RequestBody?.Content?.Where(media => media.Key == Json && text.Requests.Length > 0) ?? [])
        {
            media.Value.Examples = text.Requests.ToDictionary(
                request => request.Does, IOpenApiExample (request) => new OpenApiExample { Value = JsonNode.Parse(request.Body) }, StringComparer.Ordinal);
        }

        operation.Responses = Yes(text, shown) is { } yes ? new OpenApiResponses { ["200"] = yes } : [];
        if (text == EndpointTexts.Ticker)
        {
            operation.Responses["101"] = new OpenApiResponse { Description = "The connection speaks WebSocket from now on." };
        }

        var noes = RefusalCatalogue.Of($"{context.Description.HttpMethod} {path}", needsToken, text.IsOfAccount, reach);
        foreach (var status in noes.GroupBy(no => no.Status).OrderBy(status => status.Key))
        {
            operation.Responses[status.Key.ToString(CultureInfo.InvariantCulture)] = No(status.Key, [.. status], context.Document!);
        }

        return Task.CompletedTask;
    }

    private static IOpenApiSchema SchemaOf(OpenApiResponses shown, int status) =>
        shown[status.ToString(CultureInfo.InvariantCulture)].Content![Json].Schema!;

    /// <summary>Null where the answer is always no.</summary>
    private static OpenApiResponse? Yes(EndpointText text, OpenApiResponses shown)
    {
        IOpenApiSchema[] schemas = [.. text.Answers.Select((_, at) => SchemaOf(shown, DescribedEndpoint.FirstYes + at))];
        return schemas.Length switch
        {
            0 when text.MediaType is { } other => new OpenApiResponse { Description = "What was asked for.", Content = new Dictionary<string, OpenApiMediaType> { [other] = new() } },
            0 when text == EndpointTexts.Document => Answered(new OpenApiSchema { Type = JsonSchemaType.Object }),
            0 => null,
            1 => Answered(schemas[0]),
            _ => Answered(new OpenApiSchema { AnyOf = schemas }),
        };
    }

    private static OpenApiResponse Answered(IOpenApiSchema schema) =>
        new() { Description = "Done, or what was asked for.", Content = new Dictionary<string, OpenApiMediaType> { [Json] = new() { Schema = schema } } };

    private static OpenApiResponse No(int status, AnsweredNo[] noes, OpenApiDocument document)
    {
        var types = noes.Select(no => no.ErrorType).Distinct().Order(StringComparer.Ordinal);
        var examples = new Dictionary<string, IOpenApiExample>(StringComparer.Ordinal);
        foreach (var no in noes)
        {
            var same = noes.TakeWhile(other => other != no).Count(other => other.Name == no.Name);
            examples[same == 0 ? no.Name : $"{no.Name}{same + 1}"] = new OpenApiExample { Summary = $"{no.Name}: {no.When}", Value = no.Answer.DeepClone() };
        }

        var response = new OpenApiResponse
        {
            Description = $"{string.Join(", ", types)}.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [Json] = new() { Schema = new OpenApiSchemaReference(nameof(Failure), document), Examples = examples },
            },
        };
        if (status is 429 or 503)
        {
            response.Headers = new Dictionary<string, IOpenApiHeader>
            {
                ["Retry-After"] = new OpenApiHeader
                {
                    Description = "Seconds until the same request may be answered otherwise; absent where waiting is no help by itself.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
                },
            };
        }

        return response;
    }
}

/// <summary>Words for the few parameters that there are.</summary>
internal static class DescribedParameter
{
    private const string Key = "Idempotency-Key";
    private const string InstrumentsAsked = "i";

    internal static void Describe(OpenApiOperation operation, string path, Reach? reach)
    {
        operation.Parameters ??= [];
        foreach (var header in HeadersOf(reach))
        {
            operation.Parameters.Add(new OpenApiParameter { Name = header, In = ParameterLocation.Header });
        }

        foreach (var part in path.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}')).Reverse())
        {
            // A part of the address that no handler looks at is a parameter all the same.
            if (operation.Parameters.All(parameter => parameter.Name != part))
            {
                operation.Parameters.Insert(0, new OpenApiParameter { Name = part, In = ParameterLocation.Path, Required = true });
            }
        }

        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>())
        {
            Describe(parameter, isKeyRequired: path == "/exits");
        }
    }

    /// <summary>What the broker's people send beside; nothing of it is a client's.</summary>
    private static string[] HeadersOf(Reach? reach) => reach switch
    {
        null or { Named: ClientNamed.Never } => [],
        { NeedsEvidence: true } => [RoleCheck.ActForHeader, RoleCheck.EvidenceHeader],
        _ => [RoleCheck.ActForHeader],
    };

    private static void Describe(OpenApiParameter parameter, bool isKeyRequired)
    {
        var (about, example) = parameter.Name switch
        {
            Key => ("Names this exit, new for each: 1 to 64 letters, digits, - or _. Silence is answered by asking again with the same one.", "exit-2026-11-20-1"),
            RoleCheck.ActForHeader => ("Of the dealing desk and auditors only: the client for whom they ask.", "DEMO01"),
            RoleCheck.EvidenceHeader => ("Of the dealing desk only: the reference of the recorded call or mail in which the client asked for this.", "CALL-2026-11-20-0417"),
            "confirm" => ("The name of the warning that a refusal gave in `confirm`.", "leaves_unprotected"),
            "orderId" => ("Our number of the order, from GET /orders.", "DEMO01-17"),
            "after" => ("The `sequence` of the last answer.", "17"),
            "stream" => ("The `stream_id` of the last answer.", "2026-11-20"),
            "exitId" => ("The Idempotency-Key that began the exit.", "exit-2026-11-20-1"),
            "exchange" => ("NSE or NFO.", "NFO"),
            "segment" => ("Kite's segment of funds.", "equity"),
            InstrumentsAsked => ("EXCHANGE:TRADINGSYMBOL; once for each instrument.", "NSE:INFY"),
            "variety" => ("Kite's variety. A new order must be regular; for one that is there, its number is what counts.", "regular"),
            _ => throw new InvalidOperationException($"no words for the parameter {parameter.Name}"),
        };
        parameter.Description = about;
        parameter.Example = JsonValue.Create(example);
        parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.String };
        if (parameter.Name == InstrumentsAsked)
        {
            parameter.Example = new JsonArray(example);
            parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } };
        }

        if (parameter.Name == Key)
        {
            parameter.Required = isKeyRequired;
            parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[A-Za-z0-9_-]{1,64}$" };
        }
    }
}
