namespace Backup.Actor.Kernel.Entities;

/// <summary>How an ask ended, apart from what the entity answered.</summary>
public enum AskStatus
{
    /// <summary>The entity answered; what the answer says is durable.</summary>
    Answered,

    /// <summary>Mailbox or journal queue full: nothing was done, try again shortly.</summary>
    Busy,

    /// <summary>The journal does not store at the moment: nothing was done.</summary>
    Unavailable,

    /// <summary>This node does not own the entity (any more): nothing was done here.</summary>
    NotOwner,

    /// <summary>The deadline passed before the command was looked at: nothing was done.</summary>
    Expired,

    /// <summary>Nobody knows whether it was done; ask again with the same command id.</summary>
    OutcomeUnknown,

    /// <summary>The command met a defect while being decided: nothing was done.</summary>
    Failed,

    /// <summary>The entity is out of service until an operator looks at it: nothing was done.</summary>
    Quarantined,
}

/// <summary>The answer of an entity, or why there is none.</summary>
public readonly record struct AskResult<TReply>(AskStatus Status, TReply? Reply, string? Detail = null)
{
    public bool IsAnswered => Status == AskStatus.Answered;
}

/// <summary>One state of an entity as its watchers see it. Latest wins; a slow watcher skips states, never sees an older one later.</summary>
public readonly record struct WatchedView<TView>(long Sequence, TView View);
