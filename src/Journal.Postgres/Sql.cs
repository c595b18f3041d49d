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

    /// <summary>Reads on behind the last row: the commit comes after it, and so does its warning.</summary>
    internal static async Task ReadToCommitAsync(this NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        while (await reader.NextResultAsync(cancellationToken))
        {
        }
    }
}
