using System.Globalization;
using Backup.Actor.Kernel.Journal;
using Npgsql;

namespace Backup.Journal.Postgres;

/// <summary>
/// One synchronous commit. When it has returned, everything that was visible before it is on the standby too, because the log is sent in
/// order: only then may what was read be acted on. A server that crashed and came back shows commits that no standby has.
/// </summary>
internal static class Barrier
{
    /// <summary>Adds one to the row of <paramref name="writer"/> and returns what it is now.</summary>
    /// <exception cref="JournalException">The wait for the standby was cut short by somebody: nothing is proven.</exception>
    internal static async Task<long> CommitAsync(NpgsqlConnection connection, string writer)
    {
        using var warnings = new Warnings(connection);
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 0;
        command.CommandText = """
            insert into journal_writer as w (name, incarnation) values ($1, 1)
            on conflict (name) do update set incarnation = w.incarnation + 1 returning incarnation
            """;
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = writer });
        var incarnation = Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
        return warnings.Last is null
            ? incarnation
            : throw new JournalException($"the barrier commit is in doubt: {warnings.Last}");
    }
}

/// <summary>
/// Listens for warnings while a statement runs. "Canceling wait for synchronous replication" is one, in whatever language: the server
/// then reports success for a commit that the standby may not have. Our statements cause no other.
/// </summary>
internal sealed class Warnings : IDisposable
{
    private readonly NpgsqlConnection _connection;

    internal Warnings(NpgsqlConnection connection)
    {
        _connection = connection;
        _connection.Notice += Hear;
    }

    internal string? Last { get; private set; }

    public void Dispose() => _connection.Notice -= Hear;

    private void Hear(object sender, NpgsqlNoticeEventArgs said)
    {
        if (said.Notice.InvariantSeverity == "WARNING")
        {
            Last = said.Notice.MessageText;
        }
    }
}
