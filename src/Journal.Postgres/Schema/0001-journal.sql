-- The journal: events, heads, writers, and the shard rows on which every append is fenced.
-- Runs with search_path = backup, inside a transaction, once.

-- One row a writing connection's name. Its incarnation grows at every (re)connect: that commit is the barrier after which what was
-- read may be acted on, and it shuts out whatever an earlier connection of the same writer still has under way.
create table journal_writer (
  name        text collate "C" primary key,
  incarnation bigint not null
) with (fillfactor = 50);

-- Who owns a shard. Appends lock the row "for share" and compare the epoch; taking the shard adds one to it.
create table shard_lease (
  shard      int primary key,
  epoch      bigint not null default 0 check (epoch >= 0),
  owner      text not null default '',
  expires_at timestamptz not null default '-infinity'
) with (fillfactor = 50);

create function lease_rows_only_grow() returns trigger language plpgsql as $$
begin
  raise exception 'lease rows are never deleted and their epoch never shrinks';
end $$;
create trigger shard_lease_kept before delete on shard_lease for each row execute function lease_rows_only_grow();
create trigger shard_lease_grows before update on shard_lease for each row when (new.epoch < old.epoch) execute function lease_rows_only_grow();

-- The newest record of each entity. An append moves the row from the sequence it builds on to its own last one, so two records with
-- one (entity, sequence) cannot be: the key of a table that is partitioned by day cannot say that over all days.
create table entity_head (
  entity   text collate "C" primary key,
  shard    int not null,
  epoch    bigint not null,
  previous bigint not null,            -- the sequence before the newest append
  sequence bigint not null check (sequence > previous),
  day      date not null,              -- the partition of the newest record
  pending  boolean not null            -- unfinished work, for a new owner to drive again
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.1);
create index entity_head_pending on entity_head (shard) where pending;

-- Positions are handed out before commit: a reader of the global order stops before those that may still be under way.
create sequence event_position;

create table event (
  position bigint not null,
  day      date not null check (day = (at at time zone interval '05:30')::date),
  entity   text collate "C" not null,
  sequence bigint not null check (sequence > 0),
  shard    int not null,
  epoch    bigint not null,
  at       timestamptz not null,
  type     smallint not null,
  version  smallint not null,
  payload  bytea not null,
  hash     bytea not null check (length(hash) = 32),
  primary key (entity, sequence, day)
) partition by list (day);
create index event_position_order on event (position);

-- Makes the partition of a day in India. It is filled in aside and then attached, because "create table ... partition of" would make
-- every append wait behind every reader. True when it was not there before.
create function ensure_event_day(wanted date) returns boolean language plpgsql security definer set search_path = backup, pg_temp as $$
declare
  partition text := 'event_' || to_char(wanted, 'YYYYMMDD');
begin
  -- Twice, by a query: a lookup by name may remember from before the lock that there was nothing.
  if exists (select from pg_class where relname = partition and relnamespace = 'backup'::regnamespace) then
    return false;
  end if;
  perform pg_advisory_xact_lock(7210620261120);
  if exists (select from pg_class where relname = partition and relnamespace = 'backup'::regnamespace) then
    return false;
  end if;
  execute format('create table backup.%I (like backup.event including defaults including constraints including indexes)', partition);
  execute format('alter table backup.event attach partition backup.%I for values in (%L)', partition, wanted);
  return true;
end $$;
