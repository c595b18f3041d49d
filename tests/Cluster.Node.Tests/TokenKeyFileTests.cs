using System.Security.Cryptography;
using Backup.Cluster.Node.Gateway;
using Backup.Gateway.Api.Login;
using Backup.Tests;
using Xunit;

namespace Backup.Cluster.Node.Tests;

public sealed class TokenKeyFileTests : IDisposable
{
    private static readonly TimeSpan CookieLife = TimeSpan.FromHours(8);
    private static readonly TimeSpan Copying = TimeSpan.FromMinutes(10);
    private readonly string _folder = Directory.CreateTempSubdirectory("keys-").FullName;
    private readonly ManualClock _clock = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void It_is_made_once_for_its_user_alone_and_says_the_same_after_a_restart()
    {
        var first = Open();

        Assert.Equal(first.Keys.Signing.Id, Open().Keys.Signing.Id);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(first.Location));
    }

    [Fact]
    public async Task Nodes_that_start_at_the_same_moment_make_one_file()
    {
        var contents = await Task.WhenAll(Enumerable.Range(0, 8).Select(node => Task.Run(() => SecretFile.ReadOrCreate(_folder, "shared", "", () => $"made by {node}").Content)));

        Assert.Single(contents.Distinct());
        Assert.Equal(Path.Combine(_folder, "shared"), Assert.Single(Directory.GetFiles(_folder)));
    }

    [Fact]
    public void A_key_alone_as_older_releases_wrote_it_is_taken()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(Path.Combine(_folder, "token-key.pem"), key.ExportPkcs8PrivateKeyPem());

        Assert.Equal(new TokenKey(key, default).Id, Open().Keys.Signing.Id);
    }

    [Fact]
    public void A_rotated_key_signs_after_the_time_for_copying_and_the_old_one_goes_when_its_last_token_has_expired()
    {
        var file = Open();
        var old = file.Keys.Signing.Id;

        file.Rotate(Copying, CookieLife);
        Assert.Equal((old, 2), (file.Keys.Signing.Id, file.Keys.All.Count));
        _clock.Advance(Copying);
        var second = file.Keys.Signing.Id;
        Assert.NotEqual(old, second);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file.Location));

        _clock.Advance(CookieLife - TimeSpan.FromSeconds(1));
        file.Rotate(Copying, CookieLife);
        Assert.Equal(3, file.Keys.All.Count);
        _clock.Advance(TimeSpan.FromSeconds(1));
        file.Rotate(Copying, CookieLife);

        Assert.DoesNotContain(old, file.Keys.All.Select(key => key.Id));
        Assert.Contains(second, file.Keys.All.Select(key => key.Id));
        Assert.Equal(file.Keys.All.Select(key => (key.Id, key.SignsFrom)), Open().Keys.All.Select(key => (key.Id, key.SignsFrom)));
    }

    [Fact]
    public void A_changed_file_is_taken_while_the_node_runs_once_it_is_whole()
    {
        var here = Open();
        var there = Path.Combine(_folder, "other");
        Directory.CreateDirectory(there);
        File.Copy(here.Location, Path.Combine(there, "token-key.pem"));
        var other = new TokenKeyFile(there, "", _clock);
        other.Rotate(Copying, CookieLife);
        var whole = File.ReadAllText(other.Location);

        File.WriteAllText(here.Location, whole[..(whole.Length / 2)]);
        Assert.False(here.Reread(isWhole: false));
        File.WriteAllText(here.Location, whole);
        Assert.False(here.Reread(isWhole: false));
        Assert.Single(here.Keys.All);

        Assert.True(here.Reread(isWhole: false));
        Assert.Equal(other.Keys.All.Select(key => key.Id), here.Keys.All.Select(key => key.Id));
        Assert.False(here.Reread(isWhole: false));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no key")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")]
    public void A_file_of_something_else_is_refused_by_name_and_the_keys_stay(string content)
    {
        var file = Open();
        var before = file.Keys.Signing.Id;
        File.WriteAllText(file.Location, content);

        Assert.Contains(file.Location, Assert.Throws<InvalidDataException>(() => file.Reread(isWhole: true)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(Open);
        Assert.Equal(before, file.Keys.Signing.Id);
    }

    [Fact]
    public void A_key_of_another_curve_or_a_time_that_cannot_be_read_is_refused()
    {
        var path = Path.Combine(_folder, "token-key.pem");
        using var longer = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        File.WriteAllText(path, longer.ExportPkcs8PrivateKeyPem());
        Assert.Throws<InvalidDataException>(Open);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(path, $"signs-from soon\n{key.ExportPkcs8PrivateKeyPem()}");
        Assert.Throws<InvalidDataException>(Open);
    }

    private TokenKeyFile Open() => new(_folder, "", _clock);
}
