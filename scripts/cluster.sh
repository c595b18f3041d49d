# Sourced by ./run: the parts that only a cluster needs. Uses say, die, start and wait_for of ./run and scripts/lib.sh.

pg_bin() { ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1; }

# PostgreSQL refuses to run as root: then it runs as Debian's user postgres, and its folder is that user's.
as_postgres() { if [ "$(id -u)" -eq 0 ]; then (cd / && setsid runuser -u postgres -- "$@"); else setsid "$@"; fi; }

# Starts a primary and a standby without which no commit is acknowledged; makes both at the first start.
start_database() { # folder primary-port standby-port password-file
  local folder=$1 primary=$2 standby=$3 password=$4 bin
  bin=$(pg_bin)
  mkdir -p "$folder"
  if [ ! -e "$folder/standby/PG_VERSION" ]; then
    rm -rf "${folder:?}/primary" "${folder:?}/standby"
    cp "$password" "$folder/password"
    [ "$(id -u)" -ne 0 ] || chown -R postgres "$folder"
    as_postgres "$bin/initdb" -D "$folder/primary" -U backup --pwfile "$folder/password" --auth=scram-sha-256 -E UTF8 --locale=C --no-instructions >"$folder.log" 2>&1 \
      || { tail -n 15 "$folder.log" >&2; die "the database could not be made in $folder"; }
    as_postgres sh -c "cat >>'$folder/primary/postgresql.conf'" <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
tcp_user_timeout = 3s
client_connection_check_interval = 1s
idle_in_transaction_session_timeout = 3s
wal_keep_size = 128MB
CONF
  fi
  run_server "$folder/primary" "$primary" "$folder.log"
  if [ ! -e "$folder/standby/PG_VERSION" ]; then
    PGPASSWORD=$(cat "$password") as_postgres "$bin/pg_basebackup" -D "$folder/standby" -R \
      -d "host=127.0.0.1 port=$primary user=backup application_name=standby" >>"$folder.log" 2>&1 || { tail -n 15 "$folder.log" >&2; die "the standby could not be made in $folder"; }
  fi
  run_server "$folder/standby" "$standby" "$folder.log"
  # From now on a commit is acknowledged when the standby has it too.
  PGPASSWORD=$(cat "$password") as_postgres "$bin/psql" -qX "host=127.0.0.1 port=$primary user=backup dbname=postgres" \
    -c "alter system set synchronous_standby_names = 'standby'" -c "select pg_reload_conf()" >>"$folder.log" 2>&1 || die "the database does not answer; see $folder.log"
}

run_server() { # data port log
  as_postgres "$(pg_bin)/pg_ctl" -D "$1" -w -l "$1.log" -o "-p $2" start >>"$3" 2>&1 || { tail -n 10 "$1.log" >&2; die "PostgreSQL did not start on port $2 from $1"; }
}

stop_database() { # folder
  local server
  for server in primary standby; do
    as_postgres "$(pg_bin)/pg_ctl" -D "$1/$server" -w -m fast stop >/dev/null 2>&1 || true
  done
}

# deploy/haproxy.cfg with one server line a node.
write_front_door() { # file first-port nodes
  sed '/^  server node/d' "$root/deploy/haproxy.cfg" >"$1"
  local i
  for ((i = 1; i <= $3; i++)); do printf '  server node%d 127.0.0.1:%d cookie node%d\n' "$i" "$(($2 + i))" "$i" >>"$1"; done
}
