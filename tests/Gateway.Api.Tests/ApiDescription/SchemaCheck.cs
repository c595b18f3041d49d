using System.Text.Json;
using System.Text.Json.Nodes;

namespace Backup.Gateway.Api.Tests.ApiDescription;

/// <summary>
/// Holds JSON against a schema of the API's document: types, fields that must be there, and none that the schema does not name. As much of
/// JSON Schema as that document uses; a word that it does not know is a fault, so that nothing passes unread.
/// </summary>
internal sealed class SchemaCheck(JsonNode document)
{
    private static readonly HashSet<string> Known = ["type", "properties", "required", "items", "enum", "anyOf", "oneOf", "$ref", "additionalProperties", "description", "format"];

    /// <returns>Where and why the value does not fit; null when it does.</returns>
    internal string? Fault(JsonNode schema, JsonNode? value, string at = "$")
    {
        if ((string?)schema["$ref"] is { } reference)
        {
            return Fault(document["components"]!["schemas"]![reference[(reference.LastIndexOf('/') + 1)..]]!, value, at);
        }

        if (schema.AsObject().Select(word => word.Key).FirstOrDefault(word => !Known.Contains(word)) is { } unknown)
        {
            return $"{at}: the check does not know \"{unknown}\"";
        }

        if ((schema["anyOf"] ?? schema["oneOf"])?.AsArray() is { } ways)
        {
            var faults = ways.Select(way => Fault(way!, value, at)).ToArray();
            return faults.Contains(null) ? null : string.Join("; or ", faults);
        }

        var types = schema["type"] is JsonArray several ? several.Select(type => (string)type!).ToArray() : [(string)schema["type"]!];
        return !types.Contains(TypeOf(value)) && !(TypeOf(value) == "integer" && types.Contains("number")) ? $"{at}: {TypeOf(value)}, expected {string.Join(" or ", types)}"
            : schema["enum"] is JsonArray values && !values.Any(one => JsonNode.DeepEquals(one, value)) ? $"{at}: {value} is none of {values.ToJsonString()}"
            : value switch
            {
                JsonObject fields => FaultOfFields(schema, fields, at),
                JsonArray items => items.Select((item, i) => Fault(schema["items"]!, item, $"{at}[{i}]")).FirstOrDefault(fault => fault is not null),
                _ => null,
            };
    }

    private string? FaultOfFields(JsonNode schema, JsonObject fields, string at)
    {
        var named = schema["properties"] as JsonObject;
        if (schema["required"]?.AsArray().FirstOrDefault(name => !fields.ContainsKey((string)name!)) is { } absent)
        {
            return $"{at}: no {absent}";
        }

        foreach (var (name, value) in fields)
        {
            var inner = named?[name] ?? (schema["additionalProperties"] as JsonObject);
            if (inner is null && named is not null)
            {
                return $"{at}: {name} is not in the schema";
            }

            if (inner is not null && Fault(inner, value, $"{at}.{name}") is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => value.ToJsonString().All(c => char.IsAsciiDigit(c) || c == '-') ? "integer" : "number",
    };
}
