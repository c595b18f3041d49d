-- Who is logged in, for every node. Small: a row goes when its session's time has long been over.
create table login_session (
  id       text collate "C" primary key,
  subject  text collate "C" not null,
  device   text not null,
  address  text not null,
  since    timestamptz not null,
  seen_at  timestamptz not null,
  ends_at  timestamptz not null,
  ended_at timestamptz                 -- by somebody, before its time; this server's clock
) with (fillfactor = 70);
create index login_session_subject on login_session (subject);
create index login_session_ended on login_session (ended_at) where ended_at is not null;
create index login_session_over on login_session (ends_at);

-- The authenticator app of a subject. The secret is sealed with a key that is not in the database.
create table login_authenticator (
  subject       text collate "C" primary key,
  secret        bytea not null,
  since         timestamptz not null,
  confirmed     boolean not null default false,
  second_factor boolean not null default false,
  last_step     bigint not null default 0      -- a code is good once: the next one must be of a later step
);
