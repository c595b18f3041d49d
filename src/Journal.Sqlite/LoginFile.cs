using Backup.Actor.Kernel.Journal;
using Microsoft.Data.Sqlite;

namespace Backup.Journal.Sqlite;

/// <summary>
/// What a node without a database keeps of logins, of the broker's own people, and of what operators tell everybody, in a file of its own beside the journal's. One connection, used by
/// one at a time; a commit is on the disk before it is answered, or a session that was ended could live again after a power cut.
/// </summary>
/// <remarks>Safe for threads. SQLite is synchronous: a login holds its thread for the time of one fsync.</remarks>
public sealed class LoginFile : IDisposable
{
    public const string FileName = "login.db";

    /// <summary>A file of an older release is brought up step by step; its version is the number of steps that it has.</summary>
    private static readonly string[] Steps =
    [
        """
        create table login_session (
          id text primary key,
          subject text not null,
          device text not null,
          address text not null,
          since integer not null,
          seen_at integer not null,
          ends_at integer not null,
          ended_at integer
        ) without rowid;
        create index login_session_subject on login_session (subject);
        create index login_session_ended on login_session (ended_at) where ended_at is not null;
        create index login_session_over on login_session (ends_at);
        create table login_authenticator (
          subject text primary key,
          secret blob not null,
          since integer not null,
          confirmed integer not null default 0,
          second_factor integer not null default 0,
          last_step integer not null default 0
        ) without rowid;
        """,
        """
        create table main_site_notice (
          number integer primary key,
          state text not null,
          down_since integer,
          address text,
          words text,
          set_by text not null,
          reason text not null,
          set_at integer not null
        );
        """,
        """
        create table login_staff (
          name text primary key,
          role text not null,
          password_hash text not null,
          since integer not null,
          disabled integer not null default 0
        ) without rowid;
        """,
    ];

    private readonly SqliteConnection _connection;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly string _path;

    static LoginFile() => SQLitePCL.Batteries_V2.Init();

    /// <summary>Opens the file in the folder; it is made where there is none.</summary>
    /// <exception cref="JournalException">The file is damaged or of another release.</exception>
    public LoginFile(FolderLease lease)
    {
        ArgumentNullException.ThrowIfNull(lease);
        _path = Path.Combine(lease.Folder, FileName);
        if (!File.Exists(_path))
        {
            // Names and addresses of people: for this user's eyes only. The files beside it take its mode over.
            new FileStream(_path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }).Dispose();
        }

        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        try
        {
            _connection.Open();
            Execute("pragma journal_mode=wal");
            Execute("pragma synchronous=full");
            Create();
        }
        catch (Exception failure) when (failure is SqliteException or JournalException)
        {
            _connection.Dispose();
            throw failure as JournalException
                ?? new JournalException($"{_path}: SQLite says \"{failure.Message}\". Delete the file to begin anew: everybody then logs in again, no notice is shown, and the broker's people must be added again.", failure);
        }
    }

    public void Dispose()
    {
        _connection.Dispose();
        _turn.Dispose();
    }

    /// <summary>Runs one statement, or several in one transaction.</summary>
    /// <exception cref="JournalException">It failed; nothing of it is stored.</exception>
    internal async ValueTask<T> UseAsync<T>(Func<SqliteConnection, T> use, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return Use(use);
        }
        catch (SqliteException failure)
        {
            throw new JournalException($"{_path}: SQLite says \"{failure.Message}\".", failure);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <param name="sql">A constant of this room, with parameters ?1, ?2, ...</param>
    internal static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<object> parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // A constant, as said above.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var at = 0; at < parameters.Length; at++)
        {
            command.Parameters.AddWithValue($"?{(at + 1).ToString(System.Globalization.CultureInfo.InvariantCulture)}", parameters[at]);
        }

        return command;
    }

    private T Use<T>(Func<SqliteConnection, T> use)
    {
        using var transaction = _connection.BeginTransaction();
        var result = use(_connection);
        transaction.Commit();
        return result;
    }

    private void Create()
    {
        using var look = Command(_connection, "pragma user_version");
        var found = (long)look.ExecuteScalar()!;
        if (found < 0 || found > Steps.Length)
        {
            throw new JournalException($"{_path}: schema version {found}, expected at most {Steps.Length}. It was written by a newer release.");
        }

        using var transaction = _connection.BeginTransaction();
        foreach (var step in Steps.Skip((int)found))
        {
            Execute(step);
        }

        Execute($"pragma user_version={Steps.Length}");
        transaction.Commit();
    }

    private void Execute(string sql)
    {
        using var command = Command(_connection, sql);
        command.ExecuteNonQuery();
    }
}
