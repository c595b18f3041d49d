namespace Backup.Drills;

/// <summary>The repository that the drills were built in.</summary>
internal static class Repository
{
    internal static string Root { get; } = FindRoot();

    /// <summary>Debug or Release: the programs under drill are of the same kind as the drills.</summary>
    internal static string Configuration { get; } = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Backup.Actors.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DrillFailedException("drills run inside the repository: no Backup.Actors.sln above " + AppContext.BaseDirectory);
    }
}
