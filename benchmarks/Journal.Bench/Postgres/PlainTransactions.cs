using System.Diagnostics;
using Npgsql;

namespace Backup.Journal.Bench.Postgres;

/// <summary>
/// The control: one transaction per order, as a web application would write it. Each worker has a connection of its own and accounts of
/// its own (kinder than meeting others), reads the account's last number, inserts a row of 200 bytes and commits; statements are prepared.
/// With one worker it is the barest: one prepared insert that commits by itself.
/// </summary>
internal sealed class PlainTransactions : ISide
{
    private readonly NpgsqlConnection[] _connections;
    private readonly int _accounts;
    private readonly long[] _sequences;
    private readonly byte[] _payload = new byte[LedgerBehavior.PayloadBytes];
    private readonly byte[] _hash = new byte[32];

    private PlainTransactions(NpgsqlConnection[] connections, int accounts)
    {
        _connections = connections;
        _accounts = accounts;
        _sequences = new long[accounts];
        Name = connections.Length == 1 ? "one bare prepared insert a commit" : $"a transaction per order, {connections.Length} connections";
    }

    public string Name { get; }

    public static async Task<PlainTransactions> OpenAsync(string connectionString, int workers, int accounts)
    {
        var connections = new NpgsqlConnection[workers];
        for (var i = 0; i < workers; i++)
        {
            connections[i] = new NpgsqlConnection(connectionString + ";Pooling=false");
            await connections[i].OpenAsync();
        }

        return new PlainTransactions(connections, accounts);
    }

    public async Task<Reading> RunAsync(TimeSpan time)
    {
        var watch = new Stopwatches();
        var until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(_connections.Select((connection, worker) => Task.Run(() => _connections.Length == 1
            ? InsertUntilAsync(until, connection, watch)
            : OrderUntilAsync(until, worker, connection, watch))));
        var reading = watch.Read();
        return reading with { Commits = reading.Done };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }
    }

    private async Task InsertUntilAsync(long until, NpgsqlConnection connection, Stopwatches watch)
    {
        await using var insert = await InsertAsync(connection);
        var chance = new Chance(1);
        while (Stopwatch.GetTimestamp() is var at && at < until)
        {
            var account = chance.Next(_accounts);
            insert.Parameters[0].Value = (long)account;
            insert.Parameters[1].Value = ++_sequences[account];
            await insert.ExecuteNonQueryAsync();
            watch.Add(at);
        }
    }

    private async Task OrderUntilAsync(long until, int worker, NpgsqlConnection connection, Stopwatches watch)
    {
        await using var last = new NpgsqlCommand("select coalesce(max(sequence), 0) from orders where account = $1", connection);
        last.Parameters.Add(new NpgsqlParameter<long>());
        await last.PrepareAsync();
        await using var insert = await InsertAsync(connection);
        var chance = new Chance((uint)worker + 1);
        while (Stopwatch.GetTimestamp() is var at && at < until)
        {
            var account = (long)((chance.Next(_accounts / _connections.Length) * _connections.Length) + worker);
            await using var transaction = await connection.BeginTransactionAsync();
            last.Parameters[0].Value = account;
            insert.Parameters[0].Value = account;
            insert.Parameters[1].Value = (long)(await last.ExecuteScalarAsync())! + 1;
            await insert.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
            watch.Add(at);
        }
    }

    private async Task<NpgsqlCommand> InsertAsync(NpgsqlConnection connection)
    {
        var insert = new NpgsqlCommand("insert into orders (account, sequence, at, payload, hash) values ($1, $2, now(), $3, $4)", connection);
        NpgsqlParameter[] parameters =
        [
            new NpgsqlParameter<long>(), new NpgsqlParameter<long>(), new NpgsqlParameter<byte[]> { TypedValue = _payload }, new NpgsqlParameter<byte[]> { TypedValue = _hash },
        ];
        insert.Parameters.AddRange(parameters);
        await insert.PrepareAsync();
        return insert;
    }
}
