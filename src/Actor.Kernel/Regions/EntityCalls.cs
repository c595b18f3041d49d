using System.Buffers;
using Backup.Actor.Kernel.Entities;
using Backup.Actor.Kernel.Links;

namespace Backup.Actor.Kernel.Regions;

/// <summary>How commands, replies and views of one kind of entity travel between nodes.</summary>
public interface IEntityMessages<TCommand, TReply, TView>
{
    /// <summary>Asking this twice is the same as asking it once, the answer included: it may be asked again when nobody knows what became of it.</summary>
    bool MayRepeat(TCommand command);

    void WriteCommand(TCommand command, IBufferWriter<byte> writer);

    /// <exception cref="FormatException">The bytes are none.</exception>
    TCommand ReadCommand(ReadOnlySpan<byte> bytes);

    void WriteReply(TReply reply, IBufferWriter<byte> writer);

    /// <exception cref="FormatException">The bytes are none.</exception>
    TReply ReadReply(ReadOnlySpan<byte> bytes);

    void WriteView(TView view, IBufferWriter<byte> writer);

    /// <exception cref="FormatException">The bytes are none.</exception>
    TView ReadView(ReadOnlySpan<byte> bytes);
}

/// <summary>A command for an entity of another node.</summary>
internal readonly record struct EntityAsk<TCommand>(string Entity, TimeSpan Deadline, TCommand Command);

/// <summary>Wanted: the first state newer than a sequence, within some time.</summary>
internal readonly record struct EntityLook(string Entity, long AfterSequence, TimeSpan AtMost);

/// <summary>A view, or nothing new, or why the entity cannot be shown.</summary>
internal readonly record struct EntitySight<TView>(AskStatus Status, WatchedView<TView>? View, string Detail);

/// <summary>The two questions about entities that nodes ask each other.</summary>
internal sealed class EntityCalls<TCommand, TReply, TView>(IEntityMessages<TCommand, TReply, TView> messages)
{
    private const byte AskService = 2;
    private const byte LookService = 3;

    public LinkCall<EntityAsk<TCommand>, AskResult<TReply>> Ask { get; } = new(
        AskService,
        (ask, writer) =>
        {
            writer.Write(ask.Entity);
            writer.Write(ask.Deadline.Ticks);
            messages.WriteCommand(ask.Command, writer);
        },
        bytes => new EntityAsk<TCommand>(LinkText.TakeText(ref bytes), new TimeSpan(LinkText.TakeLong(ref bytes)), messages.ReadCommand(bytes)),
        (result, writer) =>
        {
            writer.Write((byte)result.Status);
            writer.Write(result.Detail ?? "");
            if (result.IsAnswered)
            {
                messages.WriteReply(result.Reply!, writer);
            }
        },
        bytes =>
        {
            var status = (AskStatus)LinkText.TakeByte(ref bytes);
            var detail = LinkText.TakeText(ref bytes);
            return new AskResult<TReply>(status, status == AskStatus.Answered ? messages.ReadReply(bytes) : default, detail.Length > 0 ? detail : null);
        });

    public LinkCall<EntityLook, EntitySight<TView>> Look { get; } = new(
        LookService,
        (look, writer) =>
        {
            writer.Write(look.Entity);
            writer.Write(look.AfterSequence);
            writer.Write(look.AtMost.Ticks);
        },
        bytes => new EntityLook(LinkText.TakeText(ref bytes), LinkText.TakeLong(ref bytes), new TimeSpan(LinkText.TakeLong(ref bytes))),
        (sight, writer) =>
        {
            writer.Write((byte)sight.Status);
            writer.Write(sight.Detail);
            if (sight.View is { } view)
            {
                writer.Write(view.Sequence);
                messages.WriteView(view.View, writer);
            }
        },
        bytes =>
        {
            var status = (AskStatus)LinkText.TakeByte(ref bytes);
            var detail = LinkText.TakeText(ref bytes);
            return bytes.IsEmpty
                ? new EntitySight<TView>(status, null, detail)
                : new EntitySight<TView>(status, new WatchedView<TView>(LinkText.TakeLong(ref bytes), messages.ReadView(bytes)), detail);
        });
}
