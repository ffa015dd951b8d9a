# SPDX-License-Identifier: AGPL-3.0-or-later
# A PostgreSQL for one run of the tests (sourced after common.sh): on loopback, on a free port, with its data in
# var/test/pg and no care for crashes. Sets PV_TEST_POSTGRES to its URL.

PV_POSTGRES_PACKAGES='postgresql-15'
pv_postgres_bin=/usr/lib/postgresql/15/bin

# PostgreSQL refuses to run as root: there it runs as the user that Debian's package made.
pv_as_postgres() {
	if [ "$(id -u)" -eq 0 ]; then
		runuser -u postgres -- "$@"
	else
		"$@"
	fi
}

pv_postgres_start() {
	pv_postgres_version=
	for pv_dir in "$pv_postgres_bin" /usr/lib/postgresql/*/bin; do
		[ -x "$pv_dir/initdb" ] && pv_postgres_bin=$pv_dir && pv_postgres_version=found && break
	done
	[ -n "$pv_postgres_version" ] || pv_need 'the store tests' $PV_POSTGRES_PACKAGES
	pv_postgres_home=${PV_TEST_VAR:-$PV_ROOT/var/test}/pg
	rm -rf "$pv_postgres_home"
	mkdir -p "$pv_postgres_home"
	if [ "$(id -u)" -eq 0 ]; then chown postgres "$pv_postgres_home"; fi
	# A source tree below a private folder (such as /root) is out of that user's reach.
	if ! (cd / && pv_as_postgres test -x "$pv_postgres_home"); then
		rmdir "$pv_postgres_home"
		pv_postgres_home=$(mktemp -d "${TMPDIR:-/tmp}/portevoix-pg.XXXXXX")
		if [ "$(id -u)" -eq 0 ]; then chown postgres "$pv_postgres_home"; fi
	fi
	(cd / && pv_as_postgres "$pv_postgres_bin/initdb" -D "$pv_postgres_home/data" -U portevoix -A trust -E UTF8 \
		--locale=C.UTF-8 --no-sync) >"$pv_postgres_home.log" 2>&1 || {
		cat "$pv_postgres_home.log" >&2
		pv_die 3 'PostgreSQL could not make its folder'
	}
	pv_try=0
	while :; do
		pv_postgres_port=$((20000 + ($$ * 7 + pv_try * 131) % 12000))
		if (cd / && pv_as_postgres "$pv_postgres_bin/pg_ctl" -w -s -D "$pv_postgres_home/data" \
			-l "$pv_postgres_home/data/server.log" -o "-h 127.0.0.1 -p $pv_postgres_port -k '' \
			-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 \
			-c dynamic_shared_memory_type=mmap -c shared_buffers=64MB" start) >>"$pv_postgres_home.log" 2>&1; then
			break
		fi
		pv_try=$((pv_try + 1))
		if [ "$pv_try" -ge 5 ]; then
			cat "$pv_postgres_home.log" "$pv_postgres_home/data/server.log" >&2 || true
			pv_die 3 'PostgreSQL does not start'
		fi
	done
	pv_postgres_running=yes
	(cd / && pv_as_postgres "$pv_postgres_bin/createdb" -h 127.0.0.1 -p "$pv_postgres_port" -U portevoix portevoix)
	PV_TEST_POSTGRES=postgresql://portevoix@127.0.0.1:$pv_postgres_port/portevoix
	export PV_TEST_POSTGRES
}

pv_postgres_stop() {
	[ -n "${pv_postgres_running:-}" ] || return 0
	pv_postgres_running=
	(cd / && pv_as_postgres "$pv_postgres_bin/pg_ctl" -w -s -m immediate -D "$pv_postgres_home/data" stop) || true
	rm -rf "$pv_postgres_home"
}
