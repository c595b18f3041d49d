using System.Buffers;
using System.Collections.Immutable;
using Backup.Actor.Kernel.Journal;

namespace Backup.Actor.Kernel.Entities;

/// <summary>What came of one turn.</summary>
/// <param name="Failure">Not null: the state in memory must be dropped and reloaded.</param>
internal readonly record struct TurnResult<TEffect>(bool Stored, ImmutableArray<TEffect> Effects, string? Failure);

/// <summary>
/// The state of a loaded entity and the one way to change it: decide each command on a candidate, fold, append all events
/// at once, and only then swap the state and answer.
/// </summary>
internal sealed class Turn<TState, TCommand, TEvent, TReply, TEffect>(
    string id, EntityHost<TState, TCommand, TEvent, TReply, TEffect> host, TState state, JournalHead head)
    where TState : class
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);
    private JournalHead _head = head;

    public TState State { get; private set; } = state;

    public long Sequence => _head.Sequence;

    public ImmutableArray<TEffect> RedriveEffects() => host.Behavior.EffectsOf(host.Behavior.Initial(id), State);

    public async Task<TurnResult<TEffect>> RunAsync(List<Request<TCommand, TReply, TState>> batch)
    {
        var candidate = State;
        var records = new List<JournalRecord>();
        var answers = new List<(CommandRequest<TCommand, TReply, TState> Request, TReply Reply)>(batch.Count);
        string? defect = null;
        foreach (var request in batch.OfType<CommandRequest<TCommand, TReply, TState>>())
        {
            if (host.Clock.GetTimestamp() > request.ExpiresAt)
            {
                request.Complete(AskStatus.Expired, default, "the deadline passed while the command waited");
                continue;
            }

            try
            {
                var reply = Decide(ref candidate, request.Command, records);
                answers.Add((request, reply));
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
            Answer(answers, AskStatus.Answered, null);
            return new TurnResult<TEffect>(false, [], defect);
        }

        return await CommitAsync(candidate, records, answers, defect);
    }

    private TReply Decide(ref TState candidate, TCommand command, List<JournalRecord> records)
    {
        var now = HashChain.FromMicroseconds(HashChain.MicrosecondsOf(host.Clock.GetUtcNow()));
        var decision = host.Behavior.Decide(candidate, command, now);
        var next = candidate;
        var added = new List<JournalRecord>(decision.Events.Length);
        var last = records.Count > 0 ? new JournalHead(records[^1].Sequence, records[^1].Hash) : _head;
        foreach (var recorded in decision.Events)
        {
            // Fold before the append: an event that cannot be folded must fail here, not on every replay after.
            next = host.Behavior.Evolve(next, recorded, now);
            _buffer.ResetWrittenCount();
            var (type, version) = host.Codec.Encode(recorded, _buffer);
            var payload = _buffer.WrittenSpan.ToArray();
            var sequence = last.Sequence + 1;
            var hash = HashChain.Next(last.Hash.Span, id, sequence, now, type, version, payload);
            added.Add(new JournalRecord(sequence, now, type, version, payload, hash));
            last = new JournalHead(sequence, hash);
        }

        candidate = next;
        records.AddRange(added);
        return decision.Reply;
    }

    private async Task<TurnResult<TEffect>> CommitAsync(
        TState candidate,
        List<JournalRecord> records,
        List<(CommandRequest<TCommand, TReply, TState> Request, TReply Reply)> answers,
        string? defect)
    {
        var append = new EntityAppend(id, host.ShardOf(id), host.Epoch, host.Behavior.HasPendingWork(candidate), records);
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
                Answer(answers, AskStatus.Answered, null);
                return new TurnResult<TEffect>(true, host.Behavior.EffectsOf(before, candidate), defect);
            case AppendOutcome.NotStored:
                Answer(answers, AskStatus.Unavailable, "the journal does not store at the moment");
                return new TurnResult<TEffect>(false, [], defect);
            case AppendOutcome.Fenced:
                host.Fenced(id);
                Answer(answers, AskStatus.NotOwner, "the shard has a newer owner");
                return new TurnResult<TEffect>(false, [], "fenced");
            case AppendOutcome.Conflict:
                Answer(answers, AskStatus.NotOwner, "somebody else wrote this entity's history");
                return new TurnResult<TEffect>(false, [], "append conflict");
            default:
                Answer(answers, AskStatus.OutcomeUnknown, "the commit is in doubt");
                return new TurnResult<TEffect>(false, [], "commit in doubt");
        }
    }

    private static void Answer(
        List<(CommandRequest<TCommand, TReply, TState> Request, TReply Reply)> answers, AskStatus status, string? detail)
    {
        foreach (var (request, reply) in answers)
        {
            request.Complete(status, status == AskStatus.Answered ? reply : default, detail);
        }
    }
}
