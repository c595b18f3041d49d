using System.Diagnostics;

namespace Backup.Architecture.Tests;

/// <summary>A file under version control.</summary>
internal sealed record SourceFile(string Path, string Text)
{
    public string Name => System.IO.Path.GetFileName(Path);

    public string[] Lines => Text.Split('\n');

    /// <summary>The folder that holds the project, such as <c>src/Tap.Stream</c>.</summary>
    public bool IsIn(params ReadOnlySpan<string> folders)
    {
        foreach (var folder in folders)
        {
            if (Path.StartsWith(folder + "/", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>The repository that this test was built from: what is tracked, and what is new and not ignored.</summary>
internal static class Repository
{
    private static readonly string[] TextEndings =
        [".cs", ".csproj", ".props", ".sln", ".ts", ".tsx", ".js", ".mjs", ".css", ".html", ".json", ".conf", ".md", ".sh", ".txt", ".yml", ".yaml", ".sql", ".py"];

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<SourceFile> Files { get; } = Read();

    public static IEnumerable<SourceFile> CSharp => Files.Where(file => file.Path.EndsWith(".cs", StringComparison.Ordinal));

    public static IEnumerable<SourceFile> TypeScript => Files.Where(file =>
        file.Path.EndsWith(".ts", StringComparison.Ordinal) || file.Path.EndsWith(".tsx", StringComparison.Ordinal));

    public static SourceFile File(string path) => Files.Single(file => file.Path == path);

    /// <summary>Runs a program in the root and hands back what it said on standard output.</summary>
    public static (int Status, string Output) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { WorkingDirectory = Root, RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "Backup.Actors.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"no Backup.Actors.sln above {AppContext.BaseDirectory}");
    }

    private static List<SourceFile> Read()
    {
        var (status, listed) = Run("git", "ls-files", "--cached", "--others", "--exclude-standard");
        var paths = status == 0
            ? listed.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            : Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Root, path));
        return [.. paths
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj" or "node_modules" or "dist" or ".git" or ".run" or "var"))
            .Where(path => !path.Contains('/') || TextEndings.Contains(Path.GetExtension(path)))
            .Where(path => System.IO.File.Exists(Path.Combine(Root, path)))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(path, System.IO.File.ReadAllText(Path.Combine(Root, path))))];
    }
}
