using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Backup.Gateway.Api;

/// <summary>What is wrong with a request that could not be read, in words of the API: where, and what was expected there. No name of our code is in it.</summary>
internal static partial class UnreadableRequest
{
    internal const string NotJson = "Send JSON with Content-Type: application/json.";

    internal static string Words(BadHttpRequestException bad) => bad switch
    {
        { StatusCode: StatusCodes.Status415UnsupportedMediaType } => NotJson,
        { InnerException: JsonException json } => $"The request's body cannot be read: {Words(json)}",
        _ when NoBody().IsMatch(bad.Message) => "The request needs a body, and has none; the documentation tells what is in it.",
        _ when Parameter().Match(bad.Message) is { Success: true } wrong =>
            $"The parameter \"{wrong.Groups["name"]}\" cannot be read: found \"{wrong.Groups["found"]}\"; the documentation tells what it takes.",

        // The server's own words: too large, and by which limit; ended before its end.
        _ => $"The request cannot be read: {bad.Message}",
    };

    private static string Words(JsonException json)
    {
        if (Unknown().Match(json.Message) is { Success: true } unknown)
        {
            return $"the field \"{unknown.Groups["name"]}\" is not known; the documentation names those that are.";
        }

        return json.Message.Contains("could not be converted", StringComparison.Ordinal)
            ? $"what is at {json.Path} is not of the kind that the documentation tells."
            : $"it is no JSON from line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1} on.";
    }

    [GeneratedRegex("no body was provided|was not provided from body", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex NoBody();

    [GeneratedRegex("""^Failed to bind parameter "[^"]*?(?<name>\w+)" from "(?<found>[^"]{0,60})""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Parameter();

    [GeneratedRegex("^The JSON property '(?<name>[^']{0,60})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Unknown();
}
