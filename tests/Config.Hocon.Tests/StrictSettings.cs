using Microsoft.Extensions.Configuration;
using Xunit;

namespace Backup.Config.Hocon.Tests;

public sealed class StrictSettings
{
    private const string Reference = """
        gateway {
          port = 8080                # where browsers come
          heartbeat-every = 5s
          body-max = 64KiB
          fair = true
          share = 0.5
          name = "gateway"
          signing-key = ""           # secret
          origins = ["a"]
        }
        labels {}
        """;

    [Fact]
    public void Durations_sizes_ports_and_words_bind_as_the_configuration_system_reads_them()
    {
        var configuration = new ConfigurationBuilder().AddHocon(Files.Settings(Reference)).Build();

        Assert.Equal(TimeSpan.FromSeconds(5), configuration.GetValue<TimeSpan>("gateway:heartbeat-every"));
        Assert.Equal(65536, configuration.GetValue<int>("gateway:body-max"));
        Assert.Equal(8080, configuration.GetValue<int>("gateway:port"));
        Assert.True(configuration.GetValue<bool>("gateway:fair"));
        Assert.Equal("a", configuration["gateway:origins:0"]);
    }

    [Theory]
    [InlineData("500ms", "00:00:00.5000000")]
    [InlineData("90 s", "00:01:30")]
    [InlineData("1.5h", "01:30:00")]
    [InlineData("2d", "2.00:00:00")]
    [InlineData("0s", "00:00:00")]
    public void A_duration_is_exact(string written, string bound) =>
        Assert.Equal(bound, Files.Settings("every = 1s", overlay: $"every = {written}").Find("every"));

    [Theory]
    [InlineData("1B", "1")]
    [InlineData("1kB", "1000")]
    [InlineData("1.5KiB", "1536")]
    [InlineData("2 MiB", "2097152")]
    public void A_size_is_in_bytes(string written, string bound) =>
        Assert.Equal(bound, Files.Settings("limit = 1B", overlay: $"limit = {written}").Find("limit"));

    [Theory]
    [InlineData("gateway.heartbeat-every = 5", "local.conf:1: key 'gateway.heartbeat-every': found \"5\", expected a duration with its unit (ms, s, m, h, d), such as 500ms")]
    [InlineData("gateway.heartbeat-every = 5KiB", "local.conf:1: key 'gateway.heartbeat-every': found \"5KiB\", expected a duration with its unit (ms, s, m, h, d), such as 500ms")]
    [InlineData("\ngateway.body-max = 64K", "local.conf:2: key 'gateway.body-max': found \"64K\", expected a size with its unit (B, kB, MB, GB, KiB, MiB, GiB), such as 64KiB")]
    [InlineData("gateway.port = 70000", "local.conf:1: key 'gateway.port': found \"70000\", expected a port, 0 to 65535")]
    [InlineData("gateway.fair = maybe", "local.conf:1: key 'gateway.fair': found \"maybe\", expected true or false")]
    [InlineData("gateway.share = half", "local.conf:1: key 'gateway.share': found \"half\", expected a number")]
    [InlineData("gateway.origins = a", "local.conf:1: key 'gateway.origins': found a single value, expected an array")]
    [InlineData("gateway = 1", "local.conf:1: key 'gateway': found a single value, expected an object")]
    [InlineData("gateway.prot = 1", "local.conf:1: found the unknown key 'gateway.prot', expected a key of the reference such as 'gateway.port'")]
    [InlineData("gateway {\n  port = 1\n  port = 2\n}", "local.conf:3: found key 'gateway.port' a second time, expected it once in a file (first at line 2)")]
    [InlineData("gateway {\n  port = 1\n", "local.conf:3: found the end of the file, expected '}'; the object opened at line 1 is not closed")]
    [InlineData("gateway.name = http://x", "local.conf:1: found ':', expected text without this character, or text in quotes")]
    [InlineData("gateway.port =\n1", "local.conf:1: found the end of the line, expected a value for 'gateway.port' on the same line (an empty text is \"\")")]
    [InlineData("gateway.origins += b", "local.conf:1: found '+', expected '=' or ':' ('+=' is not supported here)")]
    [InlineData("gateway.name = ${absent}", "local.conf:1: found no value for ${absent}, expected a key of the settings or an environment variable")]
    [InlineData("gateway.name = ${gateway.name}", "local.conf:1: found ${gateway.name} inside its own value, expected no circle")]
    [InlineData("gateway.name = \"x", "local.conf:1: found the end of the file, expected a closing quote on the same line")]
    [InlineData("gateway.signing-key = [1]", "local.conf:1: key 'gateway.signing-key': found an array, expected a single value")]
    public void A_mistake_is_told_with_its_place_what_was_found_and_what_was_expected(string overlay, string problem) =>
        Assert.Equal([problem], Files.Problems(Reference, overlay));

    [Fact]
    public void Every_mistake_is_told_at_once()
    {
        var problems = Files.Problems(
            Reference, "gateway.port = x\ngateway.fair = 3\nnone = 1", [("BACKUP_GATEWAY__PROT", "1")], ["gateway.share=no"]);

        Assert.Equal(5, problems.Length);
    }

    [Fact]
    public void An_included_file_that_is_absent_is_told_at_the_line_of_the_include()
    {
        var problem = Assert.Single(Files.Problems(Reference, "\ninclude \"absent.conf\""));

        Assert.StartsWith("local.conf:2: found no readable file ", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_includes_itself_is_refused()
    {
        using var folder = new Files();
        var path = folder.Write("a.conf", "include \"a.conf\"");

        var e = Assert.Throws<HoconException>(() => HoconDocument.Load(path));

        Assert.Contains("found an include of 'a.conf' from within itself", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_environment_is_stronger_than_files_and_the_command_line_is_stronger_still()
    {
        var fromEnvironment = Files.Settings(Reference, "gateway.port = 1", [("BACKUP_GATEWAY__PORT", "2")]);
        var fromCommandLine = Files.Settings(Reference, "gateway.port = 1", [("BACKUP_GATEWAY__PORT", "2")], ["gateway.port=3"]);

        Assert.Equal("2", fromEnvironment.Find("gateway.port"));
        Assert.Equal("3", fromCommandLine.Find("gateway.port"));
    }

    [Fact]
    public void A_dash_in_a_key_is_one_underscore_in_its_variable()
    {
        var settings = Files.Settings(Reference, environment: [("BACKUP_GATEWAY__HEARTBEAT_EVERY", "1 s"), ("BACKUP_GATEWAY__ORIGINS", "[\"b\", \"c\"]")]);

        Assert.Equal("00:00:01", settings.Find("gateway.heartbeat-every"));
        Assert.Equal("c", settings.Find("gateway.origins.1"));
    }

    [Fact]
    public void A_variable_that_names_no_key_is_refused_by_name() =>
        Assert.Equal(
            ["environment BACKUP_GATEWAY__PROT: found a variable that names no key, expected one of the reference (gateway.port is BACKUP_GATEWAY__PORT)"],
            Files.Problems(Reference, environment: [("BACKUP_GATEWAY__PROT", "1"), ("HOME", "/root")]));

    [Fact]
    public void A_setting_of_the_command_line_is_checked_like_a_file() =>
        Assert.Equal(
            ["--set gateway.port: key 'gateway.port': found \"x\", expected a port, 0 to 65535"],
            Files.Problems(Reference, sets: ["gateway.port=x"]));

    [Fact]
    public void Settings_are_taken_out_of_a_command_line()
    {
        var sources = new HoconSources("reference.conf").WithArguments(["serve", "--set", "a=1", "--set=b=2", "--quiet"], out var rest);

        Assert.Equal(["a=1", "b=2"], sources.Sets);
        Assert.Equal(["serve", "--quiet"], rest);
    }

    [Fact]
    public void An_empty_object_of_the_reference_takes_any_keys()
    {
        var settings = Files.Settings(Reference, "labels { site = \"mumbai\", rack.row = 3 }");

        Assert.Equal("mumbai", settings.Find("labels.site"));
        Assert.Equal("3", settings.Find("labels.rack.row"));
    }

    [Fact]
    public void The_description_tells_where_each_value_came_from_and_keeps_secrets()
    {
        var settings = Files.Settings(
            Reference, "gateway.port = 81", [("BACKUP_GATEWAY__SIGNING_KEY", "letmein")]);

        Assert.Contains("local.conf:1)", settings.Describe(), StringComparison.Ordinal);
        Assert.Contains("gateway.heartbeat-every = 5s  (", settings.Describe(), StringComparison.Ordinal);
        Assert.Contains(
            "gateway.signing-key = (redacted)  (environment BACKUP_GATEWAY__SIGNING_KEY)\n", settings.Describe(), StringComparison.Ordinal);
        Assert.DoesNotContain("letmein", settings.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_of_the_wrong_kind_is_not_shown_in_the_error()
    {
        var problem = Assert.Single(Files.Problems("pin = 0 # secret", "pin = letmein"));

        Assert.Equal("local.conf:1: key 'pin': found another value (redacted), expected a whole number", problem);
    }

    [Fact]
    public void The_hash_follows_the_effective_values_and_not_the_files_they_came_from()
    {
        Assert.Equal(Files.Settings(Reference).Hash, Files.Settings(Reference, "gateway.port = 8080").Hash);
        Assert.NotEqual(Files.Settings(Reference).Hash, Files.Settings(Reference, "gateway.port = 8081").Hash);
    }

    [Fact]
    public void A_number_with_an_unknown_unit_in_the_reference_is_a_slip() =>
        Assert.Equal(
            ["reference.conf:1: key 'limit': found 64K, expected a known unit after the number, or the value in quotes"],
            Files.Problems("limit = 64K"));

    [Fact]
    public void A_stand_alone_file_binds_by_the_form_of_its_values()
    {
        using var folder = new Files();
        var path = folder.Write("simulator.conf", "listen { port = 9000, every = 250ms, buffer = 1MiB }\ncloses = \"closes.csv\"\nmissing = null");

        var configuration = new ConfigurationBuilder().AddHoconFile(path).Build();

        Assert.Equal(9000, configuration.GetValue<int>("listen:port"));
        Assert.Equal(TimeSpan.FromMilliseconds(250), configuration.GetValue<TimeSpan>("listen:every"));
        Assert.Equal(1 << 20, configuration.GetValue<int>("listen:buffer"));
        Assert.Equal("closes.csv", configuration["closes"]);
        Assert.Null(configuration["missing"]);
    }
}
