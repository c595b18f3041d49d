using System.Buffers;
using System.Collections.Immutable;

namespace Backup.Actor.Kernel.Entities;

/// <summary>
/// What an entity does, as pure functions: no IO, no clock, no chance. The kernel owns when they run and when their results
/// become visible.
/// </summary>
/// <typeparam name="TState">Immutable.</typeparam>
public interface IEntityBehavior<TState, TCommand, TEvent, TReply, TEffect>
    where TState : class
{
    TState Initial(string entityId);

    /// <summary>What follows from a command on this state: events to store and the answer to give once they are stored.</summary>
    Decision<TEvent, TReply> Decide(TState state, TCommand command, DateTimeOffset now);

    /// <summary>The state after one event. An event it does not know stops the replay.</summary>
    TState Evolve(TState state, TEvent recorded, DateTimeOffset at);

    /// <summary>
    /// What the outside must now do because the state moved from <paramref name="before"/> to <paramref name="after"/>. The
    /// same function with the initial state as <paramref name="before"/> re-drives everything unfinished after a recovery,
    /// so effects may be repeated and their handler must be idempotent.
    /// </summary>
    ImmutableArray<TEffect> EffectsOf(TState before, TState after);

    /// <summary>True while a new owner must look at this entity without being asked.</summary>
    bool HasPendingWork(TState state);
}

/// <summary>Events and the reply that goes out when they are durable. No events: the reply stands on what is stored already.</summary>
public readonly record struct Decision<TEvent, TReply>(ImmutableArray<TEvent> Events, TReply Reply);

/// <summary>Turns events into stored bytes and back. A type number, once shipped, keeps its meaning for ever.</summary>
public interface IEventCodec<TEvent>
{
    (short Type, short Version) Encode(TEvent recorded, IBufferWriter<byte> payload);

    /// <exception cref="UnknownEventException">The type or version is not known here.</exception>
    TEvent Decode(short type, short version, ReadOnlySpan<byte> payload);
}

/// <summary>The journal holds an event that this build cannot read. Skipping it would act on a state that never was.</summary>
public sealed class UnknownEventException(short type, short version)
    : Exception($"Event type {type} version {version} is not known to this build.");
