using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Backup.Journal.Bench;

/// <summary>
/// The control: one transaction per order, as a web application would write it. Each worker has a connection of its own (kinder
/// than opening one per order), waits for the write lock with SQLite's busy handler, reads the account's last number,
/// inserts a row of 200 bytes and commits. Same pragmas as ours.
/// </summary>
internal sealed class PlainOrders : ISide
{
    private const string Tables = """
        create table if not exists orders (
          position integer primary key, account integer not null, sequence integer not null, at integer not null,
          payload blob not null, hash blob not null);
        create unique index if not exists orders_history on orders (account, sequence);
        """;

    private readonly SqliteConnection[] _connections;
    private readonly int _accounts;
    private readonly byte[] _payload = new byte[LedgerBehavior.PayloadBytes];
    private readonly byte[] _hash = new byte[32];

    public PlainOrders(string folder, int workers, int accounts)
    {
        SQLitePCL.Batteries_V2.Init();
        _accounts = accounts;
        _connections = [.. Enumerable.Range(0, workers).Select(_ => Open(folder))];
        Name = workers == 1 ? "one bare prepared insert a commit" : $"a transaction per order, {workers} workers";
    }

    public string Name { get; }

    public async Task<Reading> RunAsync(TimeSpan time)
    {
        var watch = new Stopwatches();
        var until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var workers = _connections.Select((connection, seed) => Task.Factory.StartNew(
            () => OrderUntil(until, (uint)seed + 1, connection, watch), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        await Task.WhenAll(workers);
        var reading = watch.Read();
        return reading with { Commits = reading.Done };
    }

    public ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private static SqliteConnection Open(string folder)
    {
        Directory.CreateDirectory(folder);
        var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "orders.db")};Pooling=False;Default Timeout=60");
        connection.Open();
        Execute(connection, "pragma busy_timeout=60000");
        Execute(connection, "pragma journal_mode=wal");
        Execute(connection, "pragma synchronous=full");
        Execute(connection, "pragma wal_autocheckpoint=4000");
        Execute(connection, Tables);
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private void OrderUntil(long until, uint seed, SqliteConnection connection, Stopwatches watch)
    {
        using var begin = connection.CreateCommand();
        begin.CommandText = "begin immediate";
        using var last = connection.CreateCommand();
        last.CommandText = "select coalesce(max(sequence), 0) from orders where account = $account";
        var account = last.Parameters.Add("$account", SqliteType.Integer);
        using var insert = connection.CreateCommand();
        insert.CommandText = "insert into orders (account, sequence, at, payload, hash) values ($account, $sequence, $at, $payload, $hash)";
        insert.Parameters.Add(account);
        var sequence = insert.Parameters.Add("$sequence", SqliteType.Integer);
        insert.Parameters.AddWithValue("$at", 1L);
        insert.Parameters.AddWithValue("$payload", _payload);
        insert.Parameters.AddWithValue("$hash", _hash);
        using var commit = connection.CreateCommand();
        commit.CommandText = "commit";
        var chance = new Chance(seed);
        while (Stopwatch.GetTimestamp() is var at && at < until)
        {
            account.Value = (long)chance.Next(_accounts);
            begin.ExecuteNonQuery();
            sequence.Value = (long)last.ExecuteScalar()! + 1;
            insert.ExecuteNonQuery();
            commit.ExecuteNonQuery();
            watch.Add(at);
        }
    }
}
