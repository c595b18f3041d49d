-- The broker's own people. Nobody is deleted: journals name them.
create table login_staff (
  name          text collate "C" primary key,
  role          text not null,
  password_hash text not null,
  since         timestamptz not null,
  disabled      boolean not null default false
);
