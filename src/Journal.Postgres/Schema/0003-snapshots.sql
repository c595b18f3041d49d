-- A cache of folded states. It may be emptied at any time; the journal alone rebuilds everything.
create table snapshot (
  entity   text collate "C" primary key,
  sequence bigint not null,
  hash     bytea not null,            -- of the record up to which the state is folded
  version  smallint not null,         -- of the state's storage format
  state    bytea not null
) with (fillfactor = 70);
