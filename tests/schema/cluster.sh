# cluster.sh - a private PostgreSQL cluster for a test or a benchmark, to source.
#
#	cluster_start FOLDER [SETTING=VALUE...]   starts one in a folder
#	cluster_stop                              ends it and removes its folder
#	cluster_pause                             ends it; cluster_start goes on with it
#
# It listens on a socket alone, which only its owner can open. As root it runs as
# the user postgres, because PostgreSQL refuses root. PGHOST and PGUSER are set.
# shellcheck shell=bash

cluster_as()
{
	if [ "$(id -u)" = 0 ]; then
		runuser -u postgres -- "$@"
	else
		"$@"
	fi
}

cluster_start()
{
	local folder=$1 setting options=
	shift
	cluster_programs=$(find /usr/lib/postgresql -path '*/bin/initdb' |
		sort -V | tail -n 1)
	cluster_programs=${cluster_programs%/initdb}
	mkdir -p "$folder"
	[ "$(id -u)" != 0 ] || chown postgres "$folder"
	# Where the user postgres cannot go, or a socket's name would be too long.
	if [ ${#folder} -gt 80 ] || ! cluster_as test -x "$folder"; then
		rmdir "$folder"
		folder=$(mktemp -d /tmp/carelay-cluster.XXXXXX)
		[ "$(id -u)" != 0 ] || chown postgres "$folder"
	fi
	cluster_folder=$folder
	chmod 700 "$folder"
	cd "$folder" || return
	[ -e "$folder/data/PG_VERSION" ] ||
		cluster_as "$cluster_programs/initdb" -D "$folder/data" -U postgres \
			--auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >/dev/null
	for setting in listen_addresses= unix_socket_directories="$folder" \
		timezone=UTC log_min_messages=fatal "$@"; do
		options+=" -c ${setting%%=*}='${setting#*=}'"
	done
	cluster_as "$cluster_programs/pg_ctl" -D "$folder/data" -s -w \
		-l "$folder/log" -o "$options" start
	cd "$OLDPWD" || return
	export PGHOST=$folder PGUSER=postgres
}

cluster_stop()
{
	[ -n "${cluster_folder:-}" ] || return 0
	cluster_as "$cluster_programs/pg_ctl" -D "$cluster_folder/data" -s \
		-m immediate stop || true
	rm -rf "$cluster_folder"
	cluster_folder=
}

cluster_pause()
{
	[ -n "${cluster_folder:-}" ] || return 0
	cluster_as "$cluster_programs/pg_ctl" -D "$cluster_folder/data" -s \
		-m fast stop || true
	cluster_folder=
}
