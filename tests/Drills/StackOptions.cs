namespace Backup.Drills;

/// <summary>How a drill wants the product started.</summary>
internal sealed record StackOptions
{
    /// <summary>What the exchange sold for each box.</summary>
    internal int MessagesPerSecond { get; init; } = 40;

    /// <summary>How the messages travel: clear, existing or new (NSE-TAP.md N1).</summary>
    internal string Link { get; init; } = "clear";

    /// <summary>The exchange gets a network of its own, with a proxy on the way.</summary>
    internal bool IsBehindProxy { get; init; }

    /// <summary>Three nodes over one PostgreSQL, behind one address.</summary>
    internal bool IsCluster { get; init; }

    /// <summary>Every node of the cluster gets a network of its own, with a cable for each of its neighbours.</summary>
    internal bool HasNetworks { get; init; }

    /// <summary>The database has a synchronous standby, and a proxy stands before each of the two.</summary>
    internal bool HasStandby { get; init; }

    /// <summary>The disks of the database are small enough to be filled.</summary>
    internal bool HasSmallDisk { get; init; }

    /// <summary>Where the node was built, when it is another one than this repository's.</summary>
    internal string? NodeRoot { get; init; }

    /// <summary>The folder of the day's data; null: the sample that lies in the repository.</summary>
    internal string? Sample { get; init; }

    /// <summary>Settings of the node, beyond those that every drill needs.</summary>
    internal IReadOnlyList<string> NodeSettings { get; init; } = [];

    /// <summary>Clients who ask more often, and more often for the same, than people do.</summary>
    internal bool IsLoad { get; init; }

    /// <summary>Settings of the simulator, likewise.</summary>
    internal IReadOnlyList<string> SimulatorSettings { get; init; } = [];
}
