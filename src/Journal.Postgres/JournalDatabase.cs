using System.Globalization;
using System.Net.Sockets;
using Backup.Actor.Kernel.Journal;
using Npgsql;

namespace Backup.Journal.Postgres;

/// <summary>
/// Where the journal's database is, how to connect to it, and whether what answers there may be used: a primary that takes writes,
/// on the newest timeline seen, with this build's schema.
/// </summary>
/// <remarks>
/// The password comes from the connection string, PGPASSWORD or a passfile, as Npgsql takes it; it is in no message of this class.
/// Connections for writing have no time limit and no cancellation of their own: a cancelled wait for the standby is a commit that looks
/// good and may be lost. What is too slow is abandoned instead (see <see cref="PostgresWriter"/>).
/// </remarks>
public sealed class JournalDatabase : IAsyncDisposable
{
    /// <summary>The schema that holds everything of ours in the database.</summary>
    public const string SchemaName = "backup";

    /// <summary>For statements that look at a new connection's server and change nothing: one that takes connections and answers none is passed over.</summary>
    internal const int LookSeconds = 5;

    private const int ServerVersionMin = 150000;

    // A client that is gone must not hold its locks for the many minutes of the defaults; plans must not depend on luck.
    private const string SessionSettings =
        "-c search_path=backup -c synchronous_commit=on -c tcp_keepalives_idle=1 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=3 "
        + "-c tcp_user_timeout=3000 -c client_connection_check_interval=1000 -c idle_in_transaction_session_timeout=3000 -c jit=off";

    // One plan for the append, whatever the size of its arrays: joins of two unnested arrays must be by hash, and a plan made anew costs
    // a lone append as much as its commit.
    private const string WriterSettings = " -c enable_nestloop=off -c enable_mergejoin=off -c plan_cache_mode=force_generic_plan";

    private readonly NpgsqlDataSource _sessions;
    private readonly NpgsqlDataSource _takers;
    private readonly TimelineMemory _timeline;
    private readonly bool _onlyToLook;
    private readonly string _hosts;

    /// <exception cref="JournalException">The connection string cannot be read.</exception>
    public JournalDatabase(string connectionString, TimelineMemory? timeline = null)
        : this(connectionString, timeline, onlyToLook: false)
    {
    }

    private JournalDatabase(string connectionString, TimelineMemory? timeline, bool onlyToLook)
    {
        _onlyToLook = onlyToLook;
        _timeline = timeline ?? new TimelineMemory();
        var settings = Parse(connectionString);
        _hosts = settings.Host!;
        Where = $"PostgreSQL at {settings.Host}:{settings.Port.ToString(CultureInfo.InvariantCulture)}, database {settings.Database ?? settings.Username}, user {settings.Username}";
        _sessions = Source(Unlimited(settings, SessionSettings + WriterSettings), OpenedAsync);
        _takers = Source(Unlimited(settings, SessionSettings + " -c lock_timeout=2000"), OpenedAsync);
        Readers = Source(Pooled(settings), OpenedForReadingAsync);
    }

    /// <summary>For one who shows what is there and acts on none of it: no barrier, nothing written, a replica will do.</summary>
    /// <exception cref="JournalException">The connection string cannot be read.</exception>
    public static JournalDatabase ForLooking(string connectionString) => new(connectionString, null, onlyToLook: true);

    /// <summary>Host, port, database and user, for messages. No password.</summary>
    public string Where { get; }

    /// <summary>Connections for reading, with ordinary time limits. Each has a barrier behind it before it is first used.</summary>
    internal NpgsqlDataSource Readers { get; }

    /// <summary>Looks at the server as every connection does, for the start of a node.</summary>
    /// <exception cref="JournalException">It may not be used; one sentence says why and what to do.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _sessions.DisposeAsync();
        await _takers.DisposeAsync();
        await Readers.DisposeAsync();
    }

    /// <summary>A connection of one's own, checked, without a time limit on its statements.</summary>
    internal Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken) => OpenAsync(_sessions, cancellationToken);

    /// <summary>The same, where a statement waits at most two seconds for a lock.</summary>
    internal Task<NpgsqlConnection> ConnectTakerAsync(CancellationToken cancellationToken) => OpenAsync(_takers, cancellationToken);

    /// <summary>Does something over a reader's connection.</summary>
    /// <exception cref="JournalException">It could not be done; one sentence says why.</exception>
    internal async Task<T> UseReaderAsync<T>(Func<NpgsqlConnection, Task<T>> use, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await OpenReaderAsync(cancellationToken);
            return await use(connection);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw Explain(failure);
        }
    }

    /// <summary>
    /// A connection for reading. A new one waits for its barrier for as long as the standby is missing, and cannot be cancelled then; who stops
    /// waiting leaves it to open by itself.
    /// </summary>
    internal async Task<NpgsqlConnection> OpenReaderAsync(CancellationToken cancellationToken)
    {
        var opening = Readers.OpenConnectionAsync(cancellationToken).AsTask();
        try
        {
            return await opening.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _ = opening.ContinueWith(static opened => opened.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>Why a statement may have been without an answer for so long, as another connection sees it; one sentence.</summary>
    internal async Task<string> WhySilentAsync()
    {
        try
        {
            await using var connection = await ConnectAsync(CancellationToken.None);
            await using var look = connection.CreateCommand();
            look.CommandText = """
                select case when exists (select from pg_stat_activity where usename = current_user and wait_event = 'SyncRep')
                  then current_setting('synchronous_standby_names') end
                """;
            return await look.ExecuteScalarAsync() is string standbys
                ? $"commits wait for the synchronous standby ({standbys})"
                : "the server can be reached, and does not answer";
        }
        catch (Exception failure)
        {
            return Explain(failure).Message;
        }
    }

    /// <summary>Turns whatever a connection died of into one sentence about this database.</summary>
    internal JournalException Explain(Exception failure) => failure switch
    {
        JournalException ours => ours,
        NpgsqlException { InnerException: AggregateException each } => new JournalException(
            string.Join(" ", each.InnerExceptions.Select(one => Explain(one).Message).Distinct(StringComparer.Ordinal)), failure),
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } refused =>
            new JournalException($"{Where}: the server refused the login ({refused.MessageText}). Check the user and the password (PGPASSWORD or a passfile).", refused),
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } missing =>
            new JournalException($"{Where}: there is no such database. Create it, then run: pbm journal migrate", missing),
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } replica =>
            new JournalException($"{Where} takes no writes ({replica.MessageText}). Point the node at the primary.", replica),
        PostgresException said => new JournalException($"{Where}: the server says \"{said.MessageText}\" ({said.SqlState}).", said),
        NpgsqlException or SocketException or TimeoutException or IOException =>
            new JournalException($"{Where} cannot be reached: {Innermost(failure).Message}", failure),
        _ => new JournalException($"{Where}: {failure.Message}", failure),
    };

    private static Exception Innermost(Exception failure) => failure.InnerException is { } inner ? Innermost(inner) : failure;

    private static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString);
            settings.Username ??= "backup";
            return string.IsNullOrEmpty(settings.Host)
                ? throw new JournalException("the connection string of PostgreSQL names no host; expected for example Host=db1;Database=backup;Username=backup")
                : settings;
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException or KeyNotFoundException)
        {
            // The text is not quoted and its parser's exception not kept: there may be a password in it.
            throw new JournalException("the connection string of PostgreSQL cannot be read; expected for example Host=db1;Port=5432;Database=backup;Username=backup");
        }
    }

    private static NpgsqlConnectionStringBuilder Common(NpgsqlConnectionStringBuilder settings, string sessionSettings) => new(settings.ConnectionString)
    {
        Options = sessionSettings,
        ApplicationName = settings.ApplicationName ?? "backup.actors",
        Enlist = false,
        NoResetOnClose = true,
        KeepAlive = 0,
        TcpKeepAlive = true,
        TcpKeepAliveTime = 1,
        TcpKeepAliveInterval = 1,
        HostRecheckSeconds = 1,
        Timeout = 5,
        PersistSecurityInfo = false,
        IncludeErrorDetail = false,
    };

    private static NpgsqlConnectionStringBuilder Unlimited(NpgsqlConnectionStringBuilder settings, string sessionSettings)
    {
        var unlimited = Common(settings, sessionSettings);
        unlimited.CommandTimeout = 0;
        unlimited.CancellationTimeout = -1;
        unlimited.Pooling = false;

        // These open one connection and keep it: each time they need another, every server is asked what it is now.
        unlimited.HostRecheckSeconds = 0;
        return unlimited;
    }

    private static NpgsqlConnectionStringBuilder Pooled(NpgsqlConnectionStringBuilder settings)
    {
        // Histories of many accounts are sorted in memory; statements that come again are prepared.
        var pooled = Common(settings, SessionSettings + " -c work_mem=16MB");
        pooled.CommandTimeout = 30;
        pooled.MaxAutoPrepare = 16;
        pooled.MaxPoolSize = 8;
        return pooled;
    }

    /// <param name="opened">
    /// Looks at every new connection before it is used. Of several servers one that is refused here is passed over for the next: an old primary
    /// that came back and stands first in the list must not keep the nodes from the new one.
    /// </param>
    private static NpgsqlDataSource Source(NpgsqlConnectionStringBuilder settings, Func<NpgsqlConnection, Task> opened)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.UsePhysicalConnectionInitializer(_ => throw new NotSupportedException("open connections asynchronously"), opened);

        return settings.Host!.Contains(',', StringComparison.Ordinal)
            ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary)
            : builder.Build();
    }

    private async Task<NpgsqlConnection> OpenAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        try
        {
            return await source.OpenConnectionAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            var reason = Explain(failure);

            // Of several the driver names only those that it has just tried: a replica's "no" alone would lead astray.
            throw _hosts.Contains(',', StringComparison.Ordinal) ? new JournalException($"No server of {_hosts} takes the journal's writes at the moment. {reason.Message}", failure) : reason;
        }
    }

    private Task OpenedAsync(NpgsqlConnection connection) => CheckAsync(connection, CancellationToken.None);

    private async Task OpenedForReadingAsync(NpgsqlConnection connection)
    {
        if (_onlyToLook)
        {
            await PostgresSchema.CheckAsync(connection, Where, CancellationToken.None);
            return;
        }

        await CheckAsync(connection, CancellationToken.None);
        await Barrier.CommitAsync(connection, "readers");
    }

    private async Task CheckAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var look = connection.CreateCommand();
        look.CommandTimeout = LookSeconds;
        look.CommandText = """
            select pg_is_in_recovery(), current_setting('transaction_read_only'), current_setting('server_version_num')::int,
              case when not pg_is_in_recovery() then substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) end
            """;
        await using (var reader = await look.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            if (reader.GetBoolean(0))
            {
                throw new JournalException($"{Where} is a replica (in recovery); expected the primary. Point the node at the primary, or promote this one.");
            }

            if (reader.GetString(1) == "on")
            {
                throw new JournalException($"{Where} is read-only (default_transaction_read_only is on); expected one that takes writes.");
            }

            if (reader.GetInt32(2) < ServerVersionMin)
            {
                throw new JournalException($"{Where} is of version {reader.GetInt32(2) / 10000}; expected 15 or newer.");
            }

            _timeline.Accept(int.Parse(reader.GetString(3), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), Where);
        }

        await PostgresSchema.CheckAsync(connection, Where, cancellationToken);
    }
}
