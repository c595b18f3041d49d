using System.Text.Json.Nodes;
using Backup.Actor.Kernel.Journal;
using Backup.Journal.Postgres;
using Backup.Tests;

namespace Backup.Journal.Bench.Postgres;

/// <summary>The figures of the journal on PostgreSQL, on a server of its own that is durable as in production.</summary>
internal static class PostgresFigures
{
    private const int Accounts = 1000;
    private const string Template = "template_bench";

    internal static async Task<JsonObject> RunAsync(Plan plan, string only)
    {
        await using var server = await PostgresServer.StartAsync("shared_buffers = 256MB", "checkpoint_timeout = 15min");
        await server.ExecuteAsync($"create database {Template}");
        await PostgresSchema.MigrateAsync(server.ConnectionString(Template), CancellationToken.None);
        await server.ExecuteAsync(PlainTables.Text, Template);
        var figures = new JsonObject();
        foreach (var (name, measure) in All)
        {
            if (only.Length == 0 || only == name)
            {
                await server.ExecuteAsync("checkpoint");
                await measure(server, plan, figures);
            }
        }

        return figures;
    }

    internal static IEnumerable<string> Names => All.Select(figure => figure.Name);

    private static readonly (string Name, Func<PostgresServer, Plan, JsonObject, Task> Measure)[] All =
    [
        ("G1", TransactionPerOrderAsync), ("G2", EntityFrameworkAsync), ("G3", PgbenchAsync), ("G5", LoneClientAsync),
        ("G6", FenceAsync), ("G7", StandbyAsync), ("G9", ReplayAsync), ("G10", ActivationAsync),
        ("G10b", ActivationFromSnapshotsAsync), ("G25", SnapshotsBesideAsync),
    ];

    private static async Task TransactionPerOrderAsync(PostgresServer server, Plan plan, JsonObject figures)
    {
        await using var control = await PlainTransactions.OpenAsync(server.ConnectionString(await NewDatabaseAsync(server)), workers: 32, Accounts);
        await using var candidate = await ActorsAsync(server, inFlight: 256, writers: 1);
        figures["G1"] = await Comparison.RunAsync("G1", control, candidate, plan, (a, b) => b.PerSecond / a.PerSecond, 12, atLeast: true);
    }

    private static async Task EntityFrameworkAsync(PostgresServer server, Plan plan, JsonObject figures)
    {
        await using var control = new EntityFrameworkOrders(server.ConnectionString(await NewDatabaseAsync(server)), workers: 32, Accounts);
        await using var candidate = await ActorsAsync(server, inFlight: 256, writers: 1);
        figures["G2"] = await Comparison.RunAsync("G2", control, candidate, plan, (a, b) => b.PerSecond / a.PerSecond, 50, atLeast: true);
    }

    private static async Task PgbenchAsync(PostgresServer server, Plan plan, JsonObject figures)
    {
        foreach (var (clients, goal) in new[] { (1, 0.7), (2, 0.45) })
        {
            await using var control = new Pgbench(server, await NewDatabaseAsync(server), clients);
            await using var candidate = await ActorsAsync(server, inFlight: 1024, writers: 2);
            figures[clients == 1 ? "G3" : "G3b"] = await Comparison.RunAsync("G3", control, candidate, plan, (a, b) => b.PerSecond / a.PerSecond, goal, atLeast: true);
        }
    }

    private static async Task LoneClientAsync(PostgresServer server, Plan plan, JsonObject figures)
    {
        await using var control = await PlainTransactions.OpenAsync(server.ConnectionString(await NewDatabaseAsync(server)), workers: 1, Accounts);
        await using var candidate = await ActorsAsync(server, inFlight: 1, writers: 1);
        figures["G5"] = await Comparison.RunAsync("G5", control, candidate, plan, (a, b) => b.P50Micros / a.P50Micros, 1.3, atLeast: false);
    }

    private static async Task FenceAsync(PostgresServer server, Plan plan, JsonObject figures)
    {
        foreach (var (rows, goal) in new[] { (128, 0.9), (1, 0.6) })
        {
            await using var control = await FencedGroups.OpenAsync(server.ConnectionString(await NewDatabaseAsync(server)), rows, fenced: false, Accounts);
            await using var candidate = await FencedGroups.OpenAsync(server.ConnectionString(await NewDatabaseAsync(server)), rows, fenced: true, Accounts);
            figures[rows == 1 ? "G6b" : "G6"] = await Comparison.RunAsync("G6", control, candidate, plan, (a, b) => b.PerSecond / a.PerSecond, goal, atLeast: true);
        }
    }

    private static async Task StandbyAsync(PostgresServer server, Plan plan, JsonObject figures)
    {
        await using var standby = await server.MakeStandbyAsync("s1");
        await using var actors = await ActorsAsync(server, inFlight: 256, writers: 1);
        await using var control = new WithStandby(server, "", actors);
        await using var candidate = new WithStandby(server, "s1", actors);
        figures["G7"] = await Comparison.RunAsync("G7", control, candidate, plan, (a, b) => b.PerSecond / a.PerSecond, 0.5, atLeast: true);
        await server.SetAsync("synchronous_standby_names", "");
    }

    private static async Task ReplayAsync(PostgresServer server, Plan plan, JsonObject figures)
    {
        await using var database = new JournalDatabase(server.ConnectionString(await FilledAsync(server, entities: 10_000, records: 20)));
        await using var control = new CopyRead(database);
        await using var candidate = new Replay(database);
        figures["G9"] = await Comparison.RunAsync("G9", control, candidate, plan, (a, b) => b.PerSecond / a.PerSecond, 0.6, atLeast: true);
    }

    private static async Task ActivationAsync(PostgresServer server, Plan plan, JsonObject figures)
    {
        await using var database = new JournalDatabase(server.ConnectionString(await FilledAsync(server, entities: 10_000, records: 20)));
        await using var journal = await PostgresJournal.OpenAsync(database, "activations", TimeProvider.System);
        await using var control = new Activations(journal, 10_000, records: 20, batch: 1);
        await using var candidate = new Activations(journal, 10_000, records: 20, batch: 100);
        figures["G10"] = await Comparison.RunAsync("G10", control, candidate, plan, (a, b) => b.PerSecond / a.PerSecond, 2, atLeast: true);

        // What it costs short histories that the region looks for snapshots: there are none.
        await using var looking = new Activations(journal, 10_000, records: 20, batch: 100, new StateSnapshots<Ledger>(new PostgresSnapshotStore(database), new LedgerState()));
        figures["G10a"] = await Comparison.RunAsync("G10a", candidate, looking, plan, (a, b) => b.PerSecond / a.PerSecond, 0.8, atLeast: true);
    }

    private static async Task ActivationFromSnapshotsAsync(PostgresServer server, Plan plan, JsonObject figures)
    {
        await using var database = new JournalDatabase(server.ConnectionString(await FilledAsync(server, entities: 2000, records: 220)));
        await using var journal = await PostgresJournal.OpenAsync(database, "activations", TimeProvider.System);
        var snapshots = new StateSnapshots<Ledger>(new PostgresSnapshotStore(database), new LedgerState());
        await Activations.KeepSnapshotsAsync(journal, snapshots, 2000, tail: 20);
        await using var control = new Activations(journal, 2000, records: 220, batch: 100);
        await using var candidate = new Activations(journal, 2000, records: 220, batch: 100, snapshots);
        figures["G10b"] = await Comparison.RunAsync("G10b", control, candidate, plan, (a, b) => b.PerSecond / a.PerSecond, 2, atLeast: true);
    }

    /// <summary>What it costs the commands that states are kept beside them: 100 accounts as busy as can be, each past 200 events in no time.</summary>
    private static async Task SnapshotsBesideAsync(PostgresServer server, Plan plan, JsonObject figures)
    {
        const int busy = 100;
        await using var control = await ActorPath.OnPostgresAsync(server.ConnectionString(await NewDatabaseAsync(server)), busy, inFlight: 256, writers: 1);
        await using var candidate = await ActorPath.OnPostgresAsync(server.ConnectionString(await NewDatabaseAsync(server)), busy, inFlight: 256, writers: 1, keepsSnapshots: true);
        figures["G25"] = await Comparison.RunAsync("G25", control, candidate, plan, (a, b) => b.PerSecond / a.PerSecond, 0.9, atLeast: true);
    }

    private static async Task<ActorPath> ActorsAsync(PostgresServer server, int inFlight, int writers) =>
        await ActorPath.OnPostgresAsync(server.ConnectionString(await NewDatabaseAsync(server)), Accounts, inFlight, writers);

    private static int _databases;

    private static async Task<string> NewDatabaseAsync(PostgresServer server)
    {
        var name = $"b{++_databases}";
        await server.ExecuteAsync($"create database {name} template {Template}");
        return name;
    }

    /// <summary>A journal of many short histories.</summary>
    private static async Task<string> FilledAsync(PostgresServer server, int entities, int records)
    {
        var name = await NewDatabaseAsync(server);
        await using var filling = await FencedGroups.OpenAsync(server.ConnectionString(name), 500, fenced: true, entities);
        await filling.StoreAsync(entities * records / 500);
        await server.ExecuteAsync("vacuum analyze", name);
        return name;
    }
}
