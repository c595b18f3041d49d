using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Journal;
using Npgsql;
using static Backup.Journal.Postgres.Sql;

namespace Backup.Journal.Postgres;

/// <summary>How long requests about the membership may take before the answer is "could not tell".</summary>
public sealed record PostgresMembershipOptions
{
    public TimeSpan RequestLimit { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// After which a session that does not answer is given up for a new one. Longer than a lease: while the database is merely slow,
    /// giving it up would tell the others that this process is gone.
    /// </summary>
    public TimeSpan SessionLimit { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>Members as rows, judged by the database's clock. A node's session is an advisory lock under its name and incarnation.</summary>
/// <remarks>
/// Beats have a connection of their own, and so has the session; joining, leaving and downing share a third. Each is opened when it is first
/// needed. Disposing ends the session: others may see that this process is gone.
/// </remarks>
public sealed class PostgresMembershipStore : IMembershipStore, IAsyncDisposable
{
    private readonly JournalDatabase _database;
    private readonly LeaseConnection _beats;
    private readonly LeaseConnection _changes;
    private readonly LeaseConnection _session;

    public PostgresMembershipStore(JournalDatabase database, TimeProvider clock, PostgresMembershipOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(database);
        options ??= new PostgresMembershipOptions();
        _database = database;
        _beats = new LeaseConnection(database.ConnectTakerAsync, options.RequestLimit, clock);
        _changes = new LeaseConnection(database.ConnectTakerAsync, options.RequestLimit, clock);
        _session = new LeaseConnection(database.ConnectTakerAsync, options.SessionLimit, clock);
    }

    public async ValueTask<JoinAnswer> JoinAsync(JoinRequest request, TimeSpan timeToLive)
    {
        try
        {
            return await _changes.RunAsync<JoinAnswer>(async connection =>
            {
                await using var join = Sql.Command(
                    connection, MembershipStatements.Join, Text(request.Name), Text(request.Address), Texts(request.Roles), Text(request.Instance), Period(timeToLive));
                if (await join.ExecuteScalarAsync() is long incarnation)
                {
                    return new JoinAnswer.Joined(new NodeId(request.Name, incarnation));
                }

                await using var look = Sql.Command(connection, MembershipStatements.ReadOne, Text(request.Name));
                return JoinAnswer.Refused.Lives((await look.ReadAsync(reader => MemberOf(reader), CancellationToken.None)).Single());
            });
        }
        catch (Exception failure)
        {
            return new JoinAnswer.CouldNotTell(_database.Explain(failure).Message);
        }
    }

    public async ValueTask<BeatAnswer> BeatAsync(NodeId self, IReadOnlyCollection<string> reaches, TimeSpan timeToLive)
    {
        try
        {
            var rows = await _beats.RunAsync(async connection =>
            {
                await using var beat = Sql.Command(connection, MembershipStatements.Beat, Text(self.Name), Number(self.Incarnation), Period(timeToLive), Texts(reaches));
                return await beat.ReadAsync(reader => (Before: MemberOf(reader), IsBeaten: reader.GetBoolean(9)), CancellationToken.None);
            });
            return rows switch
            {
                [{ IsBeaten: true }] => new BeatAnswer.StillMember(),

                // It may have run out between two looks at the clock in one statement.
                [var (before, _)] => new BeatAnswer.DeclaredDead(before.WhyEnded(self) ?? (before with { ExpiresIn = TimeSpan.Zero }).WhyEnded(self)!),
                _ => new BeatAnswer.DeclaredDead($"{self} never joined"),
            };
        }
        catch (Exception failure)
        {
            return new BeatAnswer.CouldNotTell(_database.Explain(failure).Message);
        }
    }

    public ValueTask<EndAnswer> LeaveAsync(NodeId self) => EndAsync([self], [], "left", "");

    public ValueTask<EndAnswer> DownAsync(IReadOnlyCollection<NodeId> losers, IReadOnlyCollection<NodeId> survivors, string reason) =>
        EndAsync(losers, survivors, "down", reason);

    public async ValueTask<IReadOnlyList<Member>> ReadAsync(CancellationToken cancellationToken) => await _database.UseReaderAsync(
        async connection =>
        {
            await using var look = Sql.Command(connection, MembershipStatements.Read);
            return await look.ReadAsync(MemberOf, cancellationToken);
        },
        cancellationToken);

    public async ValueTask<bool> HoldSessionAsync(NodeId self)
    {
        try
        {
            return await _session.RunAsync(async connection =>
            {
                await using var hold = Sql.Command(connection, MembershipStatements.Hold, Text(self.Name), Number(self.Incarnation));
                if (await hold.ExecuteScalarAsync() is not true)
                {
                    return false;
                }

                await using var record = Sql.Command(connection, MembershipStatements.RecordSession, Text(self.Name), Number(self.Incarnation));
                return await record.ExecuteScalarAsync() is true;
            });
        }
        catch (Exception failure) when (failure is NpgsqlException or JournalException or TimeoutException or IOException or InvalidOperationException)
        {
            return false;
        }
    }

    public async ValueTask<bool> IsGoneAsync(NodeId id, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _database.OpenReaderAsync(cancellationToken);
            await using var look = Sql.Command(connection, MembershipStatements.IsGone, Text(id.Name), Number(id.Incarnation));
            return await look.ExecuteScalarAsync(cancellationToken) is true;
        }
        catch (Exception failure) when (failure is NpgsqlException or JournalException or TimeoutException or IOException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _beats.DisposeAsync();
        await _changes.DisposeAsync();
        await _session.DisposeAsync();
    }

    private async ValueTask<EndAnswer> EndAsync(IReadOnlyCollection<NodeId> losers, IReadOnlyCollection<NodeId> survivors, string status, string reason)
    {
        try
        {
            var rows = await _changes.RunAsync(async connection =>
            {
                await using var end = Sql.Command(
                    connection,
                    MembershipStatements.End,
                    Texts(losers.Select(loser => loser.Name)),
                    Numbers(losers.Select(loser => loser.Incarnation)),
                    Texts(survivors.Select(survivor => survivor.Name)),
                    Numbers(survivors.Select(survivor => survivor.Incarnation)),
                    Text(status),
                    Text(reason));
                return await end.ReadAsync(reader => (Id: new NodeId(reader.GetString(0), reader.GetInt64(1)), IsEnded: reader.GetBoolean(2)), CancellationToken.None);
            });
            return rows.Exists(row => !row.IsEnded)
                ? new EndAnswer.Refused($"{string.Join(", ", rows.Select(row => row.Id))} should survive and is no live member any more")
                : new EndAnswer.Ended([.. rows.Select(row => row.Id)]);
        }
        catch (Exception failure)
        {
            return new EndAnswer.CouldNotTell(_database.Explain(failure).Message);
        }
    }

    private static Member MemberOf(NpgsqlDataReader reader) => new(
        new NodeId(reader.GetString(0), reader.GetInt64(1)),
        reader.GetString(2),
        [.. reader.GetFieldValue<string[]>(3)],
        new DateTimeOffset(reader.GetDateTime(4)),
        reader.GetTimeSpan(5),
        [.. reader.GetFieldValue<string[]>(6)],
        reader.GetString(7) switch
        {
            "left" => MemberStatus.Left,
            "down" => MemberStatus.Down,
            _ => MemberStatus.Up,
        },
        reader.GetString(8));
}
