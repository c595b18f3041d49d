namespace Backup.Journal.Postgres;

/// <summary>The statements on one table of leases; shards and singletons have the same ones.</summary>
/// <param name="table">The table.</param>
/// <param name="key">Its key column.</param>
/// <param name="type">The key's type.</param>
internal sealed class LeaseStatements(string table, string key, string type)
{
    internal static readonly LeaseStatements Shards = new("shard_lease", "shard", "int");
    internal static readonly LeaseStatements Singletons = new("singleton_lease", "name", "text");

    /// <summary>$1 keys. Rows that nobody took before come to be, with epoch 0 and no owner.</summary>
    internal string Ensure { get; } = $"insert into {table} ({key}) select k from unnest($1::{type}[]) k on conflict do nothing";

    /// <summary>
    /// $1 keys, $2 epochs to take over or -1, $3 owner, $4 time to live. The rows are locked first and in order: it waits for appends
    /// under way, and then sees the newest owner whatever its snapshot says.
    /// </summary>
    internal string Acquire { get; } = $"""
        with locked as materialized (
          select l.{key}, l.owner, l.epoch, l.expires_at from {table} l where l.{key} = any($1::{type}[]) order by l.{key} for update),
        taken as (
          update {table} l set epoch = l.epoch + 1, owner = $3, expires_at = lease_now() + $4
          from locked k join unnest($1::{type}[], $2::bigint[]) as w ({key}, take_over) on w.{key} = k.{key}
          where l.{key} = k.{key} and (k.owner = '' or k.owner = $3 or k.expires_at <= lease_now() or k.epoch = w.take_over)
          returning l.{key}, l.epoch)
        select k.{key}, k.owner, k.epoch, {Left("k")}, t.epoch from locked k left join taken t on t.{key} = k.{key}
        """;

    /// <summary>$1 keys, $2 epochs, $3 owners, $4 time to live.</summary>
    internal string Renew { get; } = Change(table, key, type, "expires_at = lease_now() + $4");

    /// <summary>$1 keys, $2 epochs, $3 owners, $4 no time at all.</summary>
    internal string Release { get; } = Change(table, key, type, "owner = '', expires_at = lease_now() + $4");

    internal string Read { get; } = $"select l.{key}, l.owner, l.epoch, {Left("l")} from {table} l order by l.{key}";

    /// <summary>A row that nobody took yet expired at the beginning of time, from which nothing can be subtracted.</summary>
    private static string Left(string row) =>
        $"case when {row}.expires_at = '-infinity' then interval '0' else greatest({row}.expires_at - lease_now(), interval '0') end";

    private static string Change(string table, string key, string type, string change) => $"""
        with locked as materialized (
          select l.{key}, l.owner, l.epoch from {table} l where l.{key} = any($1::{type}[]) order by l.{key} for no key update),
        changed as (
          update {table} l set {change}
          from locked k join unnest($1::{type}[], $2::bigint[], $3::text[]) as h ({key}, epoch, owner) on h.{key} = k.{key}
          where l.{key} = k.{key} and k.epoch = h.epoch and k.owner = h.owner
          returning l.{key}, l.epoch)
        select k.{key}, k.owner, k.epoch, interval '0', c.epoch from locked k left join changed c on c.{key} = k.{key}
        """;
}
