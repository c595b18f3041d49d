using System.Buffers;

namespace Backup.Actor.Kernel.Links;

/// <summary>Makes a value of bytes that are good only during the call.</summary>
/// <exception cref="FormatException">The bytes are none; the message says where, what was found and what was expected.</exception>
public delegate T LinkDecoder<out T>(ReadOnlySpan<byte> bytes);

/// <summary>One kind of question between nodes: its number on the wire, and how question and answer are written and read.</summary>
/// <param name="Service">Keeps its meaning for ever: nodes of two versions work side by side during an upgrade.</param>
public sealed record LinkCall<TQuestion, TAnswer>(
    byte Service,
    Action<TQuestion, IBufferWriter<byte>> WriteQuestion,
    LinkDecoder<TQuestion> ReadQuestion,
    Action<TAnswer, IBufferWriter<byte>> WriteAnswer,
    LinkDecoder<TAnswer> ReadAnswer);

/// <summary>How a question to another node ended.</summary>
public enum LinkStatus
{
    Answered,

    /// <summary>It did not leave: there is no link, or too much waits on it. Nothing was done.</summary>
    NotSent,

    /// <summary>The other node has too much to do or does not know the question: nothing was done.</summary>
    Refused,

    /// <summary>It left, and no answer came in time or before the link broke: nobody knows whether it was done.</summary>
    Lost,
}

/// <summary>The answer of another node, or why there is none.</summary>
public readonly record struct LinkResult<TAnswer>(LinkStatus Status, TAnswer? Answer, string? Detail = null)
{
    public bool IsAnswered => Status == LinkStatus.Answered;
}
