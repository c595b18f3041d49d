using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Backup.Tests;

/// <summary>
/// A PostgreSQL of our own in a temporary folder: durable as in production (fsync on), on loopback, gone at the end. It can be killed,
/// brought back, copied into a standby and promoted.
/// </summary>
/// <remarks>Fails where PostgreSQL is not installed. Started by root it runs as Debian's user "postgres", because it refuses to run as root.</remarks>
internal sealed partial class PostgresServer : IAsyncDisposable
{
    public const string User = "backup";
    public const string Password = "a pass;word'";
    private const string Prefix = "backup-pg-";
    private static int _made;
    private readonly string _data;
    private readonly int? _megabytes;
    private bool _gone;

    private PostgresServer(string folder, int? port = null, int? megabytes = null)
    {
        Folder = folder;
        _data = Path.Combine(folder, "data");
        Port = port ?? FreePorts.Next();
        _megabytes = megabytes;
    }

    public string Folder { get; }

    public int Port { get; }

    private static string Programs { get; } = FindPrograms();

    /// <summary>The path of one of PostgreSQL's programs.</summary>
    public static string Program(string name) => Path.Combine(Programs, name);

    private static bool IsRoot => string.Equals(Environment.UserName, "root", StringComparison.Ordinal);

    /// <param name="settings">Lines of <c>postgresql.conf</c>, laid over those below.</param>
    public static Task<PostgresServer> StartAsync(params string[] settings) => StartOnAsync(null, settings);

    /// <summary>On a disk of its own, which is so small that it can be filled; its copies too. Needs root.</summary>
    public static Task<PostgresServer> StartOnSmallDiskAsync(int megabytes, params string[] settings) =>
        StartOnAsync(megabytes, ["wal_keep_size = 16MB", "max_wal_size = 48MB", "min_wal_size = 32MB", .. settings]);

    private static async Task<PostgresServer> StartOnAsync(int? megabytes, string[] settings)
    {
        RemoveLeftBehind();
        var server = new PostgresServer(await NewFolderAsync(megabytes), megabytes: megabytes);
        var passwordFile = Path.Combine(server.Folder, "password");
        await File.WriteAllTextAsync(passwordFile, Password);
        await RunAsync("initdb", server.Folder, "-D", server._data, "-U", User, "--pwfile", passwordFile, "--auth=scram-sha-256", "-E", "UTF8", "--locale=C", "--no-instructions");
        await server.ConfigureAsync(
        [
            "listen_addresses = '127.0.0.1'", "fsync = on", "max_connections = 100", "shared_buffers = 64MB", "wal_keep_size = 128MB",
            "max_wal_size = 2GB", "password_encryption = scram-sha-256", .. settings,
        ]);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>A connection string with the password, for the fixture's and the tests' use.</summary>
    public string ConnectionString(string database = "postgres", int? port = null) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = port ?? Port,
        Username = User,
        Password = Password,
        Database = database,
    }.ConnectionString;

    /// <summary>Runs statements outside any pool, as a superuser.</summary>
    public Task ExecuteAsync(string sql, string database = "postgres") => RunAsync(sql, database, command => command.ExecuteNonQueryAsync());

    /// <summary>
    /// The same without a time limit. Whose patience ends has the wait for the standby cancelled at the server, and is told that what no standby has
    /// is stored.
    /// </summary>
    public Task ExecuteForAsLongAsItTakesAsync(string sql, string database = "postgres") => RunAsync(sql, database, command =>
    {
        command.CommandTimeout = 0;
        return command.ExecuteNonQueryAsync();
    });

    public async Task<T> AskAsync<T>(string sql, string database = "postgres") => (T)(await RunAsync(sql, database, command => command.ExecuteScalarAsync()))!;

    /// <summary>Sets a setting for good and has the server read it.</summary>
    public async Task SetAsync(string setting, string value)
    {
        await ExecuteAsync($"alter system set {setting} = '{value}'");
        await ExecuteAsync("select pg_reload_conf()");
    }

    /// <summary>Lets everybody in who comes from there and knows the password.</summary>
    public async Task AdmitAsync(string network)
    {
        await File.AppendAllLinesAsync(Path.Combine(_data, "pg_hba.conf"), [$"host all all {network} scram-sha-256"]);
        await ExecuteAsync("select pg_reload_conf()");
    }

    /// <summary>Returns when a connection to the server stands where it is said (a condition on <c>pg_stat_activity</c>): its process, or 0.</summary>
    /// <remarks>The server tells nobody that somebody waits: it must be asked again and again.</remarks>
    public async Task<int> WaitForAsync(string condition, Func<bool>? unless = null)
    {
        await using var connection = new NpgsqlConnection(ConnectionString() + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own statements.
        command.CommandText = $"select coalesce(max(pid), 0) from pg_stat_activity where pid <> pg_backend_pid() and {condition}";
#pragma warning restore CA2100
        for (var tries = 0; tries < 20_000; tries++)
        {
            if (await command.ExecuteScalarAsync() is int found and not 0)
            {
                return found;
            }

            if (unless?.Invoke() == true)
            {
                return 0;
            }
        }

        throw new TimeoutException($"nobody came to: {condition}");
    }

    /// <summary>Commits wait for the standby of this name from now on; where there is none they wait for ever.</summary>
    /// <remarks>The server reads its settings some time after it was told to, so a commit is tried until one is seen to wait.</remarks>
    public async Task RequireStandbyAsync(string name)
    {
        const string nobody = "nobody";
        await SetAsync("synchronous_standby_names", nobody);
        int waiting;
        Task tried;
        do
        {
            tried = ExecuteAsync("select pg_logical_emit_message(true, 'probe', '')");
            waiting = await WaitForAsync("wait_event = 'SyncRep'", unless: () => tried.IsCompleted);
        }
        while (waiting == 0);
        await SetAsync("synchronous_standby_names", name);
        await ExecuteAsync($"select pg_cancel_backend({waiting})");
        await tried;
    }

    public async Task StartAgainAsync()
    {
        // A server that was killed and not reaped yet is taken for one that runs: its number stands in the lock file.
        while (LockedBy() is { } number && StatOf(number) is ["Z" or "X", ..])
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }

        await RunAsync("pg_ctl", Folder, "-D", _data, "-w", "-l", Path.Combine(Folder, "log"), "start");
    }

    public Task StopAsync(string mode = "fast") => RunAsync("pg_ctl", Folder, "-D", _data, "-w", "-m", mode, "stop");

    public Task PromoteAsync() => RunAsync("pg_ctl", Folder, "-D", _data, "-w", "promote");

    /// <summary>kill -9 of the whole server, as a crash of its machine would be for it.</summary>
    public void Kill() => KillFamily().ForEach(static process => process.Dispose());

    /// <summary>Likewise, and returns when they run no more.</summary>
    /// <remarks>
    /// All are struck before one is waited for: a machine does not die process by process. Whether they have been reaped is not waited for: that is
    /// for process 1, which may take its seconds.
    /// </remarks>
    public async Task KillAsync()
    {
        var family = KillFamily();
        while (family.Exists(static process => Runs(process.Id)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2));
        }

        family.ForEach(static process => process.Dispose());
    }

    private List<Process> KillFamily()
    {
        var family = Family().Select(Find).OfType<Process>().ToList();
        family.ForEach(static process => process.Kill());
        return family;
    }

    /// <summary>Stops every process of the server where it stands (SIGSTOP), or lets them go on.</summary>
    public async Task FreezeAsync(bool frozen = true)
    {
        // Its first process first, which makes the others; then once more, for one that was made meanwhile. One that has ended stands still too.
        for (var round = 0; round < 2; round++)
        {
            foreach (var pid in Family())
            {
                using var kill = Process.Start(new ProcessStartInfo("kill", [frozen ? "-STOP" : "-CONT", pid.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardError = true, UseShellExecute = false })!;
                await kill.WaitForExitAsync();
            }
        }
    }

    /// <summary>A running copy that follows this server under a name that <c>synchronous_standby_names</c> may list.</summary>
    /// <param name="port">Where it listens: null takes any free one.</param>
    public async Task<PostgresServer> MakeStandbyAsync(string name, int? port = null)
    {
        var standby = new PostgresServer(await NewFolderAsync(_megabytes), port, _megabytes);
        await RunAsync(
            "pg_basebackup", standby.Folder, "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", User, "-D", standby._data, "-R", "-X", "stream", "--checkpoint=fast");
        await standby.ConfigureAsync([$"cluster_name = '{name}'"]);
        await standby.StartAgainAsync();
        return standby;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_gone)
        {
            _gone = true;
            await KillAsync();
            if (_megabytes is not null)
            {
                await ExecAsync("umount", Path.GetTempPath(), [Folder]);
            }

            Directory.Delete(Folder, recursive: true);
        }
    }

    private async Task<T> RunAsync<T>(string sql, string database, Func<NpgsqlCommand, Task<T>> run)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own statements.
        command.CommandText = sql;
#pragma warning restore CA2100
        return await run(command);
    }

    private static string FindPrograms()
    {
        const string debian = "/usr/lib/postgresql";
        var found = Directory.Exists(debian)
            ? Directory.GetDirectories(debian).Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
            : null;
        return found ?? throw new InvalidOperationException($"PostgreSQL's programs are not in {debian}/*/bin: these tests start a server of their own. Install Debian's package \"postgresql\" (./test does).");
    }

    private static async Task<string> NewFolderAsync(int? megabytes)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref _made)}")).FullName;
        if (megabytes is { } size)
        {
            await ExecAsync("mount", folder, ["-t", "tmpfs", "-o", $"size={size.ToString(CultureInfo.InvariantCulture)}m,mode=0755", "tmpfs", folder]);
        }

        return folder;
    }

    /// <summary>A run that was killed could not clean up: its servers are stopped by the next one.</summary>
    private static void RemoveLeftBehind()
    {
        foreach (var folder in Directory.GetDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            var owner = int.Parse(Path.GetFileName(folder)[Prefix.Length..].Split('-')[0], CultureInfo.InvariantCulture);
            using var alive = Find(owner);
            if (alive is not null)
            {
                continue;
            }

            foreach (var pid in new PostgresServer(folder).Family())
            {
                using var left = Find(pid);
                left?.Kill();
            }

            LetGoOfDisk(folder);
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException)
            {
                // Another run that starts at the same time clears the same folder.
            }
        }
    }

    private static Process? Find(int pid)
    {
        try
        {
            return Process.GetProcessById(pid);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private async Task ConfigureAsync(string[] settings)
    {
        await File.AppendAllLinesAsync(
            Path.Combine(_data, "postgresql.conf"),
            [$"port = {Port}", $"unix_socket_directories = '{Folder}'", .. settings]);
    }

    /// <summary>The server's first process and its children, from the kernel's own list.</summary>
    private List<int> Family()
    {
        // Its number may be another program's by now.
        if (LockedBy() is not { } first || !File.Exists($"/proc/{first}/stat") || !File.ReadAllText($"/proc/{first}/cmdline").Contains(_data, StringComparison.Ordinal))
        {
            return [];
        }

        return
        [
            first, .. Directory.GetDirectories("/proc").Select(path => Path.GetFileName(path)).Where(name => char.IsAsciiDigit(name[0]))
                .Select(name => int.Parse(name, CultureInfo.InvariantCulture)).Where(pid => ParentOf(pid) == first),
        ];
    }

    /// <summary>The number of the server's first process, as its lock file has it; null without one.</summary>
    private int? LockedBy()
    {
        var file = Path.Combine(_data, "postmaster.pid");
        return File.Exists(file) ? int.Parse(File.ReadLines(file).First(), CultureInfo.InvariantCulture) : null;
    }

    private static int ParentOf(int pid) => int.Parse(StatOf(pid)?[1] ?? "0", CultureInfo.InvariantCulture);

    private static bool Runs(int pid) => StatOf(pid) is [not ("Z" or "X"), ..];

    /// <summary>What the kernel tells of a process behind its name, the state first and then its parent; null when it is gone.</summary>
    private static string[]? StatOf(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Runs one of PostgreSQL's programs, as the user "postgres" where we are root.</summary>
    private static async Task RunAsync(string program, string folder, params string[] arguments)
    {
        var path = Program(program);
        if (!IsRoot)
        {
            await ExecAsync(path, folder, arguments);
            return;
        }

        await ExecAsync("chown", folder, ["-R", "postgres", folder]);
        await ExecAsync("runuser", folder, ["-u", "postgres", "--", path, .. arguments]);
    }

    private static async Task ExecAsync(string program, string folder, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = folder };
        start.Environment["PGPASSWORD"] = Password;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            var log = Path.Combine(folder, "log");
            throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await output}{await error}{(File.Exists(log) ? await File.ReadAllTextAsync(log) : "")}");
        }
    }
}
