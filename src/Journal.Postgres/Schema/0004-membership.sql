-- The members of the cluster, from rows that expire to lives that end.

alter table node
  -- A member that was downed or left must be told so, and must not live again however much of its lease was left; and an operator asks why.
  add column status text not null default 'up' check (status in ('up', 'left', 'down')),
  add column reason text not null default '',
  -- The process that joined. One that never heard the answer to its join asks again, and is not taken for a second node with its name.
  add column instance text not null default '',
  -- When the server started on which the node's session was opened. After a restart or a failover all sessions are gone and no node is.
  add column session_server timestamptz;

create function node_rows_only_grow() returns trigger language plpgsql as $$
begin
  raise exception 'members are never deleted, their incarnation never shrinks, and none that ended comes back under its own';
end $$;
create trigger node_kept before delete on node for each row execute function node_rows_only_grow();
create trigger node_grows before update on node for each row
  when (new.incarnation < old.incarnation or (new.incarnation = old.incarnation and old.status <> 'up' and new.status = 'up'))
  execute function node_rows_only_grow();
