using System.Text.Json;
using System.Text.Json.Serialization;
using Backup.Account.Domain.Market;

namespace Backup.Cluster.Node.Settings;

/// <summary>Reads the market's rules from a JSON file: sessions with the day from which each holds, holidays, trade-to-trade series.</summary>
internal static class MarketRulesFile
{
    private const string Key = "market.rules-file";

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    internal static MarketRules Read(SettingsReader read)
    {
        var path = read.Text(Key);
        if (path.Length == 0)
        {
            return MarketRules.AlwaysOpen;
        }

        try
        {
            var rules = JsonSerializer.Deserialize<MarketRules>(File.ReadAllText(path), Strict)!;
            var wrong = rules.Sessions.SelectMany(table => table.Phases.Where(span => span.End <= span.Start)
                .Select(span => $"{table.Exchange} from {table.From:yyyy-MM-dd}: a phase from {span.Start:HH:mm} to {span.End:HH:mm}")).FirstOrDefault();
            read.Check(Key, wrong is null, $"phases that end after they start; {path} has {wrong}");
            read.Check(Key, !rules.Sessions.IsEmpty, $"at least one session table in {path}");
            return rules;
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or UnauthorizedAccessException)
        {
            read.Check(Key, false, $"a readable file of market rules ({unreadable.Message})");
            return MarketRules.AlwaysOpen;
        }
    }
}
