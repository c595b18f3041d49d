using System.Diagnostics;
using System.Globalization;
using Backup.Tests;

namespace Backup.Journal.Bench.Postgres;

/// <summary>
/// PostgreSQL's own load program, inserting the same rows into a table of the same shape (partitioned, same keys, a position from a
/// sequence), 128 a statement that makes them in the server: no heads, no fence, no rows over the wire.
/// </summary>
internal sealed class Pgbench(PostgresServer server, string database, int clients) : ISide
{
    private const int Rows = 128;
    private const string Script = """
        \set account random(0, 999)
        insert into rows select nextval('rows_position'), '2026-11-20', 'C' || lpad(((:account + i) % 1000)::text, 5, '0'), currval('rows_position'), i % 64, 1,
          timestamptz '2026-11-20 06:00+00', 1, 1, decode(repeat('61', 200), 'hex'), decode(repeat('00', 32), 'hex') from generate_series(1, 128) i;

        """;

    public string Name => $"pgbench, {Rows} rows a statement, {clients} client{(clients == 1 ? "" : "s")}";

    public async Task<Reading> RunAsync(TimeSpan time)
    {
        var script = Path.Combine(server.Folder, "rows.sql");
        await File.WriteAllTextAsync(script, Script);
        var start = new ProcessStartInfo(
            PostgresServer.Program("pgbench"),
            [
                "-h", "127.0.0.1", "-p", server.Port.ToString(CultureInfo.InvariantCulture), "-U", PostgresServer.User, "-n", "-M", "prepared",
                "-c", clients.ToString(CultureInfo.InvariantCulture), "-j", clients.ToString(CultureInfo.InvariantCulture),
                "-T", ((int)time.TotalSeconds).ToString(CultureInfo.InvariantCulture), "-f", script, database,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["PGPASSWORD"] = PostgresServer.Password;
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var line = output.Split('\n').FirstOrDefault(text => text.StartsWith("tps = ", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"pgbench said: {output}{await error}");
        var statements = double.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture) * time.TotalSeconds;
        return new Reading((long)(statements * Rows), time.TotalSeconds, 0, 0, 0, (long)statements);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
