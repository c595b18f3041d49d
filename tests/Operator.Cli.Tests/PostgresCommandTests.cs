using Backup.Actor.Kernel.Leases;
using Backup.Journal.Postgres;
using Backup.Tests;

namespace Backup.Operator.Cli.Tests;

/// <summary><c>pbm journal</c> on a PostgreSQL journal with the same morning as the one on disk.</summary>
public sealed class PostgresCommandTests : IAsyncLifetime
{
    private PostgresServer _server = null!;

    private string Connection => $"Host=127.0.0.1;Port={_server.Port};Database=postgres;Username={PostgresServer.User}";

    public async ValueTask InitializeAsync() => _server = await PostgresServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_journal_is_made_by_migrate_and_reads_as_the_one_on_disk_does()
    {
        var empty = await RunAsync("journal", "verify");
        Assert.Equal(1, empty.Status);
        Assert.Contains("run: pbm journal migrate", empty.Error, StringComparison.Ordinal);
        Assert.Equal(PostgresSchema.Version, (await RunAsync("journal", "migrate", "--json")).Json["applied"]!.AsArray().Count);
        Assert.Contains("nothing was to be done", (await RunAsync("journal", "migrate")).Output, StringComparison.Ordinal);
        await WriteAsync();
        using var disk = await JournalOnDisk.WriteAsync();

        foreach (var command in new[] { "show", "replay" })
        {
            var here = await RunAsync("journal", command, "DEMO01", "--json");
            var there = await Pbm.RunAsync("journal", command, "DEMO01", "--json", "--data", disk.Folder);
            Assert.Equal((0, there.Output), (here.Status, here.Output));
        }

        var whole = await RunAsync("journal", "verify", "--json");
        Assert.Equal((2, 2L * JournalOnDisk.RecordsEach, true), ((int)whole.Json["accounts"]!, (long)whole.Json["records"]!, (bool)whole.Json["ok"]!));

        await _server.ExecuteAsync("delete from backup.event where entity = 'DEMO01' and sequence = 7");
        var cut = await RunAsync("journal", "verify");
        Assert.Equal(1, cut.Status);
        Assert.Contains("DEMO01 record 7: the newest record is missing", cut.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_one_line_and_one_on_the_command_line_is_refused()
    {
        var wrong = await Pbm.RunWithPasswordAsync("open sesame", "journal", "migrate", "--postgres", Connection);
        Assert.Equal(1, wrong.Status);
        Assert.Contains("the server refused the login", wrong.Error, StringComparison.Ordinal);
        Assert.Single(wrong.Error.Trim().Split('\n'));

        var said = await Pbm.RunAsync("journal", "verify", "--postgres", Connection + ";Password=open sesame");
        Assert.Equal(1, said.Status);
        Assert.Contains("PGPASSWORD", said.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", wrong.Error + wrong.Output + said.Error + said.Output, StringComparison.Ordinal);
    }

    private Task<Said> RunAsync(params string[] arguments) => Pbm.RunWithPasswordAsync(PostgresServer.Password, [.. arguments, "--postgres", Connection]);

    private async Task WriteAsync()
    {
        await using var database = new JournalDatabase(_server.ConnectionString());
        await using var leases = new PostgresLeaseStore(database, TimeProvider.System);
        await using var journal = await PostgresJournal.OpenAsync(database, "test", TimeProvider.System);
        var taken = await leases.AcquireAsync("test", [new LeaseWish(LeaseKey.ForShard(0))], TimeSpan.FromMinutes(1));
        var epoch = Assert.IsType<LeaseAnswer.Held>(taken[0]).Lease.Epoch;
        foreach (var account in new[] { "DEMO01", "DEMO02" })
        {
            await JournalOnDisk.WriteAccountAsync(journal, account, epoch);
        }
    }
}
