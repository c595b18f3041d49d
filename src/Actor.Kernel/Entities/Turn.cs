using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Backup.Actor.Kernel.Journal;

namespace Backup.Actor.Kernel.Entities;

/// <summary>What came of one turn.</summary>
/// <param name="Failure">Not null: the state in memory must be dropped and reloaded.</param>
/// <param name="IsJournals">The failure is the journal's: it says nothing against the entity.</param>
internal readonly record struct TurnResult<TEffect>(bool Stored, ImmutableArray<TEffect> Effects, string? Failure, bool IsJournals = false);

/// <summary>
/// The state of a loaded entity and the one way to change it: decide each command on a candidate, fold, append all events
/// at once, and only then swap the state and answer.
/// </summary>
/// <param name="snapshot">The sequence of the snapshot that the entity woke from; 0 when there was none.</param>
internal sealed class Turn<TState, TCommand, TEvent, TReply, TEffect>(
    string id, long epoch, EntityHost<TState, TCommand, TEvent, TReply, TEffect> host, TState state, JournalHead head, long snapshot)
    where TState : class
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);
    private readonly List<(CommandRequest<TCommand, TReply, TState> Request, TReply Reply)> _answers = [];
    private JournalHead _head = head;
    private long _snapshot = snapshot;
    private long _snapshotAt = host.Clock.GetTimestamp();

    /// <summary>The list of a turn that stored nothing. One that went to the journal is the journal's.</summary>
    private List<JournalRecord>? _unused;

    public TState State { get; private set; } = state;

    public long Sequence => _head.Sequence;

    public ImmutableArray<TEffect> RedriveEffects() => host.Behavior.EffectsOf(host.Behavior.Initial(id), State);

    /// <summary>Has the state kept as a snapshot when enough has happened since the last one. Costs a comparison when not.</summary>
    public void OfferSnapshot(bool isLeaving)
    {
        if (host.Snapshots is not { } writer
            || !(isLeaving ? writer.IsDueAtLeaving(Sequence, _snapshot) : writer.IsDue(Sequence, _snapshot, _snapshotAt)))
        {
            return;
        }

        // One that found no place is not tried again at every turn: the queue is full of others' states.
        _snapshotAt = host.Clock.GetTimestamp();
        if (writer.Offer(id, _head, State))
        {
            _snapshot = Sequence;
        }
    }

    /// <remarks>One call at a time: its answers are kept in the turn itself.</remarks>
    public ValueTask<TurnResult<TEffect>> RunAsync(List<Request<TCommand, TReply, TState>> batch)
    {
        var candidate = State;
        var records = _unused ?? new List<JournalRecord>(batch.Count);
        _unused = null;
        _answers.Clear();
        string? defect = null;
        foreach (var waiting in batch)
        {
            if (waiting is not CommandRequest<TCommand, TReply, TState> request)
            {
                continue;
            }

            if (host.Clock.GetTimestamp() > request.ExpiresAt)
            {
                request.Complete(AskStatus.Expired, default, "the deadline passed while the command waited");
                continue;
            }

            try
            {
                var reply = Decide(ref candidate, request.Command, records);
                _answers.Add((request, reply));
            }
            catch (Exception broken)
            {
                // The candidate and the records are as they were before this command: its neighbours go on.
                defect = $"{request.Command!.GetType().Name}: {broken.Message}";
                host.Defect(id, broken);
                request.Complete(AskStatus.Failed, default, defect);
            }
        }

        if (records.Count == 0)
        {
            _unused = records;
            Answer(AskStatus.Answered, null);
            return ValueTask.FromResult(new TurnResult<TEffect>(false, [], defect));
        }

        return CommitAsync(candidate, records, defect);
    }

    /// <summary>Decides and folds; on an exception the candidate and the records are as they were before.</summary>
    private TReply Decide(ref TState candidate, TCommand command, List<JournalRecord> records)
    {
        var now = HashChain.FromMicroseconds(HashChain.MicrosecondsOf(host.Clock.GetUtcNow()));
        var decision = host.Behavior.Decide(candidate, command, now);
        var before = records.Count;
        try
        {
            candidate = Fold(candidate, decision.Events, now, records);
        }
        catch
        {
            records.RemoveRange(before, records.Count - before);
            throw;
        }

        return decision.Reply;
    }

    private TState Fold(TState state, ImmutableArray<TEvent> events, DateTimeOffset now, List<JournalRecord> records)
    {
        var last = records.Count > 0 ? new JournalHead(records[^1].Sequence, records[^1].Hash) : _head;
        foreach (var recorded in events)
        {
            // Fold before the append: an event that cannot be folded must fail here, not on every replay after.
            state = host.Behavior.Evolve(state, recorded, now);
            _buffer.ResetWrittenCount();
            var (type, version) = host.Codec.Encode(recorded, _buffer);
            var payload = _buffer.WrittenSpan.ToArray();
            var sequence = last.Sequence + 1;
            var hash = HashChain.Next(last.Hash.Span, id, sequence, now, type, version, payload);
            records.Add(new JournalRecord(sequence, now, type, version, payload, hash));
            last = new JournalHead(sequence, hash);
        }

        return state;
    }

    // Awaited once, by the entity's loop, so its state may live in a pool instead of on the heap for every turn.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TurnResult<TEffect>> CommitAsync(TState candidate, List<JournalRecord> records, string? defect)
    {
        var append = new EntityAppend(id, host.ShardOf(id), epoch, host.Behavior.HasPendingWork(candidate), records);
        var outcome = await host.Commit.AppendAsync(append);
        if (outcome == AppendOutcome.Unknown)
        {
            outcome = await host.SettleAsync(append, _head);
        }

        switch (outcome)
        {
            case AppendOutcome.Stored:
                var before = State;
                State = candidate;
                _head = append.HeadAfter;
                Answer(AskStatus.Answered, null);
                return new TurnResult<TEffect>(true, host.Behavior.EffectsOf(before, candidate), defect);
            case AppendOutcome.NotStored:
                Answer(AskStatus.Unavailable, "the journal does not store at the moment");
                return new TurnResult<TEffect>(false, [], defect);
            case AppendOutcome.Fenced:
                host.Fenced(id);
                Answer(AskStatus.NotOwner, "the shard has a newer owner");
                return new TurnResult<TEffect>(false, [], "fenced");
            case AppendOutcome.Conflict:
                Answer(AskStatus.NotOwner, "somebody else wrote this entity's history");
                return new TurnResult<TEffect>(false, [], "append conflict");
            default:
                Answer(AskStatus.OutcomeUnknown, "the commit is in doubt");
                return new TurnResult<TEffect>(false, [], "commit in doubt", IsJournals: true);
        }
    }

    private void Answer(AskStatus status, string? detail)
    {
        foreach (var (request, reply) in _answers)
        {
            request.Complete(status, status == AskStatus.Answered ? reply : default, detail);
        }

        // An idle entity keeps nothing of its last askers.
        _answers.Clear();
    }
}
