using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Backup.Gateway.Api.Description;

/// <summary>GET /openapi.json: the trader's door, described for programs and their authors.</summary>
internal static class ApiDocument
{
    internal const string Name = "trader";

    internal static void AddApiDocument(this IServiceCollection services)
    {
        services.AddOpenApi(Name, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.CreateSchemaReferenceId = type => OpenApiOptions.CreateDefaultSchemaReferenceId(type)?.Replace("IReadOnlyListOf", "ListOf", StringComparison.Ordinal);
            options.ShouldInclude = endpoint => endpoint.ActionDescriptor.EndpointMetadata.OfType<EndpointText>().Any();
            options.AddOperationTransformer(DescribedOperation.DescribeAsync);
            options.AddDocumentTransformer(DescribedDocument.DescribeAsync);
            options.AddSchemaTransformer(DescribedSchema.DescribeAsync);
        });
        services.AddSingleton<WrittenDocument>();
    }

    internal static void MapApiDocument(this IEndpointRouteBuilder routes) => routes
        .MapGet("/openapi.json", async (WrittenDocument document) => Results.Bytes(await document.BytesAsync(), "application/json"))
        .AllowAnonymous()
        .Describe(EndpointTexts.Document);
}

/// <summary>The document as bytes. It is the same for everybody and for as long as the process lives, so it is made once.</summary>
internal sealed class WrittenDocument([FromKeyedServices(ApiDocument.Name)] IOpenApiDocumentProvider provider)
{
    private byte[]? _bytes;

    /// <summary>Two first callers may both make it, alike.</summary>
    internal async ValueTask<byte[]> BytesAsync()
    {
        if (_bytes is null)
        {
            var document = await provider.GetOpenApiDocumentAsync(CancellationToken.None);
            using var written = new MemoryStream();
            await document.SerializeAsJsonAsync(written, OpenApiSpecVersion.OpenApi3_1, CancellationToken.None);
            _bytes = written.ToArray();
        }

        return _bytes;
    }
}
