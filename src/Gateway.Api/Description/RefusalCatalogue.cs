using System.Text.Json.Nodes;
using Backup.Gateway.Api.Access;

namespace Backup.Gateway.Api.Description;

/// <summary>A no of the API as it was answered to a test.</summary>
/// <param name="Name">The refusal's name, or one for a no that is not the rulebook's.</param>
/// <param name="When">In words.</param>
internal sealed record AnsweredNo(string Name, string Operation, string When, int Status, JsonNode Answer)
{
    internal string ErrorType => (string)Answer["error_type"]!;
}

/// <summary>Every no of the API: docs/refusals.json, which a test writes and holds against the product.</summary>
internal static class RefusalCatalogue
{
    private const string WithToken = "every operation with a token";
    private const string OfAccount = "every operation of the account";

    private const string ForClient = "every operation for a client";
    private const string WithEvidence = "every operation with evidence";

    private static readonly AnsweredNo[] All = Read();

    internal static IEnumerable<string> ErrorTypes => All.Select(no => no.ErrorType).Distinct().Order(StringComparer.Ordinal);

    /// <summary>What an operation may be told, the rulebook's words first.</summary>
    internal static IEnumerable<AnsweredNo> Of(string operation, bool needsToken, bool isOfAccount, Reach? reach) => All.Where(no =>
        no.Operation == operation || (needsToken && no.Operation == WithToken) || (isOfAccount && no.Operation == OfAccount)
        || (reach is { Named: ClientNamed.Always } && no.Operation == ForClient) || (reach is { NeedsEvidence: true } && no.Operation == WithEvidence));

    private static AnsweredNo[] Read()
    {
        using var resource = typeof(RefusalCatalogue).Assembly.GetManifestResourceStream("refusals.json")!;
        var catalogue = JsonNode.Parse(resource)!;
        return [.. catalogue["refusals"]!.AsArray().Concat(catalogue["errors"]!.AsArray())
            .Where(entry => entry!["status"] is not null)
            .Select(entry => new AnsweredNo(
                (string)entry!["reason"]!, (string)entry["operation"]!, (string)entry["when"]!, (int)entry["status"]!, entry["answer"]!))];
    }
}
