using Xunit;

namespace Backup.Config.Hocon.Tests;

/// <summary>Examples in the HOCON specification, for the subset that is read here.</summary>
public sealed class SpecificationExamples
{
    [Fact]
    public void Dotted_keys_are_nested_objects()
    {
        Assert.Equal("42", Text("foo.bar.baz : 42", "foo", "bar", "baz"));
        Assert.Equal("42", Text("foo { bar { baz : 42 } }", "foo", "bar", "baz"));
    }

    [Fact]
    public void The_root_braces_may_be_left_out()
    {
        Assert.Equal("1", Text("{ a : 1 }", "a"));
        Assert.Equal("1", Text("a : 1", "a"));
    }

    [Fact]
    public void Two_objects_of_one_key_are_merged()
    {
        var root = HoconDocument.Parse("""
            { "foo" : { "a" : 42 }, "foo" : { "b" : 43 } }
            """, "test.conf").Root;

        Assert.Equal("42", TextAt(root, "foo", "a"));
        Assert.Equal("43", TextAt(root, "foo", "b"));
    }

    [Fact]
    public void A_trailing_comma_is_ignored_in_arrays_and_objects()
    {
        var root = HoconDocument.Parse("list = [1,2,3,]\nobject { a = 1, }", "test.conf").Root;

        Assert.Equal(3, Assert.IsType<HoconArray>(root.Find("list")).Items.Count);
    }

    [Fact]
    public void A_new_line_separates_the_items_of_an_array()
    {
        var root = HoconDocument.Parse("list = [\n 1\n 2\n # two is enough\n]", "test.conf").Root;

        Assert.Equal(2, Assert.IsType<HoconArray>(root.Find("list")).Items.Count);
    }

    [Theory]
    [InlineData("a = 1 # comment", "1")]
    [InlineData("a = 1 // comment", "1")]
    [InlineData("a = \"# not a comment\"", "# not a comment")]
    [InlineData("a = /var/lib/backup", "/var/lib/backup")]
    [InlineData("a = foo bar  baz ", "foo bar  baz")]
    [InlineData("a = \"tab\\tnew\\u0041\"", "tab\tnewA")]
    [InlineData("a = \"\"\"it \"says\" so\\n\"\"\"", "it \"says\" so\\n")]
    [InlineData("a = \"\"\"foo\"\"\"\"", "foo\"")]
    [InlineData("\"quoted key\".b = 2\na = x", "x")]
    public void A_value_is_read_as_the_specification_says(string text, string expected) => Assert.Equal(expected, Text(text, "a"));

    [Fact]
    public void A_substitution_takes_the_value_of_another_key()
    {
        var settings = Files.Settings("""
            animal { favourite = "cat", sound = ${animal.favourite} }
            standard-timeout = 10s
            foo.timeout = ${standard-timeout}
            path = ${home}"/bin"
            home = "/root"
            """);

        Assert.Equal("cat", settings.Find("animal.sound"));
        Assert.Equal("00:00:10", settings.Find("foo.timeout"));
        Assert.Equal("/root/bin", settings.Find("path"));
    }

    [Fact]
    public void A_substitution_takes_an_object_whole()
    {
        var settings = Files.Settings("generic { host = \"a\", port = 1 }\neast = ${generic}");

        Assert.Equal("a", settings.Find("east.host"));
        Assert.Equal("1", settings.Find("east.port"));
    }

    [Fact]
    public void A_later_layer_changes_what_a_substitution_sees()
    {
        var settings = Files.Settings("base = 1s\nderived = ${base}", overlay: "base = 2s");

        Assert.Equal("00:00:02", settings.Find("derived"));
    }

    [Fact]
    public void An_absent_optional_substitution_leaves_the_former_value_standing()
    {
        const string Reference = "listen-port = 8080\nlisten-port = ${?LISTEN_PORT}";

        Assert.Equal("8080", Files.Settings(Reference).Find("listen-port"));
        Assert.Equal("81", Files.Settings(Reference, environment: [("LISTEN_PORT", "81")]).Find("listen-port"));
    }

    [Fact]
    public void An_include_lays_the_file_where_it_is_written()
    {
        using var folder = new Files();
        folder.Write("inner/more.conf", "x = 1\ny = 2");
        var path = folder.Write("main.conf", "a {\n  include \"inner/more.conf\"\n  y = 3\n}");

        var root = HoconDocument.Load(path).Root;

        Assert.Equal("1", TextAt(root, "a", "x"));
        Assert.Equal("3", TextAt(root, "a", "y"));
    }

    private static string Text(string text, params string[] path) => TextAt(HoconDocument.Parse(text, "test.conf").Root, path);

    private static string TextAt(HoconObject root, params string[] path) => Assert.IsType<HoconText>(root.FindPath(path)).Value;
}
