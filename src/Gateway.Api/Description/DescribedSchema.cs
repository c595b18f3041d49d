using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Backup.Gateway.Api.Kite;
using Backup.Gateway.Api.Login;
using Backup.Gateway.Api.Login.Sessions;
using Backup.Gateway.Api.Login.Totp;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Backup.Gateway.Api.Description;

/// <summary>Adds to a schema what the type alone does not say: which values, which fields, and how strictly.</summary>
internal static class DescribedSchema
{
    /// <summary>What we read: unknown fields are refused, and a field is needed only where it says so. All else is what we write, with every field.</summary>
    private static readonly HashSet<Type> Read =
    [
        typeof(CodeRequest), typeof(TokenFields), typeof(RequestTokenRequest), typeof(RefreshFields), typeof(RevokeRequest), typeof(ConfirmRequest), typeof(RemoveRequest), typeof(ExitRequest), typeof(ExitPosition), typeof(ExitGroup), typeof(StopRequest), typeof(OrderFields),
        typeof(OrderChangeFields), typeof(ProductChange),
    ];

    internal static Task DescribeAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken stop)
    {
        if (context.JsonTypeInfo.Type == typeof(decimal) || context.JsonTypeInfo.Type == typeof(decimal?))
        {
            schema.Format = null;
        }

        if (context.JsonPropertyInfo is { } property)
        {
            Limit(schema, property);
        }

        if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object && schema.Properties is { Count: > 0 } fields)
        {
            var isRead = Read.Contains(context.JsonTypeInfo.Type);
            schema.AdditionalPropertiesAllowed = !isRead;
            schema.Required = context.JsonTypeInfo.Properties
                .Where(field => fields.ContainsKey(field.Name) && (!isRead || AttributeOf<RequiredAttribute>(field) is not null))
                .Select(field => field.Name)
                .ToHashSet(StringComparer.Ordinal);
        }

        return Task.CompletedTask;
    }

    private static void Limit(OpenApiSchema schema, JsonPropertyInfo property)
    {
        // A field without a setter passes for one that may be null.
        if (AttributeOf<RequiredAttribute>(property) is not null || property is { Set: null, AssociatedParameter: null, IsGetNullable: false })
        {
            schema.Type &= ~JsonSchemaType.Null;
        }

        if (AttributeOf<AllowedValuesAttribute>(property) is { } allowed)
        {
            schema.Enum = [.. allowed.Values.Select(value => JsonValue.Create((string)value!))];
            if (schema.Type?.HasFlag(JsonSchemaType.Null) == true)
            {
                schema.Enum.Add(JsonNullSentinel.JsonNull);
            }
        }
    }

    private static T? AttributeOf<T>(JsonPropertyInfo property)
        where T : Attribute => (property.AttributeProvider as MemberInfo)?.GetCustomAttribute<T>();
}
