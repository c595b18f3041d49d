using Backup.Actor.Kernel.Journal;
using Npgsql;

namespace Backup.Journal.Postgres;

/// <summary>The statements that read, and how their rows become records.</summary>
internal static class Queries
{
    private const string Columns = $"position, shard, entity, epoch, {RecordColumns}";

    private const string RecordColumns = "sequence, at, type, version, payload, hash";

    internal const string Histories = $"select entity, {RecordColumns} from event where entity = any($1) order by entity, sequence";

    internal const string Tails = $"""
        select w.entity, {RecordColumns}
        from unnest($1, $2) as w (entity, first) join event e on e.entity = w.entity and e.sequence >= w.first
        order by w.entity, e.sequence
        """;

    internal const string Page = $"select {Columns} from event where position > $1 and position <= $2 order by position limit $3";

    // The head's day leads to the one partition that has its record.
    private const string HeadsOf = """
        select h.entity, v.sequence, v.hash
        from entity_head h join event v on v.day = h.day and v.entity = h.entity and v.sequence = h.sequence
        where h.entity = any($1)
        """;

    internal static NpgsqlCommand Heads(NpgsqlConnection connection, IReadOnlyCollection<string> entities) =>
        Sql.Command(connection, HeadsOf, new NpgsqlParameter<string[]> { TypedValue = [.. entities] });

    internal static async Task<Dictionary<string, JournalHead>> ReadHeadsAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var heads = new Dictionary<string, JournalHead>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            heads[reader.GetString(0)] = new JournalHead(reader.GetInt64(1), (byte[])reader.GetValue(2));
        }

        return heads;
    }

    internal static StoredRecord ReadStored(NpgsqlDataReader reader) =>
        new(reader.GetInt64(0), reader.GetInt32(1), reader.GetString(2), reader.GetInt64(3), ReadRecord(reader, 4));

    /// <param name="first">Where the record's columns begin.</param>
    internal static JournalRecord ReadRecord(NpgsqlDataReader reader, int first) => new(
        reader.GetInt64(first),
        new DateTimeOffset(reader.GetDateTime(first + 1)),
        reader.GetInt16(first + 2),
        reader.GetInt16(first + 3),
        reader.GetFieldValue<byte[]>(first + 4),
        reader.GetFieldValue<byte[]>(first + 5));
}
