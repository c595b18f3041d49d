using Backup.Actor.Kernel.Entities;

namespace Backup.Actor.Kernel.Regions;

/// <summary>All that the rest of the system sees of the actors: ask one, or watch one. Where it lives is the region's business.</summary>
public interface IEntityRegion<TCommand, TReply, TView>
{
    /// <summary>Hands a command to an entity and waits for its answer, at most <paramref name="deadline"/> long.</summary>
    Task<AskResult<TReply>> AskAsync(string entityId, TCommand command, TimeSpan deadline, CancellationToken cancellationToken = default);

    /// <summary>
    /// The entity's states newer than <paramref name="afterSequence"/>, the present one first if it is newer. Ends with
    /// <see cref="EntityUnavailableException"/> when the entity leaves this node.
    /// </summary>
    IAsyncEnumerable<WatchedView<TView>> WatchAsync(string entityId, long afterSequence, CancellationToken cancellationToken);
}

/// <summary>The watched entity cannot be shown from here at the moment.</summary>
public sealed class EntityUnavailableException(string entityId, AskStatus status, string reason) : Exception($"{entityId}: {reason}")
{
    /// <summary>What an ask would have been answered.</summary>
    public AskStatus Status => status;
}
