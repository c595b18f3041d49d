using System.Text.Json;
using System.Text.Json.Serialization;
using Backup.Account.Domain.Market;

namespace Backup.Cluster.Node.Settings;

/// <summary>Reads what accounts decide by: the exchange's rules and the broker's table of protections from JSON files, the rest from settings.</summary>
internal static class TradingRulesFiles
{
    private const string RulesKey = "market.rules-file";
    private const string ProtectionKey = "exits.protection-file";

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    internal static TradingRules ReadRules(SettingsReader read) => new(ReadMarket(read), new ExitPolicy
    {
        RepeatWindow = read.Duration("exits.repeat-window"),
        RequestsPerMinuteMax = read.NotNegative("exits.requests-per-minute-max"),
        SellBeforeDelivery = read.Flag("exits.sell-before-delivery"),
        Uncovering = read.Text("exits.uncovering") switch
        {
            "warn" => UncoveringPolicy.Warn,
            "refuse" => UncoveringPolicy.Refuse,
            _ => read.Wrong("exits.uncovering", "warn or refuse", UncoveringPolicy.Warn),
        },
    });

    internal static ProtectionTable ReadProtection(SettingsReader read)
    {
        var path = read.Text(ProtectionKey) is { Length: > 0 } given ? given : Path.Combine(AppContext.BaseDirectory, "protection.json");
        if (Read<ProtectionTable>(read, ProtectionKey, path) is not { } table)
        {
            return new ProtectionTable("none", []);
        }

        read.Check(ProtectionKey, table.Missing(DateOnly.MaxValue) is null, $"rows of every kind up to any price; {path} has none for {table.Missing(DateOnly.MaxValue)}");
        var wrong = table.Rows.FirstOrDefault(row => row.BasisPoints is <= 0 or > 10_000 || row.MinimumPaise < 0 || row.UpToPaise <= 0);
        read.Check(ProtectionKey, wrong is null, $"1 to 10000 basis points, a minimum from 0 and prices above 0; {path} has {wrong}");
        return table;
    }

    private static MarketRules ReadMarket(SettingsReader read)
    {
        var path = read.Text(RulesKey);
        if (path.Length == 0 || Read<MarketRules>(read, RulesKey, path) is not { } rules)
        {
            return MarketRules.AlwaysOpen;
        }

        var wrong = rules.Sessions.SelectMany(table => table.Phases.Where(span => span.End <= span.Start)
            .Select(span => $"{table.Exchange} from {table.From:yyyy-MM-dd}: a phase from {span.Start:HH:mm} to {span.End:HH:mm}")).FirstOrDefault();
        read.Check(RulesKey, wrong is null, $"phases that end after they start; {path} has {wrong}");
        read.Check(RulesKey, !rules.Sessions.IsEmpty, $"at least one session table in {path}");
        read.Check(RulesKey, Malformed(rules.Prices) is null, $"basis points of 1 to 10000 and amounts above 0; {path} has {Malformed(rules.Prices)}");
        return read.Flag("market.always-open") ? rules with { Sessions = [], Holidays = [] } : rules;
    }

    private static object? Malformed(PriceRules prices) =>
        prices.LimitPriceProtection.FirstOrDefault(row => row.BasisPoints is <= 0 or > 10_000 || row.MinimumPaise < 0 || row.Instruments.IsEmpty)
        ?? prices.Bands.FirstOrDefault(row => row.BasisPoints is <= 0 or > 10_000)
        ?? (object?)prices.StopRanges.FirstOrDefault(row => row.BasisPoints is <= 0 or > 10_000 || row.ElsePaise <= 0);

    private static T? Read<T>(SettingsReader read, string key, string path)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(path), Strict)!;
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or UnauthorizedAccessException)
        {
            return read.Wrong<T?>(key, $"a readable file of {(typeof(T) == typeof(MarketRules) ? "market rules" : "protections")} ({unreadable.Message})", null);
        }
    }
}
