using System.Diagnostics;
using Microsoft.EntityFrameworkCore;

namespace Backup.Journal.Bench.Postgres;

/// <summary>
/// The control: Entity Framework Core as its documents show it, a context per order from a pool, one SaveChanges that inserts the order
/// and raises its account's count (two rows, one transaction). Each worker has accounts of its own, so nobody waits for a row.
/// </summary>
internal sealed class EntityFrameworkOrders(string connectionString, int workers, int accounts) : ISide
{
    private readonly DbContextOptions<Book> _options = new DbContextOptionsBuilder<Book>()
        .UseNpgsql(connectionString + ";Maximum Pool Size=64").UseQueryTrackingBehavior(QueryTrackingBehavior.TrackAll).Options;
    private readonly byte[] _payload = new byte[LedgerBehavior.PayloadBytes];
    private readonly byte[] _hash = new byte[32];

    public string Name => $"EF Core SaveChanges per order, {workers} workers";

    public async Task<Reading> RunAsync(TimeSpan time)
    {
        var watch = new Stopwatches();
        var until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(() => SaveUntilAsync(until, worker, watch))));
        var reading = watch.Read();
        return reading with { Commits = reading.Done };
    }

    public ValueTask DisposeAsync()
    {
        Npgsql.NpgsqlConnection.ClearAllPools();
        return ValueTask.CompletedTask;
    }

    private async Task SaveUntilAsync(long until, int worker, Stopwatches watch)
    {
        var chance = new Chance((uint)worker + 1);
        while (Stopwatch.GetTimestamp() is var at && at < until)
        {
            var id = (long)((chance.Next(accounts / workers) * workers) + worker);
            await using var book = new Book(_options);
            var account = await book.Accounts.SingleAsync(each => each.Id == id);
            account.Orders++;
            book.Orders.Add(new PlacedOrder { Account = id, Sequence = account.Orders, At = DateTime.UtcNow, Payload = _payload, Hash = _hash });
            await book.SaveChangesAsync();
            watch.Add(at);
        }
    }

    internal sealed class Book(DbContextOptions<Book> options) : DbContext(options)
    {
        public DbSet<PlacedOrder> Orders => Set<PlacedOrder>();

        public DbSet<BookAccount> Accounts => Set<BookAccount>();

        protected override void OnModelCreating(ModelBuilder modelBuilder)
        {
            var order = modelBuilder.Entity<PlacedOrder>().ToTable("orders");
            order.HasKey(each => each.Position);
            order.Property(each => each.Position).HasColumnName("position").UseIdentityAlwaysColumn();
            order.Property(each => each.Account).HasColumnName("account");
            order.Property(each => each.Sequence).HasColumnName("sequence");
            order.Property(each => each.At).HasColumnName("at");
            order.Property(each => each.Payload).HasColumnName("payload");
            order.Property(each => each.Hash).HasColumnName("hash");
            var account = modelBuilder.Entity<BookAccount>().ToTable("accounts");
            account.Property(each => each.Id).HasColumnName("id");
            account.Property(each => each.Orders).HasColumnName("orders");
        }
    }

    internal sealed class PlacedOrder
    {
        public long Position { get; set; }

        public long Account { get; set; }

        public long Sequence { get; set; }

        public DateTime At { get; set; }

        public byte[] Payload { get; set; } = [];

        public byte[] Hash { get; set; } = [];
    }

    internal sealed class BookAccount
    {
        public long Id { get; set; }

        public long Orders { get; set; }
    }
}
