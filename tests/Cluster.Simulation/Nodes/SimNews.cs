using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Cluster.SplitBrain;
using Backup.Actor.Kernel.Leases;

namespace Backup.Cluster.Simulation.Nodes;

/// <summary>What a node hears of the cluster, as src/Cluster.Node/Ownership/ClusterNews.cs takes it; counted.</summary>
internal sealed class SimNews(Action<string> note, Action<string> die) : IClusterListener
{
    /// <summary>Cuts of the network that this node has resolved.</summary>
    internal int Splits { get; private set; }

    /// <summary>Members that this node has downed because their session with the database had ended.</summary>
    internal int Gone { get; private set; }

    public void Tell(string news) => note(news);

    public void Resolved(SplitBrainDecision decision, EndAnswer outcome)
    {
        note($"{decision.Explanation} ({outcome.GetType().Name})");
        Splits += outcome is EndAnswer.Ended { Members.IsEmpty: false } ? 1 : 0;
    }

    void IMembershipListener.Gone(Member member)
    {
        note($"{member.Id} is gone");
        Gone++;
    }

    public void Ended(string reason) => die($"the cluster goes on without this node: {reason}");

    public void Lost(Lease lease, string reason) => die($"the lease on {lease.Key} is lost: {reason}");
}
