using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Backup.Gateway.Api.Login;

namespace Backup.Cluster.Node.Gateway;

/// <summary>
/// The keys that sign access tokens, in one file, so that a restart, or another node of the cluster, does not log everybody out. Each is a PEM block
/// under a line that says from when on it signs; a block without one has always signed.
/// </summary>
internal sealed class TokenKeyFile
{
    private const string FileName = "token-key.pem";
    private const string SignsFromWord = "signs-from ";
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private string? _read;
    private string _seen = "";

    /// <param name="file">Where the keys are; empty: in the data folder. The file is made where there is none.</param>
    /// <exception cref="InvalidDataException">The file holds something else.</exception>
    internal TokenKeyFile(string dataFolder, string file, TimeProvider clock)
    {
        _clock = clock;
        Keys = new TokenKeys(clock);
        (Location, _) = SecretFile.ReadOrCreate(dataFolder, FileName, file, () => BlockOf(clock.GetUtcNow()));
        Reread(isWhole: true);
    }

    internal string Location { get; }

    internal TokenKeys Keys { get; }

    /// <summary>Takes the file's keys, if it has changed.</summary>
    /// <param name="isWhole">False: somebody may be writing it at this moment, so it must have been the same at the look before.</param>
    /// <returns>Whether keys were taken.</returns>
    /// <exception cref="InvalidDataException">It holds something else; the keys stay as they were.</exception>
    internal bool Reread(bool isWhole)
    {
        lock (_gate)
        {
            var text = File.ReadAllText(Location);
            var isSettled = isWhole || text == _seen;
            _seen = text;
            if (text == _read || !isSettled)
            {
                return false;
            }

            Keys.Replace(Parse(text));
            _read = text;
            return true;
        }
    }

    /// <summary>Adds a key that signs after a while, and leaves out those whose tokens have all expired by then.</summary>
    /// <param name="signsAfter">Long enough for the file to reach every node.</param>
    /// <param name="tokenLife">The longest that a token lives: a session's cookie.</param>
    internal void Rotate(TimeSpan signsAfter, TimeSpan tokenLife)
    {
        lock (_gate)
        {
            Reread(isWhole: true);
            var now = _clock.GetUtcNow();
            var kept = new StringBuilder();
            foreach (var (block, signsFrom) in BlocksOf(File.ReadAllText(Location)))
            {
                var isReplaced = Keys.All.Any(newer => newer.SignsFrom > signsFrom && newer.SignsFrom + tokenLife <= now);
                kept.Append(isReplaced ? "" : block);
            }

            // As a whole or not at all: another process may read it at this moment.
            SecretFile.Write(Location + ".new", kept.Append(BlockOf(now + signsAfter)).ToString());
            File.Move(Location + ".new", Location, overwrite: true);
            Reread(isWhole: true);
        }
    }

    private static string BlockOf(DateTimeOffset signsFrom)
    {
        using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return $"{SignsFromWord}{signsFrom.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}\n{fresh.ExportPkcs8PrivateKeyPem()}\n";
    }

    private List<TokenKey> Parse(string text)
    {
        var keys = new List<TokenKey>();
        foreach (var (block, signsFrom) in BlocksOf(text))
        {
            var key = ECDsa.Create();
            try
            {
                key.ImportFromPem(block);
                keys.Add(new TokenKey(key, signsFrom));
            }
            catch (Exception damaged) when (damaged is ArgumentException or CryptographicException)
            {
                key.Dispose();
                throw Damaged(damaged);
            }
        }

        return keys.Count > 0 && keys.TrueForAll(key => key.IsP256) ? keys : throw Damaged(null);
    }

    private IEnumerable<(string Block, DateTimeOffset SignsFrom)> BlocksOf(string text)
    {
        var (from, signsFrom) = (0, DateTimeOffset.MinValue);
        while (PemEncoding.TryFind(text.AsSpan(from), out var pem))
        {
            var end = from + pem.Location.End.Value;
            var before = text[from..(from + pem.Location.Start.Value)];
            if (before.IndexOf(SignsFromWord, StringComparison.Ordinal) is >= 0 and var at
                && !DateTimeOffset.TryParseExact(
                    before[(at + SignsFromWord.Length)..].Split('\n')[0].Trim(), "yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out signsFrom))
            {
                throw Damaged(null);
            }

            yield return (text[from..end].TrimStart('\n') + "\n", signsFrom);
            (from, signsFrom) = (end, DateTimeOffset.MinValue);
        }
    }

    private InvalidDataException Damaged(Exception? found) => new(
        $"{Location}: expected EC private keys on P-256 in PEM form, found something else. Delete the file to make a new key; everybody then logs in again.", found);
}

/// <summary>Rereads the file of the token keys while the node runs: a key that was rotated on another node comes as a changed file.</summary>
internal sealed class TokenKeyWatch(TokenKeyFile file, TimeProvider clock, ILogger<TokenKeyWatch> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var told = "";
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Every, clock, stoppingToken);
            try
            {
                if (file.Reread(isWhole: false))
                {
                    log.LogInformation("The keys of access tokens were read anew: {Keys}", string.Join(", ", file.Keys.All.Select(key => key.Id)));
                }

                told = "";
            }
            catch (Exception wrong) when (wrong is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                if (wrong.Message != told)
                {
                    log.LogError("The keys of access tokens stay as they are: {Reason}", wrong.Message);
                }

                told = wrong.Message;
            }
        }
    }
}
