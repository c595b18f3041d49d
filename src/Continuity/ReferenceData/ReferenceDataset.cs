using System.Collections.Frozen;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Backup.Continuity.ReferenceData;

/// <summary>A dataset is absent, of another form, or not what was written.</summary>
public sealed class ReferenceDataException(string message) : Exception(message);

/// <summary>One source file of a dataset, as its receipt was kept.</summary>
public sealed record ReferenceSource(string Role, string Name, string Sha256, long Rows, long Accepted, long Skipped, long Refused);

/// <summary>The beginning of one day, whole and unchanging: instruments, clients and what each carried into the day.</summary>
public sealed class ReferenceDataset
{
    /// <summary>The name of the dataset in the data folder.</summary>
    public const string FileName = "reference.db";

    /// <summary>The name of the dataset that stood before.</summary>
    public const string PreviousFileName = "reference.previous.db";

    private readonly FrozenDictionary<string, Client> _clients;
    private readonly FrozenDictionary<string, CarriedPosition[]> _positions;
    private readonly ILookup<string, MainOrder> _mainOrders;

    internal ReferenceDataset(
        DateOnly businessDate,
        DateTimeOffset importedAt,
        string datasetHash,
        InstrumentTable instruments,
        IReadOnlyList<Client> clients,
        IReadOnlyList<CarriedPosition> positions,
        IReadOnlyList<MainOrder> mainOrders,
        IReadOnlyList<ReferenceSource> sources)
    {
        BusinessDate = businessDate;
        ImportedAt = importedAt;
        DatasetHash = datasetHash;
        Instruments = instruments;
        Clients = clients;
        Positions = positions;
        MainOrders = mainOrders;
        Sources = sources;
        _clients = clients.ToFrozenDictionary(static client => client.Id, StringComparer.Ordinal);
        _positions = positions.GroupBy(static position => position.ClientId, StringComparer.Ordinal)
            .ToFrozenDictionary(static group => group.Key, static group => group.ToArray(), StringComparer.Ordinal);
        _mainOrders = mainOrders.ToLookup(static order => order.ClientId, StringComparer.Ordinal);
    }

    /// <summary>The day whose end the positions are of.</summary>
    public DateOnly BusinessDate { get; }

    public DateTimeOffset ImportedAt { get; }

    /// <summary>SHA-256, in hexadecimal, over all that the dataset says; the same files give the same hash on any day.</summary>
    public string DatasetHash { get; }

    public InstrumentTable Instruments { get; }

    /// <summary>Ordered by id.</summary>
    public IReadOnlyList<Client> Clients { get; }

    /// <summary>Ordered by client, exchange, trading symbol and product.</summary>
    public IReadOnlyList<CarriedPosition> Positions { get; }

    /// <summary>Orders that the main site left at the exchange, ordered by client, exchange, trading symbol and number.</summary>
    public IReadOnlyList<MainOrder> MainOrders { get; }

    public IReadOnlyList<ReferenceSource> Sources { get; }

    public Client? FindClient(string clientId) => _clients.GetValueOrDefault(clientId);

    /// <summary>Ordered by exchange, trading symbol and product; empty for a client who carried nothing or is not known.</summary>
    public IReadOnlyList<CarriedPosition> PositionsOf(string clientId) => _positions.GetValueOrDefault(clientId, []);

    /// <summary>Empty for a client whom the main site left none.</summary>
    public IEnumerable<MainOrder> MainOrdersOf(string clientId) => _mainOrders[clientId];

    /// <param name="path">The database file, or the data folder that holds it as <see cref="FileName"/>.</param>
    /// <exception cref="ReferenceDataException">Absent, of another form, or its content does not have the hash it was given.</exception>
    public static ReferenceDataset Load(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, FileName) : path;
        if (!File.Exists(file))
        {
            throw new ReferenceDataException($"{file}: found no dataset, expected one made by the import of the day's files.");
        }

        try
        {
            using var connection = ReferenceStore.OpenReadOnly(file);
            var dataset = Read(connection, file);
            return dataset;
        }
        catch (SqliteException e)
        {
            throw new ReferenceDataException($"{file}: found a file that is not a whole dataset, expected one made by the import ({e.Message}).");
        }
    }

    private static ReferenceDataset Read(SqliteConnection connection, string file)
    {
        var form = ReferenceStore.FormOf(connection);
        if (form != ReferenceStore.Form)
        {
            throw new ReferenceDataException($"{file}: found a dataset of form {form}, expected form {ReferenceStore.Form}; import the day's files again.");
        }

        var meta = ReferenceStore.ReadMeta(connection);
        var instruments = ReferenceStore.ReadInstruments(connection);
        var clients = ReferenceStore.ReadClients(connection);
        var positions = ReferenceStore.ReadPositions(connection, instruments);
        var businessDate = DateOnly.ParseExact(meta["business_date"], "yyyy-MM-dd", CultureInfo.InvariantCulture);
        var mainOrders = ReferenceStore.ReadMainOrders(connection, instruments);
        var hash = DatasetHasher.Hash(businessDate, instruments.Values, clients, positions, mainOrders);
        if (hash != meta["dataset_hash"])
        {
            throw new ReferenceDataException($"{file}: found content with the hash {hash}, expected {meta["dataset_hash"]}; it was changed after the import.");
        }

        return new ReferenceDataset(
            businessDate,
            DateTimeOffset.Parse(meta["imported_at"], CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
            hash,
            new InstrumentTable([.. instruments.Values]),
            clients,
            positions,
            mainOrders,
            ReferenceStore.ReadSources(connection));
    }
}
