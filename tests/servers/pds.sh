# SPDX-License-Identifier: AGPL-3.0-or-later
# A real Bluesky server (PDS) with its directory (PLC), for one run of the tests (sourced after common.sh and
# node.sh): on loopback, on free ports, its data in var/test/pds. Sets PV_TEST_PDS to its address. Accounts are made
# with com.atproto.server.createAccount, handles end in .test, no invitation is asked.

pv_pds_folder() {
	printf '%s\n' "$PV_CACHE/pds-$(pv_hash tests/servers/pds/package-lock.json)-$(node --version)"
}

# The packages, kept in PV_CACHE. better-sqlite3 13 stands in for the 12 that the server asks for: 12 aborts on
# Node ≥ 24.19 when a statement is collected outside of any script, and 13 carries its compiled files along.
pv_pds_build() {
	pv_pds_dir=$(pv_pds_folder)
	[ ! -f "$pv_pds_dir/ready" ] || return 0
	rm -rf "$pv_pds_dir"
	mkdir -p "$pv_pds_dir"
	cp tests/servers/pds/package.json tests/servers/pds/package-lock.json "$pv_pds_dir/"
	(cd "$pv_pds_dir" && npm ci --ignore-scripts --omit=dev --no-audit --no-fund --loglevel=error) || return 1
	touch "$pv_pds_dir/ready"
}

pv_pds_start() {
	pv_pds_dir=$(pv_pds_folder)
	rm -rf "$PV_TEST_VAR/pds"
	mkdir -p "$PV_TEST_VAR/pds"
	node tests/servers/pds/pds.mjs "$pv_pds_dir" "$PV_TEST_VAR/pds" >"$PV_TEST_VAR/pds/address" 2>"$PV_TEST_VAR/log/pds.log" &
	pv_pds_pid=$!
	pv_try=0
	while ! grep -q '^http' "$PV_TEST_VAR/pds/address"; do
		pv_try=$((pv_try + 1))
		if [ "$pv_try" -gt 300 ] || ! kill -0 "$pv_pds_pid" 2>/dev/null; then
			tail -n 40 "$PV_TEST_VAR/log/pds.log" >&2
			pv_say 'the Bluesky server does not start; what needs it will fail'
			return 0
		fi
		sleep 0.2
	done
	PV_TEST_PDS=$(head -n 1 "$PV_TEST_VAR/pds/address")
	export PV_TEST_PDS
}

pv_pds_stop() {
	[ -n "${pv_pds_pid:-}" ] || return 0
	kill "$pv_pds_pid" 2>/dev/null || true
	wait "$pv_pds_pid" 2>/dev/null || true
	pv_pds_pid=
}
