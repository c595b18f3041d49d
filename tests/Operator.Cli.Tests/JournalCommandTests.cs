namespace Backup.Operator.Cli.Tests;

/// <summary><c>pbm journal</c> on a journal that is whole, and on one that somebody has been at.</summary>
public sealed class JournalCommandTests : IAsyncLifetime
{
    private const string OfDemo01 = "entity = (select number from entity where id = 'DEMO01')";
    private JournalOnDisk _journal = null!;

    public async ValueTask InitializeAsync() => _journal = await JournalOnDisk.WriteAsync();

    public ValueTask DisposeAsync()
    {
        _journal.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_whole_journal_is_said_to_be_whole()
    {
        var said = await VerifyAsync();

        Assert.Equal(0, said.Status);
        Assert.Equal((2, 2L * JournalOnDisk.RecordsEach, true), ((int)said.Json["accounts"]!, (long)said.Json["records"]!, (bool)said.Json["ok"]!));
    }

    [Fact]
    public async Task A_changed_byte_of_a_payload_is_found_and_named()
    {
        _journal.Tamper($"update event set payload = cast(replace(cast(payload as text), '75', '76') as blob) where sequence = 4 and {OfDemo01}");

        await ExpectFaultAsync("DEMO01 record 4 ", "hash does not fit");
    }

    [Fact]
    public async Task A_changed_time_is_found_and_named()
    {
        _journal.Tamper($"update event set at = at + 1 where sequence = 5 and {OfDemo01}");

        await ExpectFaultAsync("DEMO01 record 5 ", "hash does not fit");
    }

    [Fact]
    public async Task A_missing_record_is_found_and_named()
    {
        _journal.Tamper($"delete from event where sequence = 3 and {OfDemo01}");

        await ExpectFaultAsync("DEMO01 record 4 ", "expected record 3: a record is missing or out of order");
    }

    [Fact]
    public async Task Two_swapped_records_are_found_and_named()
    {
        _journal.Tamper($"""
            update event set sequence = -2 where sequence = 2 and {OfDemo01};
            update event set sequence = 2 where sequence = 4 and {OfDemo01};
            update event set sequence = 4 where sequence = -2 and {OfDemo01};
            """);

        await ExpectFaultAsync("DEMO01 record 4 ", "expected record 2: a record is missing or out of order");
    }

    [Fact]
    public async Task A_record_carried_over_from_another_account_is_found_and_named()
    {
        _journal.Tamper($"""
            update event set (payload, hash) = (select payload, hash from event other where other.sequence = 6 and other.entity <> event.entity)
            where sequence = 6 and {OfDemo01}
            """);

        await ExpectFaultAsync("DEMO01 record 6 ", "hash does not fit");
    }

    [Fact]
    public async Task An_event_of_an_unknown_type_is_found_and_named_even_when_its_hash_fits()
    {
        var records = (await Pbm.RunAsync("journal", "show", "DEMO01", "--data", _journal.Folder, "--json")).Json.AsArray();
        var previous = Convert.FromHexString((string)records[5]!["hash"]!);
        var at = DateTimeOffset.Parse((string)records[6]!["at"]!);
        var hash = Actor.Kernel.Journal.HashChain.Next(previous, "DEMO01", 7, at, 999, 1, "{}"u8);
        _journal.Tamper($"update event set type = 999, version = 1, payload = x'7b7d', hash = x'{Convert.ToHexString(hash)}' where sequence = 7 and {OfDemo01}");

        await ExpectFaultAsync("DEMO01 record 7 ", "type 999 version 1 is not known to this build");
    }

    [Fact]
    public async Task A_history_that_is_gone_altogether_is_found()
    {
        _journal.Tamper($"delete from event where {OfDemo01}");

        await ExpectFaultAsync("DEMO01: every record is missing", "");
    }

    [Fact]
    public async Task A_newest_record_that_was_cut_off_is_found_and_named()
    {
        _journal.Tamper($"delete from event where sequence = {JournalOnDisk.RecordsEach} and {OfDemo01}");

        await ExpectFaultAsync($"DEMO01 record {JournalOnDisk.RecordsEach}", "the newest record is missing");
    }

    [Fact]
    public async Task People_are_told_in_plain_words_and_scripts_by_the_status()
    {
        _journal.Tamper($"delete from event where sequence = 3 and {OfDemo01}");

        var said = await Pbm.RunAsync("journal", "verify", "--data", _journal.Folder);

        Assert.Equal(1, said.Status);
        Assert.Contains("1 accounts cannot be trusted", said.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10:05", 1, 0)]
    [InlineData("10:10:00", 3, 1)]
    [InlineData("2026-11-20T10:25:00+05:30", 5, 2)]
    [InlineData("2026-11-20T05:00:00Z", 7, 3)]
    [InlineData(null, 7, 3)]
    public async Task A_replay_shows_the_account_as_it_was_at_that_moment(string? at, long events, int orders)
    {
        string[] moment = at is null ? [] : ["--at", at];

        var said = await Pbm.RunAsync(["journal", "replay", "demo01", "--data", _journal.Folder, "--json", .. moment]);

        Assert.Equal(0, said.Status);
        Assert.Equal((events, orders, 300L), ((long)said.Json["events"]!, said.Json["orders"]!.AsArray().Count, (long)said.Json["positions"]![0]!["quantity"]!));
        Assert.Equal(75L * orders, (long)said.Json["positions"]![0]!["pending_exit_quantity"]!);
    }

    [Fact]
    public async Task The_same_moment_replayed_twice_has_the_same_digest()
    {
        var first = await Pbm.RunAsync("journal", "replay", "DEMO01", "--at", "10:15", "--data", _journal.Folder, "--json");
        var again = await Pbm.RunAsync("journal", "replay", "DEMO01", "--at", "10:15", "--data", _journal.Folder, "--json");

        Assert.Equal(64, ((string)first.Json["digest"]!).Length);
        Assert.Equal(first.Output, again.Output);
    }

    [Fact]
    public async Task Several_accounts_are_shown_one_after_the_other_each_event_with_its_account()
    {
        var said = await Pbm.RunAsync("journal", "show", "demo02", "DEMO01", "DEMO02", "--data", _journal.Folder, "--json");

        Assert.Equal(0, said.Status);
        Assert.Equal(
            new[] { "DEMO02", "DEMO01" }.SelectMany(account => Enumerable.Range(1, JournalOnDisk.RecordsEach).Select(sequence => (account, sequence))),
            said.Json.AsArray().Select(record => ((string)record!["account"]!, (int)record["sequence"]!)));
    }

    [Fact]
    public async Task Several_accounts_are_replayed_to_the_states_that_each_has_alone()
    {
        var alone = await Pbm.RunAsync("journal", "replay", "DEMO02", "--at", "10:15", "--data", _journal.Folder, "--json");
        var both = await Pbm.RunAsync("journal", "replay", "DEMO01", "DEMO02", "--at", "10:15", "--data", _journal.Folder, "--json");
        var told = await Pbm.RunAsync("journal", "replay", "DEMO01", "DEMO02", "--at", "10:15", "--data", _journal.Folder);

        Assert.Equal(["DEMO01", "DEMO02"], both.Json.AsArray().Select(state => (string)state!["account"]!));
        Assert.Equal((string)alone.Json["digest"]!, (string)both.Json[1]!["digest"]!);
        Assert.Equal(2, told.Output.Split('\n').Count(line => line.Contains("2026-11-20 10:15:00.000000 IST: rebuilt from", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_replay_over_a_changed_record_stops_there_and_says_so()
    {
        _journal.Tamper($"update event set payload = cast(replace(cast(payload as text), '75', '76') as blob) where sequence = 4 and {OfDemo01}");

        var said = await Pbm.RunAsync("journal", "replay", "DEMO01", "--data", _journal.Folder);

        Assert.Equal(1, said.Status);
        Assert.Contains("DEMO01: record 4 does not follow record 3", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_one_of_several_accounts_is_unknown_it_is_named_and_nothing_is_shown()
    {
        var said = await Pbm.RunAsync("journal", "show", "DEMO01", "DEMO09", "--data", _journal.Folder);

        Assert.Equal((1, "pbm: the journal has no account DEMO09", ""), (said.Status, said.Error.Trim(), said.Output));
    }

    [Theory]
    [InlineData("DEMO09", null, "the journal has no account DEMO09")]
    [InlineData("DEMO01", "yesterday", "--at: found \"yesterday\", expected")]
    public async Task What_cannot_be_replayed_is_said_in_one_line(string account, string? at, string message)
    {
        string[] moment = at is null ? [] : ["--at", at];

        var said = await Pbm.RunAsync(["journal", "replay", account, "--data", _journal.Folder, .. moment]);

        Assert.Equal(1, said.Status);
        Assert.StartsWith($"pbm: {message}", said.Error, StringComparison.Ordinal);
        Assert.Single(said.Error.Trim().Split('\n'));
    }

    [Fact]
    public async Task A_folder_without_a_journal_is_named()
    {
        var said = await Pbm.RunAsync("journal", "verify", "--data", Path.Combine(_journal.Folder, "nothing"));

        Assert.Equal(1, said.Status);
        Assert.StartsWith("pbm: no journal in ", said.Error, StringComparison.Ordinal);
    }

    private async Task ExpectFaultAsync(string where, string what)
    {
        var said = await VerifyAsync();

        Assert.Equal(1, said.Status);
        var fault = (string)Assert.Single(said.Json["faults"]!.AsArray())!;
        Assert.StartsWith(where, fault, StringComparison.Ordinal);
        Assert.Contains(what, fault, StringComparison.Ordinal);
    }

    private Task<Said> VerifyAsync() => Pbm.RunAsync("journal", "verify", "--data", _journal.Folder, "--json");
}
