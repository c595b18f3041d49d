using Backup.Drills.Faults;
using Backup.Drills.Proxy;

namespace Backup.Drills.Cluster;

/// <summary>Every fault of a cluster by its name. The order is the order of the matrix, by the stage on which they strike.</summary>
internal static class ClusterFaults
{
    private const string Networks = "networks";

    private const string Databases = "databases";

    private static readonly (string Place, Func<IFault> Make)[] Makers =
    [
        (Networks, () => new DatabaseUnplugged()),
        (Networks, () => new PartitionToDatabase()),
        (Networks, () => new PartitionFromDatabaseSide()),
        (Networks, () => new NodesApart()),
        (Networks, () => new RollingRestart()),
        (Networks, () => new SameKeyTwice()),
        (Networks, () => new TwoDevices()),
        (Networks, () => new OtherBootClock()),
        (Networks, () => new LeaseClockAhead()),
        (Networks, () => new LeaseClockBack()),
        (Databases, () => new PrimaryLost()),
        (Databases, () => new OldPrimaryBack()),
        (Databases, () => new StandbyFrozen()),
        (Databases, () => new CutCommit(CutMoment.BeforeItArrives)),
        (Databases, () => new CutCommit(CutMoment.BeforeTheAnswer)),
        (Databases, () => new DiskFull()),
    ];

    /// <summary>What can be run; the last needs a day of its own.</summary>
    internal static IReadOnlyList<string> Names { get; } = [.. Makers.Select(maker => maker.Make().Name), ActivationStorm.FaultName];

    internal static IEnumerable<(string Name, string Means)> Explained =>
        Makers.Select(maker => maker.Make()).Select(fault => (fault.Name, fault.Means)).Append((ActivationStorm.FaultName, ActivationStorm.Means));

    internal static FaultList List { get; } = new(
        "cluster",
        name => Of(name).Make(),
        (_, _) => throw new DrillFailedException("faults of a cluster are run by their names: ./chaos cluster --fault NAME"),
        (name, _) => name == ActivationStorm.FaultName ? Networks : Of(name!).Place,
        OpenAsync,
        new Dictionary<string, Func<ILongDrill>>(StringComparer.Ordinal) { [ActivationStorm.FaultName] = static () => new ActivationStorm() });

    /// <param name="names">all, or names with commas between them.</param>
    /// <exception cref="DrillFailedException">There is no such fault.</exception>
    internal static IEnumerable<string> Choose(string names) => names == "all"
        ? Names
        : names.Split(',').Select(name => name == ActivationStorm.FaultName ? name : Of(name).Make().Name);

    private static Task<FaultStage> OpenAsync(string place) => FaultStage.OpenAsync(place, "", new StackOptions
    {
        MessagesPerSecond = 400,
        IsCluster = true,
        HasNetworks = place == Networks,
        HasStandby = place == Databases,
        HasSmallDisk = place == Databases,

        // Where the database is what fails, nodes that wait longer for it show what they do meanwhile; by the shipped times they would have ended.
        NodeSettings = place == Databases ? ["cluster.lease-ttl=30s", "cluster.lease-stop-after=20s", "cluster.stable-after=40s"] : [],
    });

    private static (string Place, Func<IFault> Make) Of(string name) => Makers.FirstOrDefault(maker => maker.Make().Name == name) is { Make: not null } found
        ? found
        : throw new DrillFailedException($"there is no fault \"{name}\"; found in the catalogue: {string.Join(", ", Names)}");
}
