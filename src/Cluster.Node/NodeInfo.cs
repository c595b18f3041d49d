namespace Backup.Cluster.Node;

/// <summary>What this process is, for its own pages.</summary>
public sealed record NodeInfo(string Version, DateTimeOffset StartedAt);
