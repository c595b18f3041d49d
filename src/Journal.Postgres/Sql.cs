using Npgsql;

namespace Backup.Journal.Postgres;

/// <summary>What every statement of this room needs.</summary>
internal static class Sql
{
    /// <param name="text">A constant of this room.</param>
    internal static NpgsqlCommand Command(NpgsqlConnection connection, string text, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // A constant, as said above.
        command.CommandText = text;
#pragma warning restore CA2100
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    internal static NpgsqlParameter<string> Text(string text) => new() { TypedValue = text };

    internal static NpgsqlParameter<string[]> Texts(IEnumerable<string> texts) => new() { TypedValue = [.. texts] };

    internal static NpgsqlParameter<long> Number(long number) => new() { TypedValue = number };

    internal static NpgsqlParameter<long[]> Numbers(IEnumerable<long> numbers) => new() { TypedValue = [.. numbers] };

    internal static NpgsqlParameter<ReadOnlyMemory<byte>> Bytes(ReadOnlyMemory<byte> bytes) => new() { TypedValue = bytes };

    internal static NpgsqlParameter<DateTime> Moment(DateTimeOffset moment) => new() { TypedValue = moment.UtcDateTime };

    internal static NpgsqlParameter<TimeSpan> Period(TimeSpan period) => new() { TypedValue = period };

    /// <summary>Runs a statement and reads its rows, and its commit behind them.</summary>
    internal static async Task<List<T>> ReadAsync<T>(this NpgsqlCommand command, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(row(reader));
        }

        await reader.ReadToCommitAsync(cancellationToken);
        return rows;
    }

    /// <summary>Reads on behind the last row: the commit comes after it, and so does its warning.</summary>
    internal static async Task ReadToCommitAsync(this NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        while (await reader.NextResultAsync(cancellationToken))
        {
        }
    }
}
