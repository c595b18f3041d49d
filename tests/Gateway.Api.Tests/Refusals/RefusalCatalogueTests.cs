using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Backup.Account.Domain;
using Xunit;

namespace Backup.Gateway.Api.Tests.Refusals;

/// <summary>
/// Every no of the API, asked of the product itself: docs/refusals.json and docs/refusals.md hold what it answers, and the API's document
/// shows the first as its examples. Run with REFUSALS=write in the environment to write both anew, then build again.
/// </summary>
public sealed class RefusalCatalogueTests
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static IEnumerable<Provocation> Provocations => ExitProvocations.All.Concat(OrderProvocations.All);

    [Fact]
    public async Task The_catalogue_of_refusals_says_what_the_api_answers()
    {
        var refusals = new JsonArray([.. await EntriesAsync([.. Provocations.OrderBy(one => one.Code)])]);

        foreach (var (code, asked, when, words) in await OfOperatorsAsync())
        {
            refusals.Add(new JsonObject
            {
                ["code"] = (int)code,
                ["reason"] = code.ToString(),
                ["operation"] = asked,
                ["when"] = when,
                ["status"] = null,
                ["request"] = null,
                ["answer"] = words,
            });
        }

        var errors = new JsonArray([.. await EntriesAsync([.. OtherErrors.All])]);
        var catalogue = new JsonObject { ["refusals"] = refusals, ["errors"] = errors };
        HoldsOrWrite("refusals.json", catalogue.ToJsonString(Readable) + "\n");
        HoldsOrWrite("refusals.md", Page(refusals));
        Assert.Equal(Enum.GetValues<RefusalCode>(), refusals.Select(one => (RefusalCode)(int)one!["code"]!).Distinct().Order());
    }

    /// <summary>Each has a door of its own, which takes its time to be built.</summary>
    private static async Task<JsonObject[]> EntriesAsync(Provocation[] provocations)
    {
        var entries = new JsonObject[provocations.Length];
        await Parallel.ForAsync(0, provocations.Length, async (at, _) => entries[at] = await EntryAsync(provocations[at]));
        return entries;
    }

    private static async Task<JsonObject> EntryAsync(Provocation provocation)
    {
        var answer = await provocation.ProvokeAsync();
        Assert.True(
            provocation.Code is not { } code || (string?)answer.Body["data"]?["reason"] == code.ToString(),
            $"{provocation.Operation}, {provocation.Code}: {(int)answer.Status} {answer.Body.ToJsonString()}");
        return new JsonObject
        {
            ["code"] = (int?)provocation.Code,
            ["reason"] = provocation.Name,
            ["operation"] = provocation.Operation,
            ["when"] = provocation.When,
            ["status"] = (int)answer.Status,
            ["request"] = provocation.Body is null ? null : JsonNode.Parse(provocation.Body),
            ["answer"] = answer.Body.DeepClone(),
        };
    }

    /// <summary>What no client can ask for, told by the account itself.</summary>
    private static async Task<List<(RefusalCode Code, string Asked, string When, string Words)>> OfOperatorsAsync()
    {
        const string Lapse = "pbm account lapse";
        await using var door = await TradersDoor.OpenAsync(isOneClock: true);
        var order = Situations.IdOf(await Situations.ExitOneLot(door));
        await door.World.CarryAsync(Provocation.Client, AccountWorld.MainOrder(900, 75));
        var unknown = Situations.IdOf((string)(await door.SendAsync("GET", "/orders", Provocation.Client)).Data.AsArray()[^1]!["order_id"]!);
        var otherData = new AccountCommand.OpenDay(new DateOnly(2026, 11, 19), "other data", []);
        return
        [
            await Told(RefusalCode.DayOpenedFromOtherData, "pbm data import", "The day is open already, from other files.", otherData),
            await Told(RefusalCode.OrderNotUnknown, Lapse, "The order is not unknown: the exchange has told what it is.", new AccountCommand.LapseOrder(order, "Rao", "NSE-HD-17")),
            await Told(RefusalCode.ConfirmationMissing, Lapse, "The exchange's confirmation, or the name of who asks, is missing.", new AccountCommand.LapseOrder(unknown, "Rao", "")),
        ];

        async Task<(RefusalCode, string, string, string)> Told(RefusalCode code, string asked, string when, AccountCommand command)
        {
            var refusal = Assert.IsType<AccountReply.Refused>(await door.World.AskAsync(Provocation.Client, command)).Refusal;
            Assert.Equal(code, refusal.Code);
            return (code, asked, when, refusal.Message);
        }
    }

    private static string Page(JsonArray refusals)
    {
        var page = new StringBuilder();
        page.Append("# Refusals\n\n");
        page.Append("Every no of the rulebook: a number that is never used again, a name, a sentence for the client, and the facts that decided, in `data`. ");
        page.Append("The whole answers, with the requests that met them, are in [refusals.json](refusals.json), and are the examples of `GET /openapi.json`.\n\n");
        page.Append("Written by `RefusalCatalogueTests`, which provokes each through the API; that test fails when this page is not what it answers. ");
        page.Append("Write it anew with `REFUSALS=write ./test Gateway.Api`, and run that suite once more: the API carries what was written.\n\n");
        page.Append("| code | name | HTTP | error_type | says, for example | when | where |\n|---|---|---|---|---|---|---|\n");
        foreach (var same in refusals.GroupBy(one => ((int)one!["code"]!, (string)one["when"]!)).OrderBy(same => same.Key.Item1))
        {
            var first = same.First()!;
            var answer = first["answer"] as JsonObject;
            page.Append("| ").Append(same.Key.Item1)
                .Append(" | ").Append((string)first["reason"]!)
                .Append(" | ").Append(first["status"]?.ToString() ?? "")
                .Append(" | ").Append((string?)answer?["error_type"] ?? "")
                .Append(" | ").Append((string?)answer?["message"] ?? (string)first["answer"]!)
                .Append(" | ").Append(same.Key.Item2)
                .Append(" | ").AppendJoin(", ", same.Select(one => $"`{(string)one!["operation"]!}`").Distinct())
                .Append(" |\n");
        }

        return page.ToString();
    }

    private static void HoldsOrWrite(string name, string text)
    {
        var path = Path.Combine(Repository.Root, "docs", name);
        if (Environment.GetEnvironmentVariable("REFUSALS") == "write")
        {
            File.WriteAllText(path, text);
        }

        Assert.Equal(File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "", text);
    }
}
