using System.Xml.Linq;
using Xunit;

namespace Backup.Architecture.Tests;

/// <summary>Which room may know which: the decided arrows. A new arrow is a decision, made here.</summary>
public sealed class Arrows
{
    private static readonly Dictionary<string, string[]> Decided = new(StringComparer.Ordinal)
    {
        ["Account.Domain"] = [],
        ["Exchange.Wire"] = [],
        ["Actor.Kernel"] = [],
        ["Config.Hocon"] = [],
        ["Journal.Sqlite"] = ["Actor.Kernel"],
        ["Journal.Postgres"] = ["Actor.Kernel"],
        ["Tap.Stream"] = ["Exchange.Wire"],
        ["Exchange.Simulator"] = ["Exchange.Wire", "Config.Hocon"],
        ["Continuity"] = ["Actor.Kernel", "Account.Domain"],
        ["Gateway.Api"] = ["Actor.Kernel", "Account.Domain"],
        ["Operator.Cli"] = ["Account.Domain", "Actor.Kernel", "Config.Hocon", "Continuity", "Exchange.Wire", "Journal.Sqlite", "Journal.Postgres"],
        ["Cluster.Node"] =
        [
            "Account.Domain", "Actor.Kernel", "Config.Hocon", "Continuity", "Exchange.Wire", "Gateway.Api", "Journal.Sqlite", "Journal.Postgres", "Tap.Stream",
        ],
    };

    /// <summary>They run under a simulated clock and scheduler.</summary>
    private static readonly string[] SimulatedRooms = ["Account.Domain", "Exchange.Wire", "Actor.Kernel", "Tap.Stream"];

    private static IEnumerable<SourceFile> Projects => Repository.Files.Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal));

    [Fact]
    public void Rooms_know_only_the_rooms_below_them() => Expect.None(
        from project in Projects.Where(project => project.IsIn("src"))
        let room = NameOf(project.Path)
        from known in ReferencesOf(project)
        where !Decided.GetValueOrDefault(room, []).Contains(known)
        select $"{room} -> {known} is not decided (Arrows.cs holds the decisions)");

    [Fact]
    public void Every_room_is_decided_and_is_where_its_name_says() => Expect.None(
        Projects.Where(project => project.IsIn("src"))
            .Where(project => !Decided.ContainsKey(NameOf(project.Path)) || project.Path != $"src/{NameOf(project.Path)}/{NameOf(project.Path)}.csproj")
            .Select(project => project.Path));

    [Fact]
    public void The_kernel_the_domain_and_the_wire_use_no_package() => Expect.None(
        from project in Projects
        where project.IsIn("src/Account.Domain", "src/Exchange.Wire", "src/Actor.Kernel")
        from package in XDocument.Parse(project.Text).Descendants("PackageReference").Concat(XDocument.Parse(project.Text).Descendants("FrameworkReference"))
        select $"{project.Path}: {package.Attribute("Include")?.Value}");

    [Fact]
    public void Nobody_but_tests_knows_the_node() => Expect.None(
        Projects.Where(project => !project.IsIn("tests") && ReferencesOf(project).Contains("Cluster.Node")).Select(project => project.Path));

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = Repository.File("Backup.Actors.sln").Text.Replace('\\', '/');

        Expect.None(Projects.Where(project => !solution.Contains(project.Path, StringComparison.Ordinal)).Select(project => project.Path));
    }

    [Fact]
    public void The_banned_calls_are_wired_to_the_simulated_rooms_and_the_rule_is_an_error()
    {
        var item = XDocument.Parse(Repository.File("Directory.Build.props").Text).Descendants("AdditionalFiles")
            .Single(file => file.Attribute("Include")!.Value.EndsWith("BannedSymbols.txt", StringComparison.Ordinal));
        var condition = item.Parent!.Attribute("Condition")!.Value;

        Assert.All(SimulatedRooms, room => Assert.Contains($"'$(MSBuildProjectName)' == '{room}'", condition, StringComparison.Ordinal));
        Assert.Contains("dotnet_diagnostic.RS0030.severity = error", Repository.File(".editorconfig").Text, StringComparison.Ordinal);
        Assert.Contains("P:System.DateTime.UtcNow;", Repository.File("BannedSymbols.txt").Text, StringComparison.Ordinal);
        Expect.None(Repository.CSharp.Where(file => file.IsIn([.. SimulatedRooms.Select(room => $"src/{room}")]) && file.Text.Contains("RS0030", StringComparison.Ordinal))
            .Select(file => $"{file.Path} switches the rule off"));
    }

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path);

    private static IEnumerable<string> ReferencesOf(SourceFile project) =>
        XDocument.Parse(project.Text).Descendants("ProjectReference").Select(reference => NameOf(reference.Attribute("Include")!.Value.Replace('\\', '/')));
}
