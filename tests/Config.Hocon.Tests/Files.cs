namespace Backup.Config.Hocon.Tests;

/// <summary>A folder of settings files that goes away with the test.</summary>
internal sealed class Files : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hocon-");

    public string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    public static HoconSettings Settings(
        string reference, string? overlay = null, (string Name, string Value)[]? environment = null, string[]? sets = null)
    {
        using var folder = new Files();
        return HoconSettings.Load(new HoconSources(folder.Write("reference.conf", reference))
        {
            OverlayPaths = overlay is null ? [] : [folder.Write("local.conf", overlay)],
            Sets = sets ?? [],
            Environment = (environment ?? []).ToDictionary(variable => variable.Name, variable => variable.Value, StringComparer.Ordinal),
        });
    }

    /// <summary>The problems of settings that cannot be used, with the folder's name taken off.</summary>
    public static string[] Problems(
        string reference, string? overlay = null, (string Name, string Value)[]? environment = null, string[]? sets = null)
    {
        var e = Xunit.Assert.Throws<HoconException>(() => Settings(reference, overlay, environment, sets));
        return [.. e.Problems.Select(problem =>
        {
            var origin = problem.Origin with { File = Path.GetFileName(problem.Origin.File) };
            return (problem with { Origin = origin }).ToString();
        })];
    }
}
