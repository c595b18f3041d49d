using System.Text.RegularExpressions;
using Xunit;

namespace Backup.Architecture.Tests;

/// <summary>What a reader meets in every file: its size, its words, its numbers.</summary>
public sealed partial class SizeAndWords
{
    private const int FileLinesMax = 400;
    private const int MethodLinesMax = 60;

    /// <summary>Kernel and domain compute with whole numbers; what is listed here does not reach an event or an amount.</summary>
    private static readonly HashSet<string> FloatingPointAllowed = new(StringComparer.Ordinal);

    private static IEnumerable<SourceFile> Code => Repository.CSharp.Concat(Repository.TypeScript).Where(file => file.IsIn("src", "tests", "benchmarks"));

    [Fact]
    public void No_file_is_longer_than_a_few_screens() => Expect.None(
        Code.Where(file => file.Lines.Length - 1 > FileLinesMax).Select(file => $"{file.Path}: {file.Lines.Length - 1} lines, at most {FileLinesMax}"));

    [Fact]
    public void No_method_is_longer_than_a_screen()
    {
        var methods = Repository.CSharp.Where(file => file.IsIn("src", "tests", "benchmarks"))
            .SelectMany(file => CSharpText.Members(file.Text).Select(member => (file.Path, member.Header, member.FirstLine, member.Lines)));

        Expect.None(methods.Where(method => method.Lines > MethodLinesMax)
            .Select(method => $"{method.Path}:{method.FirstLine}: {method.Lines} lines, at most {MethodLinesMax}: {method.Header}"));
    }

    [Fact]
    public void No_function_of_the_page_is_longer_than_a_screen() => Expect.None(
        Repository.TypeScript.Where(file => file.IsIn("src", "tests")).SelectMany(LongFunctions));

    [Fact]
    public void Nothing_is_left_to_be_done_later_in_a_comment() => Expect.None(
        Repository.Files
            .Where(file => file.IsIn("src", "tests", "benchmarks", "scripts", "hocon", "k8s") && file.Name != "SizeAndWords.cs" && file.Name != "CSharpTextTests.cs")
            .SelectMany(file => Matches(file, Reminder())));

    [Fact]
    public void No_type_is_named_after_nothing() => Expect.None(
        Repository.CSharp.SelectMany(file => Matches(file with { Text = CSharpText.CodeOnly(file.Text) }, EmptyName())));

    [Fact]
    public void No_test_is_switched_off() => Expect.None(
        Repository.CSharp.Where(file => file.IsIn("tests")).SelectMany(file => Matches(file with { Text = CSharpText.CodeOnly(file.Text) }, SwitchedOff())));

    [Fact]
    public void Money_and_history_are_whole_numbers() => Expect.None(
        Repository.CSharp
            .Where(file => file.IsIn("src/Account.Domain", "src/Actor.Kernel", "src/Journal.Sqlite", "src/Journal.Postgres") && !FloatingPointAllowed.Contains(file.Path))
            .SelectMany(file => Matches(file with { Text = CSharpText.CodeOnly(file.Text) }, FloatingPoint())));

    [Fact]
    public void No_file_names_a_registry_or_a_folder_of_one_machine()
    {
        // Put together here, so that this file does not name them either.
        string[] foreign = ["nuget" + ".org", "npmjs" + ".org", "npmjs" + ".com", "/work" + "/"];

        Expect.None(
            from file in Repository.Files
            from name in foreign
            where file.Text.Contains(name, StringComparison.OrdinalIgnoreCase)
            select $"{file.Path} names {name}");
    }

    private static IEnumerable<string> Matches(SourceFile file, Regex wrong) => file.Lines
        .Select((line, index) => (Line: line, Number: index + 1))
        .Where(each => wrong.IsMatch(each.Line))
        .Select(each => $"{file.Path}:{each.Number}: {each.Line.Trim()}");

    /// <summary>Functions at the left margin, up to the brace at the left margin.</summary>
    private static IEnumerable<string> LongFunctions(SourceFile file)
    {
        var lines = file.Lines;
        var first = -1;
        for (var i = 0; i < lines.Length; i++)
        {
            if (TopLevelFunction().IsMatch(lines[i]))
            {
                first = i;
            }
            else if (first >= 0 && lines[i].StartsWith('}'))
            {
                if (i - first + 1 > MethodLinesMax)
                {
                    yield return $"{file.Path}:{first + 1}: {i - first + 1} lines, at most {MethodLinesMax}: {lines[first]}";
                }

                first = -1;
            }
        }
    }

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex Reminder();

    [GeneratedRegex(@"\b(class|struct|record|interface|enum)\s+(\w*(Manager|Helper|Utils?|Common|Impl)(\b|[A-Z])\w*|Class1)")]
    private static partial Regex EmptyName();

    [GeneratedRegex(@"\bSkip(When|Unless|Type)?\s*=[^=>]")]
    private static partial Regex SwitchedOff();

    [GeneratedRegex(@"\b(double|float|Double|Single)\b(?!\()")]
    private static partial Regex FloatingPoint();

    [GeneratedRegex(@"^(export )?(default )?(async )?(function\b|const \w+ = .*=> \{$)")]
    private static partial Regex TopLevelFunction();
}
