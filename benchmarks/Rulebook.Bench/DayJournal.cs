using System.Buffers;
using System.Runtime.CompilerServices;
using Backup.Account.Domain.Journal;
using Backup.Actor.Kernel.Journal;

namespace Backup.Rulebook.Bench;

/// <summary>A journal in which every account has opened its day and done nothing since. It keeps nothing itself, so that what is in memory is the region's.</summary>
internal sealed class DayJournal : IJournal
{
    private readonly ArrayBufferWriter<byte> _payload = new();
    private readonly short _type;
    private readonly short _version;

    internal DayJournal(long lots) => (_type, _version) = AccountEventCodec.Encode(Samples.Morning(lots), _payload);

    public ValueTask<IReadOnlyDictionary<string, IReadOnlyList<JournalRecord>>> ReadAsync(IReadOnlyCollection<string> entities, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyDictionary<string, IReadOnlyList<JournalRecord>>>(
            entities.ToDictionary(entity => entity, IReadOnlyList<JournalRecord> (entity) => [RecordOf(entity)], StringComparer.Ordinal));

    public ValueTask<IReadOnlyDictionary<string, IReadOnlyList<JournalRecord>>> ReadFromAsync(
        IReadOnlyDictionary<string, long> sequences, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyDictionary<string, IReadOnlyList<JournalRecord>>>(
            sequences.ToDictionary(wanted => wanted.Key, IReadOnlyList<JournalRecord> (wanted) => wanted.Value <= 1 ? [RecordOf(wanted.Key)] : [], StringComparer.Ordinal));

    public ValueTask<JournalHead> ReadHeadAsync(string entity, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new JournalHead(1, RecordOf(entity).Hash));

    public ValueTask<IReadOnlyList<string>> ReadPendingWorkAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<string>>([]);

    public ValueTask<IReadOnlyList<string>> ReadPendingWorkAsync(IReadOnlyCollection<int> shards, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<string>>([]);

    public ValueTask<IReadOnlyList<string>> ReadEntitiesAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<string>>([]);

    public async IAsyncEnumerable<StoredRecord> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        yield break;
    }

    public ValueTask<IReadOnlyList<AppendOutcome>> AppendAsync(IReadOnlyList<EntityAppend> batch, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<AppendOutcome>>([.. batch.Select(_ => AppendOutcome.NotStored)]);

    private JournalRecord RecordOf(string entity)
    {
        var payload = _payload.WrittenMemory.ToArray();
        var hash = HashChain.Next(HashChain.Origin.Span, entity, 1, Samples.At, _type, _version, payload);
        return new JournalRecord(1, Samples.At, _type, _version, payload, hash);
    }
}
