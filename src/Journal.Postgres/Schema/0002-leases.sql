-- Leases by name, the members of the cluster, and the clock that judges both.

-- A test or a drill shifts the clock of all leases here; nothing else may. A wrong value costs availability, never correctness.
create table lease_clock (
  one   boolean primary key default true check (one),
  shift interval not null
);
insert into lease_clock (shift) values ('0');

-- Not now(): that stands still within a transaction, and a taker may have waited for a lock.
create function lease_now() returns timestamptz language sql volatile as $$
  select clock_timestamp() + c.shift from lease_clock c
$$;

-- One owner of a named thing: the exchange session of a box, the continuity decider.
create table singleton_lease (
  name       text collate "C" primary key,
  epoch      bigint not null default 0 check (epoch >= 0),
  owner      text not null default '',
  expires_at timestamptz not null default '-infinity'
) with (fillfactor = 50);
create trigger singleton_lease_kept before delete on singleton_lease for each row execute function lease_rows_only_grow();
create trigger singleton_lease_grows before update on singleton_lease for each row when (new.epoch < old.epoch) execute function lease_rows_only_grow();

-- The nodes: one row a name. A node that was declared dead comes back under a higher incarnation only.
create table node (
  name        text collate "C" primary key,
  address     text not null,
  roles       text[] not null,
  incarnation bigint not null,
  joined_at   timestamptz not null,
  expires_at  timestamptz not null,
  reaches     text[] not null default '{}'
) with (fillfactor = 50);
