using Backup.Actor.Kernel.Leases;
using Npgsql;

namespace Backup.Journal.Postgres;

/// <summary>How long a request for leases may take before the answer is "could not tell".</summary>
public sealed record PostgresLeaseOptions
{
    public TimeSpan RequestLimit { get; init; } = TimeSpan.FromSeconds(3);
}

/// <summary>
/// Leases as rows, judged by the database's clock. Acquiring a shard raises the epoch on which appends are fenced; that commit is also
/// the barrier after which what was stored before it may be read and acted on.
/// </summary>
/// <remarks>
/// Renewals have a connection of their own: an acquisition waits for the former owner's append under way, a renewal must not wait for
/// that. Both know the highest epoch they ever saw of each lease, and do not believe a database in which it has shrunk.
/// </remarks>
public sealed class PostgresLeaseStore : ILeaseStore, IAsyncDisposable
{
    private readonly JournalDatabase _database;
    private readonly LeaseConnection _renewals;
    private readonly LeaseConnection _acquisitions;
    private readonly Lock _gate = new();
    private readonly Dictionary<LeaseKey, long> _highest = [];

    /// <summary>A row of an answer: how the lease stood before, and its epoch if it was changed.</summary>
    private readonly record struct Row(string Owner, long Epoch, TimeSpan ExpiresIn, long? Changed);

    public PostgresLeaseStore(JournalDatabase database, TimeProvider clock, PostgresLeaseOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(database);
        var limit = (options ?? new PostgresLeaseOptions()).RequestLimit;
        _database = database;
        _renewals = new LeaseConnection(database.ConnectTakerAsync, limit, clock);
        _acquisitions = new LeaseConnection(database.ConnectTakerAsync, limit, clock);
    }

    public ValueTask<IReadOnlyList<LeaseAnswer>> AcquireAsync(string owner, IReadOnlyList<LeaseWish> wishes, TimeSpan timeToLive) => AnswerAsync(
        wishes,
        wish => wish.Key,
        async (statements, some) =>
        {
            var keys = some.ConvertAll(wish => wish.Key);
            return await _acquisitions.RunAsync(async connection =>
            {
                var rows = await AskAsync(connection, statements.Acquire, keys, some.ConvertAll(wish => wish.TakeOverEpoch ?? -1), owner, timeToLive);
                if (rows.Count == keys.Distinct().Count())
                {
                    return rows;
                }

                await EnsureAsync(connection, statements.Ensure, keys);
                return await AskAsync(connection, statements.Acquire, keys, some.ConvertAll(wish => wish.TakeOverEpoch ?? -1), owner, timeToLive);
            });
        },
        (wish, row) => row switch
        {
            { Changed: { } epoch } => Believe(new Lease(wish.Key, owner, epoch)),
            { } other => new LeaseAnswer.HeldByAnother(other.Owner, other.Epoch, other.ExpiresIn),
            null => new LeaseAnswer.CouldNotTell("its row is missing"),
        });

    public ValueTask<IReadOnlyList<LeaseAnswer>> RenewAsync(IReadOnlyList<Lease> leases, TimeSpan timeToLive) =>
        ChangeAsync(leases, statements => statements.Renew, timeToLive, lease => new LeaseAnswer.Held(lease));

    public ValueTask<IReadOnlyList<LeaseAnswer>> ReleaseAsync(IReadOnlyList<Lease> leases) =>
        ChangeAsync(leases, statements => statements.Release, TimeSpan.Zero, lease => new LeaseAnswer.Lost("", lease.Epoch));

    public async ValueTask<IReadOnlyList<LeaseState>> ReadAsync(CancellationToken cancellationToken) => await _database.UseReaderAsync(
        async connection =>
        {
            var states = new List<LeaseState>();
            foreach (var statements in new[] { LeaseStatements.Shards, LeaseStatements.Singletons })
            {
                await using var command = Sql.Command(connection, statements.Read);
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                while (await reader.ReadAsync(cancellationToken))
                {
                    states.Add(new LeaseState(KeyOf(reader), reader.GetString(1), reader.GetInt64(2), reader.GetTimeSpan(3)));
                }
            }

            return states;
        },
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _renewals.DisposeAsync();
        await _acquisitions.DisposeAsync();
    }

    private ValueTask<IReadOnlyList<LeaseAnswer>> ChangeAsync(
        IReadOnlyList<Lease> leases, Func<LeaseStatements, string> statement, TimeSpan timeToLive, Func<Lease, LeaseAnswer> done) => AnswerAsync(
        leases,
        lease => lease.Key,
        (statements, some) => _renewals.RunAsync(connection => AskAsync(
            connection,
            statement(statements),
            some.ConvertAll(lease => lease.Key),
            some.ConvertAll(lease => lease.Epoch),
            some.ConvertAll(lease => lease.Owner).ToArray(),
            timeToLive)),
        (lease, row) => row is { Changed: not null } ? done(lease) : new LeaseAnswer.Lost(row?.Owner ?? "", row?.Epoch ?? 0));

    /// <summary>Asks for shards and singletons apart, and puts the answers in the order of the questions.</summary>
    private async ValueTask<IReadOnlyList<LeaseAnswer>> AnswerAsync<T>(
        IReadOnlyList<T> asked,
        Func<T, LeaseKey> keyOf,
        Func<LeaseStatements, List<T>, Task<Dictionary<LeaseKey, Row>>> ask,
        Func<T, Row?, LeaseAnswer> answer)
    {
        var answers = new LeaseAnswer[asked.Count];
        foreach (var kind in Enumerable.Range(0, asked.Count).GroupBy(place => keyOf(asked[place]).Singleton is null))
        {
            try
            {
                var rows = await ask(kind.Key ? LeaseStatements.Shards : LeaseStatements.Singletons, [.. kind.Select(place => asked[place])]);
                foreach (var place in kind)
                {
                    answers[place] = answer(asked[place], rows.TryGetValue(keyOf(asked[place]), out var row) ? row : null);
                }
            }
            catch (Exception failure)
            {
                var unknown = new LeaseAnswer.CouldNotTell(_database.Explain(failure).Message);
                foreach (var place in kind)
                {
                    answers[place] = unknown;
                }
            }
        }

        return answers;
    }

    private LeaseAnswer Believe(Lease lease)
    {
        lock (_gate)
        {
            var highest = _highest.GetValueOrDefault(lease.Key);
            if (lease.Epoch <= highest)
            {
                return new LeaseAnswer.CouldNotTell(
                    $"{lease.Key} was given under epoch {lease.Epoch} after epoch {highest}: the database has lost commits or was put back to an older copy");
            }

            _highest[lease.Key] = lease.Epoch;
            return new LeaseAnswer.Held(lease);
        }
    }

    private static async Task<Dictionary<LeaseKey, Row>> AskAsync(
        NpgsqlConnection connection, string sql, List<LeaseKey> keys, List<long> epochs, object owner, TimeSpan timeToLive)
    {
        await using var command = Sql.Command(
            connection,
            sql,
            Keys(keys),
            new NpgsqlParameter<List<long>> { TypedValue = epochs },
            new NpgsqlParameter { Value = owner },
            new NpgsqlParameter<TimeSpan> { TypedValue = timeToLive });
        var rows = new Dictionary<LeaseKey, Row>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            rows[KeyOf(reader)] = new Row(reader.GetString(1), reader.GetInt64(2), reader.GetTimeSpan(3), await reader.IsDBNullAsync(4) ? null : reader.GetInt64(4));
        }

        await reader.ReadToCommitAsync(CancellationToken.None);
        return rows;
    }

    private static async Task EnsureAsync(NpgsqlConnection connection, string sql, List<LeaseKey> keys)
    {
        await using var command = Sql.Command(connection, sql, Keys(keys));
        await command.ExecuteNonQueryAsync();
    }

    private static NpgsqlParameter Keys(List<LeaseKey> keys) => keys[0].Singleton is null
        ? new NpgsqlParameter<int[]> { TypedValue = [.. keys.Select(key => key.Shard)] }
        : new NpgsqlParameter<string[]> { TypedValue = [.. keys.Select(key => key.Singleton!)] };

    private static LeaseKey KeyOf(NpgsqlDataReader reader) =>
        reader.GetFieldType(0) == typeof(int) ? LeaseKey.ForShard(reader.GetInt32(0)) : LeaseKey.ForSingleton(reader.GetString(0));
}
