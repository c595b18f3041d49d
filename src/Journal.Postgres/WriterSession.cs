using System.Data;
using Backup.Actor.Kernel.Journal;
using Npgsql;

namespace Backup.Journal.Postgres;

/// <summary>One connection of a writer, from its barrier to its end. One statement at a time.</summary>
internal sealed class WriterSession : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly AppendStatement _append;
    private readonly HashSet<DateOnly> _days = [];

    private WriterSession(NpgsqlConnection connection, AppendStatement append)
    {
        _connection = connection;
        _append = append;
    }

    /// <summary>Connects and commits the barrier: afterwards nothing of an earlier session of this writer can be stored any more.</summary>
    /// <exception cref="JournalException">It could not be; nothing is proven.</exception>
    internal static async Task<WriterSession> OpenAsync(JournalDatabase database, string writer, DateOnly today, int daysAhead)
    {
        var connection = await database.ConnectAsync(CancellationToken.None);
        try
        {
            var incarnation = await Barrier.CommitAsync(connection, writer);
            var session = new WriterSession(connection, await AppendStatement.PrepareAsync(connection, writer, incarnation));
            await session.EnsureDaysAsync(Enumerable.Range(0, daysAhead + 1).Select(today.AddDays));
            return session;
        }
        catch (Exception failure)
        {
            await connection.DisposeAsync();
            throw database.Explain(failure);
        }
    }

    /// <summary>True when nothing more can be asked of it. The driver closes the connection at some errors of the server by itself.</summary>
    internal bool IsOver
    {
        get => field || !_connection.FullState.HasFlag(ConnectionState.Open);
        private set;
    }

    /// <summary>Stores a batch in which no entity occurs twice. Never throws: whatever happens is an outcome.</summary>
    internal async Task<(AppendOutcome[] Outcomes, string? Trouble)> AppendAsync(IReadOnlyList<EntityAppend> batch)
    {
        using var warnings = new Warnings(_connection);
        try
        {
            var outcomes = await _append.RunAsync(batch);
            return warnings.Last is null ? (outcomes, null) : InDoubt(batch, warnings.Last);
        }
        catch (PostgresException noDay) when (SqlStates.IsMissingPartition(noDay) && warnings.Last is null)
        {
            return await AppendAfterMakingDaysAsync(batch, noDay);
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation && warnings.Last is null)
        {
            return await AppendOneByOneAsync(batch, taken);
        }
        catch (PostgresException refused) when (SqlStates.IsCertainlyNotStored(refused) && warnings.Last is null)
        {
            return (All(batch, AppendOutcome.NotStored), refused.MessageText);
        }
        catch (Exception failure)
        {
            return InDoubt(batch, warnings.Last ?? failure.Message);
        }
    }

    /// <summary>The newest records of some entities, on the connection that has the barrier behind it.</summary>
    internal async Task<Dictionary<string, JournalHead>> ReadHeadsAsync(IReadOnlyCollection<string> entities)
    {
        await using var command = Queries.Heads(_connection, entities);
        command.CommandTimeout = 0;
        try
        {
            return await Queries.ReadHeadsAsync(command, CancellationToken.None);
        }
        catch
        {
            IsOver = true;
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        IsOver = true;
        await _append.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private async Task EnsureDaysAsync(IEnumerable<DateOnly> days)
    {
        foreach (var day in days.Where(_days.Add))
        {
            await using var command = _connection.CreateCommand();
            command.CommandText = "select ensure_event_day($1)";
            command.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = day });
            await command.ExecuteNonQueryAsync();
        }
    }

    private async Task<(AppendOutcome[] Outcomes, string? Trouble)> AppendAfterMakingDaysAsync(IReadOnlyList<EntityAppend> batch, PostgresException noDay)
    {
        try
        {
            var days = batch.SelectMany(append => append.Records).Select(record => TradingDay.Of(record.At)).Distinct().ToArray();
            _days.ExceptWith(days);
            await EnsureDaysAsync(days);
        }
        catch (Exception failure)
        {
            return (All(batch, AppendOutcome.NotStored), $"{noDay.MessageText}; it could not be made: {failure.Message}");
        }

        return await AppendAsync(batch);
    }

    /// <summary>
    /// A key refused the whole statement, which the comparison of heads should have prevented: somebody writes past it. Each goes alone,
    /// so that only the offender is hurt.
    /// </summary>
    private async Task<(AppendOutcome[] Outcomes, string? Trouble)> AppendOneByOneAsync(IReadOnlyList<EntityAppend> batch, PostgresException taken)
    {
        if (batch.Count == 1)
        {
            return ([AppendOutcome.Conflict], taken.MessageText);
        }

        var outcomes = All(batch, AppendOutcome.Unknown);
        for (var i = 0; i < batch.Count && !IsOver; i++)
        {
            outcomes[i] = (await AppendAsync([batch[i]])).Outcomes[0];
        }

        return (outcomes, taken.MessageText);
    }

    private (AppendOutcome[] Outcomes, string? Trouble) InDoubt(IReadOnlyList<EntityAppend> batch, string why)
    {
        IsOver = true;
        return (All(batch, AppendOutcome.Unknown), why);
    }

    /// <summary>The same outcome for everything in a batch.</summary>
    internal static AppendOutcome[] All(IReadOnlyList<EntityAppend> batch, AppendOutcome outcome) => [.. Enumerable.Repeat(outcome, batch.Count)];
}
