using System.Diagnostics;
using System.Text.Json;
using Backup.Drills.Faults;

namespace Backup.Drills;

/// <summary>
/// Breaks the product on purpose, one small patch at a time, and demands that the seeded runs notice: a checker that never turns red proves
/// nothing. The patched copy is built in a folder of its own; the repository is not touched.
/// </summary>
internal sealed class MutantDrill(string root, string configuration, ulong firstSeed)
{
    private const int SeedsMax = 30;

    private static readonly string[] Needed = ["src", "hocon", "data/market", "docs/refusals.json", "Directory.Build.props", "Directory.Packages.props", "BannedSymbols.txt", "global.json", ".editorconfig"];

    private string Folder => Path.Combine(root, "tests/Drills/Mutants");

    private string[] Patches(string only) =>
        [.. Directory.GetFiles(Folder, "*.patch").Where(patch => only.Length == 0 || Path.GetFileNameWithoutExtension(patch) == only).Order(StringComparer.Ordinal)];

    /// <summary>Only whether every patch still fits the working tree.</summary>
    internal async Task<int> CheckAsync()
    {
        var failed = 0;
        foreach (var patch in Patches(""))
        {
            var (status, output) = await ManagedProcess.RunAsync("git", ["-C", root, "apply", "--check", patch]);
            failed += status == 0 ? 0 : 1;
            Console.WriteLine(status == 0 ? $"ok {Name(patch)}" : $"FAILED {Name(patch)} does not apply: {output.ReplaceLineEndings(" ")}");
        }

        Console.WriteLine($"{Patches("").Length - failed} mutants apply, {failed} failed");
        return failed == 0 ? 0 : 1;
    }

    /// <summary>Runs seeds against each mutant until one is caught.</summary>
    internal async Task<int> RunAsync(string only)
    {
        var clock = Stopwatch.StartNew();
        var copy = Directory.CreateTempSubdirectory("backup-mutants-").FullName;
        Farewell.RememberFolder(copy);
        var (caught, missed) = (0, 0);
        try
        {
            await CopyAsync(copy);
            foreach (var patch in Patches(only))
            {
                if (await TryOneAsync(copy, patch))
                {
                    caught++;
                }
                else
                {
                    missed++;
                }
            }
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
            Farewell.ForgetFolder(copy);
        }

        Expect.That(caught + missed > 0, $"a mutant is called \"{only}\"; found {string.Join(", ", Patches("").Select(Name))}");
        Console.WriteLine(JsonSerializer.Serialize(new { chaos = "tap-mutants", mutants = caught + missed, caught, violations = missed, seconds = (int)clock.Elapsed.TotalSeconds }));
        return missed == 0 ? 0 : 1;
    }

    /// <summary>What is tracked and what is new, as it lies in the working tree.</summary>
    private async Task CopyAsync(string copy)
    {
        var (status, files) = await ManagedProcess.RunAsync("git", ["-C", root, "ls-files", "--cached", "--others", "--exclude-standard", "--", .. Needed]);
        Expect.That(status == 0, $"git lists the sources; found {files}");
        foreach (var file in files.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(Path.Combine(root, file))))
        {
            var target = Path.Combine(copy, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(root, file), target);
        }
    }

    private async Task<bool> TryOneAsync(string copy, string patch)
    {
        var (status, output) = await ManagedProcess.RunAsync("git", ["-C", copy, "apply", patch]);
        if (status != 0)
        {
            Console.WriteLine($"FAILED {Name(patch)} does not apply: {output.ReplaceLineEndings(" ")}");
            return false;
        }

        try
        {
            (status, output) = await ManagedProcess.RunAsync("dotnet",
            [
                "build", Path.Combine(copy, "src/Cluster.Node"), "-c", configuration, "-v", "q", "--nologo",
                "-p:RunAnalyzers=false", "-p:EnforceCodeStyleInBuild=false", "-p:GenerateDocumentationFile=false", "-p:TreatWarningsAsErrors=false",
                "-p:PublishReadyToRun=false",
            ]);
            if (status != 0)
            {
                Console.WriteLine($"FAILED {Name(patch)} does not build: {output.ReplaceLineEndings(" ")[..Math.Min(output.Length, 600)]}");
                return false;
            }

            return await IsCaughtAsync(copy, Name(patch));
        }
        finally
        {
            await ManagedProcess.RunAsync("git", ["-C", copy, "apply", "--reverse", patch]);
        }
    }

    private async Task<bool> IsCaughtAsync(string copy, string name)
    {
        var chaos = new FaultChaos(new FaultChaosOptions(FaultCatalogue.ListFor(null, copy))
        {
            Seeds = SeedsMax,
            FirstSeed = firstSeed,
            StopsAtFirst = true,
            IsQuiet = true,
        });
        await chaos.RunAsync();
        var (seed, violation) = chaos.Violations.Find(each => FaultChaos.LawOf(each.Violation) is not null);
        if (violation is null)
        {
            var instead = chaos.Violations.Count > 0 ? $"; the drill itself failed: {chaos.Violations[0].Violation.Split('\n')[0]}" : "";
            Console.WriteLine($"NOT CAUGHT {name} in {chaos.Runs} seeds{instead}");
            return false;
        }

        Console.WriteLine($"caught {name} by {FaultChaos.LawOf(violation)} after {chaos.Runs} seeds (seed {seed}: {violation.Split('\n')[0]})");
        return true;
    }

    private static string Name(string patch) => Path.GetFileNameWithoutExtension(patch);
}
