namespace Backup.Journal.Postgres;

/// <summary>The statements on the table of nodes.</summary>
internal static class MembershipStatements
{
    /// <summary>The columns of a row <c>n</c>, as <see cref="PostgresMembershipStore"/> reads them.</summary>
    private const string Columns =
        "n.name, n.incarnation, n.address, n.roles, n.joined_at, greatest(n.expires_at - lease_now(), interval '0'), n.reaches, n.status, n.reason";

    /// <summary>The key of a node's session among the advisory locks: $1 name, $2 incarnation.</summary>
    private const string SessionKey = "hashtextextended($1::text || '#' || $2::bigint, 0)";

    /// <summary>Server processes that hold that lock. A key of eight bytes is in the list of locks as two halves.</summary>
    private const string SessionHolders = $"""
        select l.pid from pg_locks l
        where l.locktype = 'advisory' and l.granted and l.objsubid = 1
          and l.database = (select d.oid from pg_database d where d.datname = current_database())
          and (l.classid::bigint << 32 | l.objid::bigint) = {SessionKey}
        """;

    /// <summary>
    /// $1 name, $2 address, $3 roles, $4 instance, $5 time to live. No row: the name lives as another instance. The time is taken once, in the
    /// row that is put forward, so that all parts judge the row there is by the same.
    /// </summary>
    internal const string Join = $"""
        insert into node as n (name, address, roles, incarnation, joined_at, expires_at, instance)
        select $1, $2, $3, 1, t.now, t.now + $5, $4 from (select lease_now() as now) t
        on conflict (name) do update set
          address = excluded.address, roles = excluded.roles, expires_at = excluded.expires_at, instance = excluded.instance, status = 'up', reason = '',
          incarnation = case when {LivesAtJoin} then n.incarnation else n.incarnation + 1 end,
          joined_at = case when {LivesAtJoin} then n.joined_at else excluded.joined_at end,
          reaches = case when {LivesAtJoin} then n.reaches else '{EmptyArray}' end,
          session_server = case when {LivesAtJoin} then n.session_server end
        where n.instance = excluded.instance or not ({LivesAtJoin})
        returning n.incarnation
        """;

    private const string LivesAtJoin = "n.status = 'up' and n.expires_at > excluded.joined_at";

    private const string EmptyArray = "{}";

    /// <summary>
    /// $1 name, $2 incarnation, $3 time to live, $4 whom it reaches. The row as it was, and whether the lease runs anew. It is locked first,
    /// so that what is answered is the newest.
    /// </summary>
    internal const string Beat = $"""
        with n as materialized (select * from node where name = $1 for no key update),
        beaten as (
          update node set expires_at = lease_now() + $3, reaches = $4
          from n where node.name = n.name and n.incarnation = $2 and n.status = 'up' and n.expires_at > lease_now()
          returning node.name)
        select {Columns}, exists (select from beaten) from n
        """;

    /// <summary>
    /// $1 names and $2 incarnations of losers, $3 names and $4 incarnations of survivors, $5 status, $6 reason. Who was ended (true), or
    /// which survivors are no live members, in which case nobody was (false).
    /// </summary>
    internal const string End = """
        with locked as materialized (
          select * from node where name = any($1::text[] || $3::text[]) order by name for update),
        missing as materialized (
          select s.name, s.incarnation
          from unnest($3::text[], $4::bigint[]) as s (name, incarnation)
          left join locked k on k.name = s.name and k.incarnation = s.incarnation and k.status = 'up' and k.expires_at > lease_now()
          where k.name is null),
        ended as (
          update node n set status = $5, reason = $6, expires_at = least(n.expires_at, lease_now())
          from locked k join unnest($1::text[], $2::bigint[]) as v (name, incarnation) on v.name = k.name and v.incarnation = k.incarnation
          where n.name = k.name and k.status = 'up' and not exists (select from missing)
          returning n.name, n.incarnation)
        select name, incarnation, true from ended union all select name, incarnation, false from missing order by name
        """;

    internal const string Read = $"select {Columns} from node n order by n.name";

    internal const string ReadOne = $"select {Columns} from node n where n.name = $1";

    /// <summary>$1 name, $2 incarnation. Takes the lock once in a session; whether this session has it.</summary>
    internal const string Hold = $"select case when pg_backend_pid() in ({SessionHolders}) then true else pg_try_advisory_lock({SessionKey}) end";

    /// <summary>
    /// $1 name, $2 incarnation; whether it lives. From now on the absence of the lock means something, as long as this server is up. Written
    /// once a session, not at every call.
    /// </summary>
    internal const string RecordSession = """
        with recorded as (
          update node set session_server = pg_postmaster_start_time()
          where name = $1 and incarnation = $2 and status = 'up' and session_server is distinct from pg_postmaster_start_time())
        select exists (select from node where name = $1 and incarnation = $2 and status = 'up' and expires_at > lease_now())
        """;

    /// <summary>$1 name, $2 incarnation.</summary>
    internal const string IsGone = $"""
        select n.incarnation > $2
          or (n.incarnation = $2 and (n.status <> 'up' or n.expires_at <= lease_now()
            or (n.session_server is not distinct from pg_postmaster_start_time() and not exists ({SessionHolders}))))
        from node n where n.name = $1
        """;
}
