using System.Runtime.CompilerServices;
using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Entities;
using Backup.Actor.Kernel.Links;

namespace Backup.Actor.Kernel.Regions;

/// <summary>
/// All entities of the cluster, wherever they live. While a shard moves, whoever asks waits for its new owner as long as his deadline lasts, and
/// whoever watches goes on watching there.
/// </summary>
/// <remarks>
/// What certainly was not done is asked again, and so is what may be repeated (<see cref="IEntityMessages{TCommand,TReply,TView}.MayRepeat"/>). Any
/// other question that left and got no answer ends in <see cref="AskStatus.OutcomeUnknown"/>.
/// </remarks>
public sealed class ClusterRegion<TState, TCommand, TEvent, TReply, TEffect> : IEntityRegion<TCommand, TReply, TState>
    where TState : class
{
    /// <summary>How long a look at another node waits for something new before it is repeated.</summary>
    private static readonly TimeSpan LookTime = TimeSpan.FromSeconds(20);

    /// <summary>How long nobody's shard is waited for before the next try, when no news comes.</summary>
    private static readonly TimeSpan TryAgain = TimeSpan.FromMilliseconds(100);

    private readonly EntityRegion<TState, TCommand, TEvent, TReply, TEffect> _local;
    private readonly ShardDirectory _directory;
    private readonly NodeLinks _links;
    private readonly EntityCalls<TCommand, TReply, TState> _calls;
    private readonly IEntityMessages<TCommand, TReply, TState> _messages;
    private readonly TimeProvider _clock;

    /// <param name="services">This node answers there for the entities that live here.</param>
    public ClusterRegion(
        EntityRegion<TState, TCommand, TEvent, TReply, TEffect> local,
        ShardDirectory directory,
        NodeLinks links,
        LinkServices services,
        IEntityMessages<TCommand, TReply, TState> messages,
        TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(services);
        (_local, _directory, _links, _messages, _clock) = (local, directory, links, messages, clock);
        _calls = new EntityCalls<TCommand, TReply, TState>(messages);
        services.Serve(_calls.Ask, (_, ask) => local.AskAsync(ask.Entity, ask.Command, ask.Deadline));
        services.Serve(_calls.Look, (_, look) => LookHereAsync(look));
    }

    public async Task<AskResult<TReply>> AskAsync(string entityId, TCommand command, TimeSpan deadline, CancellationToken cancellationToken = default)
    {
        var since = _clock.GetTimestamp();
        var left = deadline;
        AskResult<TReply>? unknown = null;
        while (true)
        {
            var changed = _directory.Changed;
            var result = await AskOnceAsync(entityId, command, left, cancellationToken);
            left = deadline - _clock.GetElapsedTime(since);
            if (result.Status == AskStatus.OutcomeUnknown && _messages.MayRepeat(command))
            {
                unknown = result;
            }
            else if (result.Status != AskStatus.NotOwner)
            {
                // That this time nothing was done says nothing about the time before.
                return result.IsAnswered ? result : unknown ?? result;
            }

            if (left <= TryAgain)
            {
                return unknown ?? result;
            }

            await WaitAsync(changed, TryAgain, cancellationToken);

            // A wait that was cancelled ends at once: without this look it would be repeated without end until the deadline.
            cancellationToken.ThrowIfCancellationRequested();
            left = deadline - _clock.GetElapsedTime(since);
        }
    }

    public async IAsyncEnumerable<WatchedView<TState>> WatchAsync(
        string entityId, long afterSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = afterSequence;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var changed = _directory.Changed;
            var look = new EntityLook(entityId, seen, LookTime);
            var sight = await (_local.IsHere(entityId) ? LookHereAsync(look) : LookThereAsync(look)).WaitAsync(cancellationToken);
            if (sight.View is { } view)
            {
                seen = Math.Max(seen, view.Sequence);
                yield return view;
            }
            else if (sight.Status is AskStatus.Quarantined or AskStatus.Failed)
            {
                throw new EntityUnavailableException(entityId, sight.Status, sight.Detail);
            }
            else if (sight.Status != AskStatus.Answered)
            {
                await WaitAsync(changed, TryAgain, cancellationToken);
            }
        }
    }

    private async Task<AskResult<TReply>> AskOnceAsync(string entityId, TCommand command, TimeSpan left, CancellationToken cancellationToken)
    {
        if (_local.IsHere(entityId))
        {
            return await _local.AskAsync(entityId, command, left, cancellationToken);
        }

        if (LinkTo(entityId, out var why) is not { } link)
        {
            return new AskResult<TReply>(AskStatus.NotOwner, default, why);
        }

        var there = await Here.Of(link.AskAsync(_calls.Ask, new EntityAsk<TCommand>(entityId, left, command), left)).WaitAsync(cancellationToken);
        return there.Status switch
        {
            LinkStatus.Answered => there.Answer,
            LinkStatus.Lost => new AskResult<TReply>(AskStatus.OutcomeUnknown, default, there.Detail),
            _ => new AskResult<TReply>(AskStatus.NotOwner, default, there.Detail),
        };
    }

    private NodeLink? LinkTo(string entityId, out string why)
    {
        var shard = StableHash.Shard(entityId, _directory.Shards);
        if (_directory.OfShard(shard) is not { } lease)
        {
            why = $"shard {shard} has no owner at the moment";
            return null;
        }

        var name = NodeId.NameIn(lease.Owner);
        why = $"no link works with {lease.Owner}, which owns shard {shard}";
        return _links.Find(name);
    }

    private async Task<EntitySight<TState>> LookHereAsync(EntityLook look)
    {
        try
        {
            return new EntitySight<TState>(AskStatus.Answered, await _local.NextAsync(look.Entity, look.AfterSequence, look.AtMost), "");
        }
        catch (EntityUnavailableException elsewhere)
        {
            return new EntitySight<TState>(elsewhere.Status, null, elsewhere.Message);
        }
    }

    private async Task<EntitySight<TState>> LookThereAsync(EntityLook look)
    {
        if (LinkTo(look.Entity, out var why) is not { } link)
        {
            return new EntitySight<TState>(AskStatus.NotOwner, null, why);
        }

        // Looking changes nothing, so a lost look is simply made again.
        var there = await link.AskAsync(_calls.Look, look, look.AtMost * 2);
        return there.IsAnswered ? there.Answer : new EntitySight<TState>(AskStatus.NotOwner, null, there.Detail ?? "");
    }

    private async Task WaitAsync(Task changed, TimeSpan atMost, CancellationToken cancellationToken) =>
        await Task.WhenAny(changed, Here.Of(Task.Delay(atMost, _clock, cancellationToken)));
}
