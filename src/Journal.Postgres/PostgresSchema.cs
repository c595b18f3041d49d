using System.Globalization;
using System.Reflection;
using Backup.Actor.Kernel.Journal;
using Npgsql;

namespace Backup.Journal.Postgres;

/// <summary>The tables, as numbered steps that are applied once each and in order.</summary>
public static class PostgresSchema
{
    private const long MigrationLock = 7210620261121;

    /// <summary>The steps of this build: <c>0001-journal.sql</c>, ...</summary>
    private static readonly (int Version, string Name)[] Steps =
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => (int.Parse(name[..4], NumberStyles.None, CultureInfo.InvariantCulture), Path.GetFileNameWithoutExtension(name))),
    ];

    /// <summary>The schema version that this build reads and writes.</summary>
    public static int Version => Steps[^1].Version;

    /// <summary>Applies the steps that are missing, each in a transaction. Two that run at once do it once.</summary>
    /// <returns>The names of the steps that were applied; empty when nothing was to be done.</returns>
    /// <exception cref="JournalException">The database cannot be used or is of a newer release.</exception>
    public static async Task<IReadOnlyList<string>> MigrateAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var database = new JournalDatabase(connectionString);
        try
        {
            return await MigrateAsync(database, connectionString, cancellationToken);
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException or IOException)
        {
            throw database.Explain(failure);
        }
    }

    /// <exception cref="JournalException">The tables are missing, or of another release.</exception>
    internal static async Task CheckAsync(NpgsqlConnection connection, string where, CancellationToken cancellationToken)
    {
        var found = await ReadVersionAsync(connection, cancellationToken);
        if (found == Version)
        {
            return;
        }

        throw new JournalException(found switch
        {
            null => $"{where} has no journal yet; run: pbm journal migrate",
            { } older when older < Version => $"{where} has schema version {older}, this build needs {Version}; run: pbm journal migrate",
            { } newer => $"{where} has schema version {newer}, this build knows {Version} at most: it was migrated by a newer release, use that one.",
        });
    }

    private static async Task<IReadOnlyList<string>> MigrateAsync(JournalDatabase database, string connectionString, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            CommandTimeout = 0,
            CancellationTimeout = -1,
            Enlist = false,
            Options = $"-c search_path={JournalDatabase.SchemaName} -c client_min_messages=warning",
        };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await ExecuteAsync(connection, $"select pg_advisory_lock({MigrationLock})", cancellationToken);
        await ExecuteAsync(
            connection,
            $"""
            create schema if not exists {JournalDatabase.SchemaName};
            create table if not exists schema_version (version int primary key, name text not null, applied_at timestamptz not null default clock_timestamp())
            """,
            cancellationToken);
        var found = await ReadVersionAsync(connection, cancellationToken) ?? 0;
        if (found > Version)
        {
            await CheckAsync(connection, database.Where, cancellationToken);
        }

        var applied = new List<string>();
        foreach (var (version, name) in Steps.Where(step => step.Version > found))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await ExecuteAsync(connection, await TextOfAsync(name, cancellationToken), cancellationToken);
            await ExecuteAsync(connection, $"insert into schema_version (version, name) values ({version}, '{name}')", cancellationToken);
            await transaction.CommitAsync(CancellationToken.None);
            applied.Add(name);
        }

        return applied;
    }

    private static async Task<int?> ReadVersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandTimeout = JournalDatabase.LookSeconds;
        command.CommandText = $"select to_regclass('{JournalDatabase.SchemaName}.schema_version') is not null";
        if (await command.ExecuteScalarAsync(cancellationToken) is not true)
        {
            return null;
        }

        command.CommandText = $"select max(version) from {JournalDatabase.SchemaName}.schema_version";
        return await command.ExecuteScalarAsync(cancellationToken) as int?;
    }

    private static async Task<string> TextOfAsync(string name, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name + ".sql")!);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Our own steps and constants.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
