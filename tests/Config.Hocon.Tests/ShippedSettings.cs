using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Backup.Config.Hocon.Tests;

/// <summary>The settings that ship with the product, in <c>hocon/</c>.</summary>
public sealed class ShippedSettings
{
    private static string Hocon([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "hocon"));

    [Fact]
    public void The_reference_stands_alone()
    {
        var settings = HoconSettings.Load(new HoconSources(Path.Combine(Hocon(), "reference.conf")));

        Assert.NotEmpty(settings.All);
    }

    [Fact]
    public void The_local_overlay_fits_the_reference()
    {
        var settings = HoconSettings.Load(new HoconSources(Path.Combine(Hocon(), "reference.conf"))
        {
            OverlayPaths = [Path.Combine(Hocon(), "local.conf")],
        });

        Assert.Equal("local", settings.Find("node.name"));
    }

    [Fact]
    public void Every_password_of_the_reference_is_marked_as_a_secret()
    {
        var settings = HoconSettings.Load(new HoconSources(Path.Combine(Hocon(), "reference.conf")));

        Assert.All(
            settings.All.Where(setting => setting.Key.Contains("password", StringComparison.Ordinal) || setting.Key.EndsWith("-key", StringComparison.Ordinal)),
            setting => Assert.True(setting.Secret, setting.Key));
    }

    [Fact]
    public void The_simulators_file_can_be_read_by_itself()
    {
        var file = Path.Combine(Hocon(), "simulator.conf");
        Assert.SkipUnless(File.Exists(file), "hocon/simulator.conf is not in this tree.");

        Assert.NotEmpty(new ConfigurationBuilder().AddHoconFile(file).Build().AsEnumerable());
    }
}
