using System.Text.RegularExpressions;
using Xunit;

namespace Backup.Architecture.Tests;

/// <summary>What people touch: settings, documents, numbers that they quote to each other, and the commands in the root.</summary>
public sealed partial class SettingsAndDoors
{
    [Fact]
    public void Every_setting_is_read_and_every_setting_that_is_read_exists()
    {
        var written = KeysOf(Repository.File("hocon/reference.conf").Text);
        var sections = written.Select(key => key.Split('.')[0]).ToHashSet(StringComparer.Ordinal);
        var read = Repository.CSharp.Where(file => file.IsIn("src/Cluster.Node/Settings"))
            .SelectMany(file => SettingLiteral().Matches(file.Text).Select(match => match.Groups[1].Value))
            .Where(key => sections.Contains(key.Split('.')[0]))
            .ToHashSet(StringComparer.Ordinal);

        Expect.None(written.Except(read).Select(key => $"{key} is in hocon/reference.conf and nobody reads it"));
        Expect.None(read.Except(written).Where(key => !written.Any(longer => longer.StartsWith(key + ".", StringComparison.Ordinal)))
            .Select(key => $"{key} is read and is not in hocon/reference.conf"));
    }

    [Fact]
    public void Every_setting_of_the_other_files_exists()
    {
        var written = KeysOf(Repository.File("hocon/reference.conf").Text).ToHashSet(StringComparer.Ordinal);

        Expect.None(
            from file in Repository.Files
            where file.IsIn("hocon") && file.Name is not ("reference.conf" or "simulator.conf") && file.Path.EndsWith(".conf", StringComparison.Ordinal)
            from key in KeysOf(file.Text)
            where !written.Contains(key)
            select $"{file.Path}: {key} is not in hocon/reference.conf");
    }

    [Fact]
    public void Every_link_between_our_documents_leads_somewhere() => Expect.None(
        from file in Repository.Files
        where file.Path.EndsWith(".md", StringComparison.Ordinal)
        from Match link in Link().Matches(file.Text)
        let target = link.Groups[1].Value.Split('#')[0]
        where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
        let path = Path.Combine(Repository.Root, Path.GetDirectoryName(file.Path)!, Uri.UnescapeDataString(target))
        where !File.Exists(path) && !Directory.Exists(path)
        select $"{file.Path}: {target}");

    [Fact]
    public void No_refusal_shares_its_number()
    {
        var numbers = RefusalNumber().Matches(BodyOf("src/Account.Domain/AccountReply.cs", "enum RefusalCode")).Select(match => match.Groups[1].Value).ToArray();

        Assert.NotEmpty(numbers);
        Assert.Equal(numbers.Distinct(StringComparer.Ordinal), numbers);
    }

    [Fact]
    public void No_event_shares_its_number_and_every_event_has_one()
    {
        var codec = Repository.File("src/Account.Domain/Journal/AccountEventCodec.cs").Text;
        var numbered = EventNumber().Matches(codec).Select(match => (Name: match.Groups[1].Value, Number: match.Groups[2].Value)).Distinct().ToArray();
        var events = EventCase().Matches(Repository.File("src/Account.Domain/AccountEvent.cs").Text).Select(match => match.Groups[1].Value).ToArray();

        Assert.NotEmpty(events);
        Assert.Equal(events.Order(StringComparer.Ordinal), numbered.Select(one => one.Name).Order(StringComparer.Ordinal));
        Assert.Equal(numbered.Length, numbered.Select(one => one.Number).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("run")]
    [InlineData("test")]
    [InlineData("bench")]
    [InlineData("chaos")]
    [InlineData("pbm")]
    public void Every_command_in_the_root_explains_itself(string command)
    {
        var path = Path.Combine(Repository.Root, command);
        Assert.True(File.Exists(path), $"./{command} is missing");

        var (status, said) = Repository.Run(path, "--help");

        Assert.Equal(0, status);
        Assert.Contains(command == "pbm" ? "Usage:" : $"./{command}", said, StringComparison.Ordinal);
    }

    private static string BodyOf(string path, string declaration)
    {
        var text = Repository.File(path).Text;
        var from = text.IndexOf(declaration, StringComparison.Ordinal);
        return text[from..text.IndexOf('}', from)];
    }

    /// <summary>Keys with their sections, from our own files: one key or one brace a line.</summary>
    private static List<string> KeysOf(string conf)
    {
        var sections = new List<string>();
        var keys = new List<string>();
        foreach (var line in conf.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] is not ('#' or '/')))
        {
            if (line.StartsWith('}'))
            {
                sections.RemoveAt(sections.Count - 1);
            }
            else if (line.EndsWith('{'))
            {
                sections.Add(line[..^1].Trim(' ', '='));
            }
            else if (line.Contains('='))
            {
                keys.Add(string.Join('.', sections.Append(line.Split('=')[0].Trim())));
            }
        }

        return keys;
    }

    [Fact]
    public void The_balancer_that_is_shipped_has_the_cookie_that_the_settings_name_and_lets_a_leaving_node_take_it()
    {
        var settings = File.ReadAllText(Path.Combine(Repository.Root, "hocon", "reference.conf"));
        var balancer = File.ReadAllText(Path.Combine(Repository.Root, "deploy", "haproxy.cfg"));

        var name = AffinityCookie().Match(settings).Groups[1].Value;

        Assert.NotEmpty(name);
        Assert.Contains($"cookie {name} insert indirect preserve", balancer, StringComparison.Ordinal);
    }

    [GeneratedRegex("\"([a-z]+(?:\\.[a-z0-9-]+)+)\"")]
    private static partial Regex SettingLiteral();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("affinity-cookie = \"(.+)\"")]
    private static partial Regex AffinityCookie();

    [GeneratedRegex(@"= (\d+)")]
    private static partial Regex RefusalNumber();

    [GeneratedRegex(@"sealed record (\w+)")]
    private static partial Regex EventCase();

    [GeneratedRegex(@"Of<AccountEvent\.(\w+)>\((\d+)")]
    private static partial Regex EventNumber();
}
