using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Backup.Continuity.ReferenceData;

/// <summary>Reads the tables of a dataset.</summary>
internal static class ReferenceStore
{
    /// <summary>Changes when the tables do; a dataset of another form is imported again, never converted.</summary>
    public const long Form = 2;

    public const string Schema = """
        create table meta (key text primary key, value text not null) without rowid;
        create table source_file (
          id integer primary key, role text not null, name text not null, sha256 text not null,
          rows integer not null, accepted integer not null, skipped integer not null, refused integer not null);
        create table bad_row (
          id integer primary key, file text not null, line integer not null, column_name text not null, found text not null, expected text not null);
        create table instrument (
          id integer primary key, exchange text not null, trading_symbol text not null, instrument_token integer not null,
          exchange_token integer not null, name text not null, symbol text not null, series text not null, type text not null,
          expiry text, strike_paise integer not null, tick_paise integer not null, lot_size integer not null,
          freeze_quantity integer not null, close_paise integer not null);
        create table client (
          id text primary key, name text not null, pan text not null, mobile text not null, email text not null,
          segments text not null, status text not null) without rowid;
        create table position (
          client_id text not null, instrument_id integer not null, product text not null, quantity integer not null,
          average_price_paise integer not null, t1_quantity integer not null, holding_quantity integer not null,
          primary key (client_id, instrument_id, product)) without rowid;
        create table main_order (
          exchange_order_number integer not null, client_id text not null, instrument_id integer not null, product text not null,
          is_buy integer not null, quantity integer not null, limit_paise integer not null, trigger_paise integer not null,
          variety text not null, order_id text not null, parent_order_id text, placed_by text not null,
          primary key (instrument_id, exchange_order_number)) without rowid;
        """;

    public static SqliteConnection OpenReadOnly(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        }.ToString());
        connection.Open();
        return connection;
    }

    public static long FormOf(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "pragma user_version";
        return (long)command.ExecuteScalar()!;
    }

    public static Dictionary<string, string> ReadMeta(SqliteConnection connection) =>
        Rows(connection, "select key, value from meta", static row => (Key: row.GetString(0), Value: row.GetString(1)))
            .ToDictionary(static pair => pair.Key, static pair => pair.Value, StringComparer.Ordinal);

    /// <summary>By the id of their row, which is their order by exchange and trading symbol.</summary>
    public static SortedDictionary<long, Instrument> ReadInstruments(SqliteConnection connection)
    {
        const string Text = """
            select id, exchange, trading_symbol, instrument_token, exchange_token, name, symbol, series, type, expiry, strike_paise,
              tick_paise, lot_size, freeze_quantity, close_paise
            from instrument order by id
            """;
        var instruments = new SortedDictionary<long, Instrument>();
        foreach (var (id, instrument) in Rows(connection, Text, static row => (row.GetInt64(0), ReadInstrument(row))))
        {
            instruments.Add(id, instrument);
        }

        return instruments;
    }

    public static List<Client> ReadClients(SqliteConnection connection) =>
        [.. Rows(connection, "select id, name, pan, mobile, email, segments, status from client order by id", static row => new Client(
            row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4),
            row.GetString(5).Split('|'), Enum.Parse<ClientStatus>(row.GetString(6))))];

    public static List<CarriedPosition> ReadPositions(SqliteConnection connection, IReadOnlyDictionary<long, Instrument> instruments) =>
        [.. Rows(
            connection,
            "select client_id, instrument_id, product, quantity, average_price_paise, t1_quantity, holding_quantity from position order by client_id, instrument_id, product",
            row => new CarriedPosition(row.GetString(0), instruments[row.GetInt64(1)], row.GetString(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6)))];

    public static List<MainOrder> ReadMainOrders(SqliteConnection connection, IReadOnlyDictionary<long, Instrument> instruments) =>
        [.. Rows(
            connection,
            """
            select client_id, instrument_id, product, is_buy, quantity, limit_paise, trigger_paise, exchange_order_number, variety, order_id,
              parent_order_id, placed_by
            from main_order order by client_id, instrument_id, exchange_order_number
            """,
            row => new MainOrder(
                row.GetString(0), instruments[row.GetInt64(1)], row.GetString(2), row.GetInt64(3) != 0, row.GetInt64(4), row.GetInt64(5), row.GetInt64(6),
                row.GetInt64(7), row.GetString(8), row.GetString(9), row.IsDBNull(10) ? null : row.GetString(10), row.GetString(11)))];

    public static List<ReferenceSource> ReadSources(SqliteConnection connection) =>
        [.. Rows(connection, "select role, name, sha256, rows, accepted, skipped, refused from source_file order by id", static row => new ReferenceSource(
            row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6)))];

    private static Instrument ReadInstrument(SqliteDataReader row) => new()
    {
        Exchange = row.GetString(1),
        TradingSymbol = row.GetString(2),
        InstrumentToken = row.GetInt64(3),
        ExchangeToken = row.GetInt32(4),
        Name = row.GetString(5),
        Symbol = row.GetString(6),
        Series = row.GetString(7),
        Type = Enum.Parse<InstrumentType>(row.GetString(8)),
        Expiry = row.IsDBNull(9) ? null : DateOnly.ParseExact(row.GetString(9), "yyyy-MM-dd", CultureInfo.InvariantCulture),
        StrikePaise = row.GetInt64(10),
        TickPaise = row.GetInt64(11),
        LotSize = row.GetInt64(12),
        FreezeQuantity = row.GetInt64(13),
        ClosePaise = row.GetInt64(14),
    };

    private static IEnumerable<T> Rows<T>(SqliteConnection connection, string text, Func<SqliteDataReader, T> read)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return read(reader);
        }
    }
}
