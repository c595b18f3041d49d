namespace Backup.Journal.Bench.Postgres;

/// <summary>The controls' tables: orders as a web application would keep them, and the journal's own event table without its head.</summary>
internal static class PlainTables
{
    internal const string Text = """
        create table orders (
          position bigint generated always as identity primary key, account bigint not null, sequence bigint not null,
          at timestamptz not null, payload bytea not null, hash bytea not null, unique (account, sequence));
        create table accounts (id bigint primary key, orders bigint not null);
        insert into accounts select i, 0 from generate_series(0, 999) i;
        create sequence rows_position;
        create table rows (
          position bigint not null, day date not null, entity text collate "C" not null, sequence bigint not null, shard int not null,
          epoch bigint not null, at timestamptz not null, type smallint not null, version smallint not null, payload bytea not null,
          hash bytea not null, primary key (entity, sequence, day)) partition by list (day);
        create index rows_position_order on rows (position);
        create table rows_20261120 partition of rows for values in ('2026-11-20');
        """;
}
