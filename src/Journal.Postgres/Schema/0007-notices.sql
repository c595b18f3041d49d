-- What operators told everybody about the main site. The newest is shown; the others stay as the record of the day.
create table main_site_notice (
  number     bigint generated always as identity primary key,
  state      text collate "C" not null check (state in ('Backup', 'MainSiteBack')),
  down_since timestamptz,
  address    text collate "C",
  words      text,
  set_by     text not null,
  reason     text not null,
  set_at     timestamptz not null
);
