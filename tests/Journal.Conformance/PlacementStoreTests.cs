using Backup.Actor.Kernel.Cluster;
using Backup.Journal.Postgres;
using Xunit;

namespace Backup.Journal.Conformance;

public sealed class MemoryShardPlacementsTests : PlacementConformance
{
    protected override IShardPlacements Placements { get; } = new MemoryShardPlacements();
}

public sealed class PostgresShardPlacementsTests(SharedPostgres shared) : PlacementConformance, IAsyncLifetime
{
    private JournalDatabase _database = null!;

    protected override IShardPlacements Placements => new PostgresShardPlacements(_database);

    public async ValueTask InitializeAsync() => _database = await shared.OpenNewDatabaseAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
