using System.Collections.Concurrent;
using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Cluster.SplitBrain;
using Backup.Actor.Kernel.Leases;

namespace Backup.Cluster.Node.Ownership;

/// <summary>What happened in the cluster, as this node saw it: on the log, and the newest kept for an operator who asks.</summary>
/// <param name="die">Ends the process at once, with the reason.</param>
internal sealed class ClusterNews(ILogger<ClusterNews> log, Action<string> die, TimeProvider clock) : IClusterListener
{
    private const int Kept = 200;
    private readonly ConcurrentQueue<(DateTimeOffset At, string Text)> _newest = new();

    public IReadOnlyCollection<(DateTimeOffset At, string Text)> Newest => [.. _newest];

    public void Tell(string news) => Note(LogLevel.Information, news);

    public void Resolved(SplitBrainDecision decision, EndAnswer outcome) => Note(LogLevel.Warning, outcome switch
    {
        EndAnswer.Ended { Members.IsEmpty: false } => decision.Explanation,
        EndAnswer.Refused refused => $"A cut was not resolved, because the members have changed: {refused.Reason}",
        EndAnswer.CouldNotTell unclear => $"A cut could not be resolved yet: {unclear.Reason}",
        _ => $"Another node has resolved the cut: {decision.Explanation}",
    });

    public void Gone(Member member) => Note(LogLevel.Warning, $"{member.Id} is gone: its session with the database ended and no link reaches it. Its accounts are taken over");

    public void Ended(string reason) => die($"the cluster goes on without this node: {reason}");

    public void Lost(Lease lease, string reason) => die($"the lease on {lease.Key} is lost: {reason}");

    private void Note(LogLevel level, string text)
    {
        log.Log(level, "{News}", text);
        _newest.Enqueue((clock.GetUtcNow(), text));
        while (_newest.Count > Kept && _newest.TryDequeue(out _))
        {
        }
    }
}
