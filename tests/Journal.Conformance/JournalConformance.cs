using System.Text;
using Backup.Actor.Kernel.Journal;
using Xunit;

namespace Backup.Journal.Conformance;

/// <summary>What every journal must do, whatever it is made of. Each implementation runs all of it.</summary>
public abstract class JournalConformance
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 6, 30, 0, TimeSpan.Zero);

    /// <summary>An empty journal whose appends under <see cref="Epoch"/> are accepted.</summary>
    protected abstract IJournal Journal { get; }

    protected abstract long Epoch { get; }

    [Fact]
    public async Task A_stored_history_reads_back_as_it_was_written()
    {
        var history = Chain("A", 3);
        Assert.Equal([AppendOutcome.Stored], await AppendAsync(Append("A", history)));

        var read = (await Journal.ReadAsync(["A"], default))["A"];

        Assert.Equal(history.Select(Text), read.Select(Text));
    }

    [Fact]
    public async Task An_entity_without_history_reads_as_empty()
    {
        var read = await Journal.ReadAsync(["nobody"], default);

        Assert.Empty(read["nobody"]);
        Assert.True((await Journal.ReadHeadAsync("nobody", default)).IsSameAs(JournalHead.Empty));
    }

    [Fact]
    public async Task A_history_goes_on_where_it_ended()
    {
        var history = Chain("A", 5);
        await AppendAsync(Append("A", history[..2]));

        Assert.Equal([AppendOutcome.Stored], await AppendAsync(Append("A", history[2..])));

        Assert.Equal(5, (await Journal.ReadHeadAsync("A", default)).Sequence);
    }

    [Fact]
    public async Task A_sequence_that_is_taken_is_a_conflict_and_stores_nothing()
    {
        var history = Chain("A", 2);
        await AppendAsync(Append("A", history));

        Assert.Equal([AppendOutcome.Conflict], await AppendAsync(Append("A", history[1..])));

        Assert.Equal(2, (await Journal.ReadAsync(["A"], default))["A"].Count);
    }

    [Fact]
    public async Task A_gap_in_the_sequence_is_a_conflict()
    {
        var history = Chain("A", 3);

        Assert.Equal([AppendOutcome.Conflict], await AppendAsync(Append("A", history[2..])));
        Assert.Empty(await Journal.ReadEntitiesAsync(default));
    }

    [Fact]
    public async Task An_offender_does_not_hurt_the_others_in_the_batch()
    {
        var taken = Chain("B", 1);
        await AppendAsync(Append("B", taken));

        var outcomes = await AppendAsync(Append("A", Chain("A", 2)), Append("B", taken), Append("C", Chain("C", 1)));

        Assert.Equal([AppendOutcome.Stored, AppendOutcome.Conflict, AppendOutcome.Stored], outcomes);
        Assert.Equal(2, (await Journal.ReadHeadAsync("A", default)).Sequence);
        Assert.Equal(1, (await Journal.ReadHeadAsync("C", default)).Sequence);
    }

    [Fact]
    public async Task An_append_under_an_older_epoch_is_fenced_and_stores_nothing()
    {
        var outcomes = await AppendAsync(Append("A", Chain("A", 1)) with { Epoch = Epoch - 1 }, Append("B", Chain("B", 1)));

        Assert.Equal([AppendOutcome.Fenced, AppendOutcome.Stored], outcomes);
        Assert.Empty((await Journal.ReadAsync(["A"], default))["A"]);
    }

    [Fact]
    public async Task Pending_work_is_listed_from_the_append_that_says_so_until_the_one_that_ends_it()
    {
        var history = Chain("A", 2);
        await AppendAsync(Append("A", history[..1]) with { PendingWork = true }, Append("B", Chain("B", 1)));
        Assert.Equal(["A"], await Journal.ReadPendingWorkAsync(default));

        await AppendAsync(Append("A", history[1..]));

        Assert.Empty(await Journal.ReadPendingWorkAsync(default));
    }

    [Fact]
    public async Task Pending_work_is_listed_for_the_shards_that_are_asked_for()
    {
        await AppendAsync(
            Append("B", Chain("B", 1)) with { PendingWork = true }, Append("A", Chain("A", 1)) with { PendingWork = true }, Append("C", Chain("C", 1)));

        Assert.Equal(["A", "B"], await Journal.ReadPendingWorkAsync([6, 7], default));
        Assert.Empty(await Journal.ReadPendingWorkAsync([6], default));
    }

    [Fact]
    public async Task The_whole_journal_reads_in_the_order_in_which_it_was_written()
    {
        var a = Chain("A", 2);
        await AppendAsync(Append("A", a[..1]));
        await AppendAsync(Append("B", Chain("B", 1)));
        await AppendAsync(Append("A", a[1..]));

        var all = new List<StoredRecord>();
        await foreach (var record in Journal.ReadAllAsync(default))
        {
            all.Add(record);
        }

        Assert.Equal([("A", 1L), ("B", 1L), ("A", 2L)], all.Select(record => (record.Entity, record.Record.Sequence)));
        Assert.Equal(all.Select(record => record.Position).Order(), all.Select(record => record.Position));
        Assert.Equal(["A", "B"], await Journal.ReadEntitiesAsync(default));
    }

    [Fact]
    public async Task Many_histories_read_in_one_go()
    {
        var names = Enumerable.Range(0, 300).Select(i => $"ACC{i}").ToArray();
        await AppendAsync([.. names.Select(name => Append(name, Chain(name, 2)))]);

        var read = await Journal.ReadAsync(names, default);

        Assert.All(names, name => Assert.Equal(2, read[name].Count));
    }

    [Fact]
    public async Task Histories_read_from_a_sequence_on_each_from_its_own()
    {
        var (a, b) = (Chain("A", 5), Chain("B", 3));
        await AppendAsync(Append("A", a[..2]), Append("B", b));
        await AppendAsync(Append("A", a[2..]), Append("C", Chain("C", 2)));

        var read = await Journal.ReadFromAsync(
            new Dictionary<string, long>(StringComparer.Ordinal) { ["A"] = 4, ["B"] = 1, ["C"] = 3, ["nobody"] = 1 }, default);

        Assert.Equal(["A", "B", "C", "nobody"], read.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(a[3..].Select(Text), read["A"].Select(Text));
        Assert.Equal(b.Select(Text), read["B"].Select(Text));
        Assert.Empty(read["C"]);
        Assert.Empty(read["nobody"]);
        Assert.Equal(a[4..].Select(Text), (await Journal.ReadFromAsync(new Dictionary<string, long>(StringComparer.Ordinal) { ["A"] = 5 }, default))["A"].Select(Text));
    }

    [Fact]
    public async Task A_payload_may_be_large_or_empty()
    {
        var large = Link(JournalHead.Empty, "A", new string('x', 200_000));
        var empty = Link(new JournalHead(1, large.Hash), "A", "");

        await AppendAsync(Append("A", [large, empty]));

        var read = (await Journal.ReadAsync(["A"], default))["A"];
        Assert.Equal(200_000, read[0].Payload.Length);
        Assert.Equal(0, read[1].Payload.Length);
        Assert.True(HashChain.Follows(JournalHead.Empty, "A", read[0]));
        Assert.True(HashChain.Follows(new JournalHead(1, read[0].Hash), "A", read[1]));
    }

    protected async Task<AppendOutcome[]> AppendAsync(params EntityAppend[] batch) => [.. await Journal.AppendAsync(batch, default)];

    protected EntityAppend Append(string entity, JournalRecord[] records) => new(entity, 7, Epoch, PendingWork: false, records);

    internal static JournalRecord[] Chain(string entity, int count)
    {
        var records = new List<JournalRecord>();
        var head = JournalHead.Empty;
        for (var i = 0; i < count; i++)
        {
            var record = Link(head, entity, $"{{\"n\":{i}}}");
            records.Add(record);
            head = new JournalHead(record.Sequence, record.Hash);
        }

        return [.. records];
    }

    internal static JournalRecord Link(JournalHead head, string entity, string payload, DateTimeOffset? when = null)
    {
        var bytes = Encoding.UTF8.GetBytes(payload);
        var at = when ?? Noon.AddMicroseconds(head.Sequence);
        return new JournalRecord(
            head.Sequence + 1, at, 3, 1, bytes, HashChain.Next(head.Hash.Span, entity, head.Sequence + 1, at, 3, 1, bytes));
    }

    private static string Text(JournalRecord record) =>
        $"{record.Sequence} {record.At:O} {record.Type}.{record.Version} {Encoding.UTF8.GetString(record.Payload.Span)} {Convert.ToHexString(record.Hash.Span)}";
}
