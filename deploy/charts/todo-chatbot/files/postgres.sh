#!/bin/sh
# Starts PostgreSQL. The first time it makes the database; each time it sets the logins' present passwords, in single-user
# mode and thus before anybody can connect: a volume outlives the Secret it was made with.
set -eu
umask 077

literal() { # NAME VALUE
    case $2 in
        '' | *[!A-Za-z0-9]*) echo "$1: must be letters and digits, because it stands in URLs" >&2; exit 78 ;;
    esac
    printf "'%s'" "$2"
}

# Statements end with an empty line; the first error ends the program.
single() { # FOLDER DATABASE
    postgres --single -j -c exit_on_error=on -D "$1" "$2" > /dev/null
}

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    # Under another name until it is complete: nothing half-made is ever taken for a database.
    rm -rf "$PGDATA.new"
    initdb --pgdata "$PGDATA.new" --username postgres --encoding UTF8 --locale C.UTF-8 --data-checksums
    single "$PGDATA.new" postgres <<'SQL'
create database todo;

SQL
    mv "$PGDATA.new" "$PGDATA"
fi

chmod 700 "$PGDATA"
cat > "$PGDATA/pg_hba.conf" <<'HBA'
local all postgres peer
host todo todo_owner,todo_service,todo_auth all scram-sha-256
HBA

owner=$(literal POSTGRES_OWNER_PASSWORD "$POSTGRES_OWNER_PASSWORD")
service=$(literal POSTGRES_SERVICE_PASSWORD "$POSTGRES_SERVICE_PASSWORD")
auth=$(literal POSTGRES_AUTH_PASSWORD "$POSTGRES_AUTH_PASSWORD")

single "$PGDATA" todo <<SQL
do \$\$
declare login text;
begin
  foreach login in array array['todo_owner', 'todo_service', 'todo_auth'] loop
    if not exists (select from pg_roles where rolname = login) then
      execute format('create role %I', login);
    end if;
  end loop;
end \$\$;

alter role todo_owner login createrole password $owner;

alter role todo_service login password $service;

alter role todo_auth login password $auth;

alter database todo owner to todo_owner;

revoke all on database todo from public;

grant connect on database todo to todo_service;

grant connect, create on database todo to todo_auth;

SQL

exec postgres -D "$PGDATA" -c listen_addresses='*' -c unix_socket_directories=/tmp
