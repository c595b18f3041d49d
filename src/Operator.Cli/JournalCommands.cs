using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Backup.Account.Domain.Journal;
using Backup.Actor.Kernel.Journal;
using Backup.Journal.Postgres;

namespace Backup.Operator.Cli;

/// <summary><c>pbm journal show</c>, <c>replay</c> and <c>verify</c>: from the journal alone, with or without a running node.</summary>
internal static class JournalCommands
{
    internal static Command Journal(SharedOptions shared)
    {
        var source = new JournalSource(shared);
        return new Command("journal", "The event journal: what happened, and what it proves.")
        {
            Show(shared, source), Replay(shared, source), Verify(shared, source), Migrate(shared, source),
        };
    }

    private static Command Show(SharedOptions shared, JournalSource source)
    {
        var clients = Clients();
        var show = new Command("show", "Every event of the accounts named, in the order of each.") { clients, source.Postgres };
        show.SetAction((parsed, stop) => Terminal.RunAsync(async () =>
        {
            await using var journal = source.Open(parsed);
            var histories = await ReadAsync(journal.Reader, parsed.GetValue(clients)!, stop);
            if (shared.Json(parsed))
            {
                Terminal.Json(new JsonArray([.. histories.SelectMany(history => history.Records.Select(JsonNode (record) => ToJson(history.Client, record)))]));
                return 0;
            }

            foreach (var (client, records) in histories)
            {
                Terminal.Table(histories.Count > 1 ? client : null, ["seq", "time (IST)", "event", "what", "hash"], records.Select(record => new[]
                {
                    record.Sequence.ToString(CultureInfo.InvariantCulture), IndiaTime(record.At), AccountEventCodec.NameOf(record.Type),
                    Shorten(Encoding.UTF8.GetString(record.Payload.Span), 130), Convert.ToHexStringLower(record.Hash.Span)[..12],
                }));
            }

            return 0;
        }));
        return show;
    }

    private static Command Replay(SharedOptions shared, JournalSource source)
    {
        var clients = Clients();
        var at = new Option<string?>("--at")
        {
            Description = "The moment to rebuild: 2026-11-20T10:21:07+05:30, or a time of day in India (10:21:07) on the day of the last event. Default: the end.",
        };
        var replay = new Command("replay", "The state of the accounts named at a moment, rebuilt from the journal alone.") { clients, at, source.Postgres };
        replay.SetAction((parsed, stop) => Terminal.RunAsync(async () =>
        {
            await using var journal = source.Open(parsed);
            var states = (await ReadAsync(journal.Reader, parsed.GetValue(clients)!, stop)).ConvertAll(history =>
            {
                var until = ReplayTime.Parse("--at", parsed.GetValue(at), history.Records[^1].At);
                return (history.Client, history.Records.Count, Until: until, Shown: AccountReplay.Show(AccountReplay.Run(history.Client, history.Records, until), until));
            });
            if (shared.Json(parsed))
            {
                Terminal.Json(states.Count == 1 ? states[0].Shown : new JsonArray([.. states.Select(JsonNode (state) => state.Shown)]));
                return 0;
            }

            foreach (var (client, count, until, shown) in states)
            {
                Terminal.Line($"{client} at {IndiaTime(until)} IST: rebuilt from {shown["events"]} of {count} events; digest of the state {shown["digest"]!.GetValue<string>()[..16]}");
                ClusterCommands.PrintPortfolio(shown);
            }

            return 0;
        }));
        return replay;
    }

    private static Command Verify(SharedOptions shared, JournalSource source)
    {
        var verify = new Command("verify", "Checks every account's hash chain, reads every event, folds every history, and holds the snapshots against it.") { source.Postgres };
        verify.SetAction((parsed, stop) => Terminal.RunAsync(async () =>
        {
            await using var journal = source.Open(parsed);
            var report = await JournalVerification.RunAsync(journal.Reader, journal.Snapshots?.ReadAllAsync(stop), stop);
            if (shared.Json(parsed))
            {
                Terminal.Json(JsonSerializer.SerializeToNode(new
                {
                    accounts = report.Accounts,
                    records = report.Records,
                    ok = report.Faults.Count == 0,
                    faults = report.Faults,
                    snapshots = report.Snapshots is { } kept ? new { good = kept.Good, unusable = kept.Unusable, wrong = kept.Wrong } : null,
                }));
            }
            else
            {
                report.Faults.ForEach(fault => Terminal.Line($"  {fault}"));
                Terminal.Line(report.Faults.Count == 0
                    ? $"{report.Records} records of {report.Accounts} accounts: every chain holds, every event reads, every history folds."
                    : $"{report.Records} records of {report.Accounts} accounts: {report.Faults.Count} accounts cannot be trusted.");
                if (report.Snapshots is { } snapshots)
                {
                    Terminal.Line($"{snapshots.Good} snapshots are what their events give, {snapshots.Wrong} are not; {snapshots.Unusable} cannot be used and are passed over.");
                }
            }

            return report.Faults.Count == 0 ? 0 : 1;
        }));
        return verify;
    }

    private static Command Migrate(SharedOptions shared, JournalSource source)
    {
        var migrate = new Command("migrate", "Makes the journal's tables in a PostgreSQL database, or brings them up to this release.") { source.Postgres };
        migrate.SetAction((parsed, stop) => Terminal.RunAsync(async () =>
        {
            var applied = await PostgresSchema.MigrateAsync(source.RequirePostgres(parsed), stop);
            if (shared.Json(parsed))
            {
                Terminal.Json(JsonSerializer.SerializeToNode(new { version = PostgresSchema.Version, applied }));
                return 0;
            }

            applied.ToList().ForEach(step => Terminal.Line($"  applied {step}"));
            Terminal.Line(applied.Count == 0
                ? $"schema version {PostgresSchema.Version} is there already; nothing was to be done"
                : $"schema version {PostgresSchema.Version}");
            return 0;
        }));
        return migrate;
    }

    private static Argument<string[]> Clients() => new("CLIENT") { Description = "Client ids, one or more.", Arity = ArgumentArity.OneOrMore };

    private static async Task<List<(string Client, IReadOnlyList<JournalRecord> Records)>> ReadAsync(IJournalReader journal, string[] asked, CancellationToken stop)
    {
        var clients = asked.Select(client => client.ToUpperInvariant()).Distinct(StringComparer.Ordinal).ToList();
        var histories = await journal.ReadAsync(clients, stop);
        return clients.ConvertAll(client => histories[client] is { Count: > 0 } records ? (client, records) : throw new CommandFailedException($"the journal has no account {client}"));
    }

    private static JsonObject ToJson(string client, JournalRecord record) => new JsonObject
    {
        ["account"] = client,
        ["sequence"] = record.Sequence,
        ["at"] = record.At.ToString("O", CultureInfo.InvariantCulture),
        ["event"] = AccountEventCodec.NameOf(record.Type),
        ["version"] = record.Version,
        ["payload"] = JsonNode.Parse(record.Payload.Span),
        ["hash"] = Convert.ToHexStringLower(record.Hash.Span),
    };

    internal static string IndiaTime(DateTimeOffset at) =>
        at.ToOffset(ReplayTime.India).ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    private static string Shorten(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";
}
