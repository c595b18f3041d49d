-- Where an operator wants a shard, against the map. Apart from the leases: appends are fenced on those rows and wait for whoever changes one.
create table shard_placement (
  shard     int primary key,
  node      text collate "C" not null,
  placed_by text not null,
  placed_at timestamptz not null default clock_timestamp()
);
