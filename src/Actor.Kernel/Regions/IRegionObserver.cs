using System.Collections.Immutable;

namespace Backup.Actor.Kernel.Regions;

/// <summary>What the owner of a region hears from it. Calls come from the entities' turns: return quickly, do not block.</summary>
public interface IRegionObserver<TEffect>
{
    /// <summary>Events are durable; this must now happen outside. May be repeated after a recovery.</summary>
    void Handle(string entityId, ImmutableArray<TEffect> effects);

    /// <summary>An entity failed too often and is out of service.</summary>
    void Quarantined(string entityId, string reason);

    /// <summary>A command met a defect in the behaviour; the entity goes on.</summary>
    void Defect(string entityId, Exception defect);

    /// <summary>Somebody else owns the shard: this node must stop acting for it at once.</summary>
    void Fenced(int shard);
}
