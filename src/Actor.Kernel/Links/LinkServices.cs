using Backup.Actor.Kernel.Cluster;

namespace Backup.Actor.Kernel.Links;

/// <summary>What this node answers when others ask. Complete before the first link opens.</summary>
public sealed class LinkServices
{
    private readonly Dictionary<byte, Begin> _services = [];

    /// <summary>Reads a question at once, because its bytes are gone afterwards, and answers later.</summary>
    internal delegate ValueTask<Reply> Begin(NodeId from, ReadOnlySpan<byte> question);

    /// <summary>Writes an answer into a link's buffer.</summary>
    internal abstract class Reply
    {
        public abstract void Write(LinkBuffer buffer);
    }

    /// <summary>Answers one kind of question. What <paramref name="answer"/> throws goes back to the asker as a refusal, with its message.</summary>
    public void Serve<TQuestion, TAnswer>(LinkCall<TQuestion, TAnswer> call, Func<NodeId, TQuestion, Task<TAnswer>> answer)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!_services.TryAdd(call.Service, (from, bytes) => AnswerAsync(call, answer(from, call.ReadQuestion(bytes)))))
        {
            throw new ArgumentException($"questions of kind {call.Service} are answered already", nameof(call));
        }
    }

    internal Begin? Find(byte service) => _services.GetValueOrDefault(service);

    private static async ValueTask<Reply> AnswerAsync<TQuestion, TAnswer>(LinkCall<TQuestion, TAnswer> call, Task<TAnswer> answer) =>
        new ReplyOf<TQuestion, TAnswer>(call, await answer);

    private sealed class ReplyOf<TQuestion, TAnswer>(LinkCall<TQuestion, TAnswer> call, TAnswer answer) : Reply
    {
        public override void Write(LinkBuffer buffer) => call.WriteAnswer(answer, buffer);
    }
}
