# SPDX-License-Identifier: AGPL-3.0-or-later
# A real Bluesky server (PDS) with its directory (PLC), for one run of the tests (sourced after common.sh and
# node.sh): on loopback, on free ports, its data in var/test/pds. Sets PV_TEST_PDS to its address. Accounts are made
# with com.atproto.server.createAccount, handles end in .test, no invitation is asked.

pv_pds_folder() {
	printf '%s\n' "$PV_CACHE/pds-$(pv_hash tests/servers/pds/package-lock.json)-$(node --version)"
}

# The packages, with the database module compiled for this Node: minutes, hence kept in PV_CACHE.
pv_pds_build() {
	pv_pds_dir=$(pv_pds_folder)
	[ ! -f "$pv_pds_dir/ready" ] || return 0
	rm -rf "$pv_pds_dir"
	mkdir -p "$pv_pds_dir"
	cp tests/servers/pds/package.json tests/servers/pds/package-lock.json "$pv_pds_dir/"
	(
		cd "$pv_pds_dir" || exit 1
		npm ci --ignore-scripts --omit=dev --no-audit --no-fund --loglevel=error || exit 1
		cd node_modules/better-sqlite3 || exit 1
		# Straight to the compiler: there is no prebuilt file to ask for.
		JOBS=$PV_JOBS npx --no-install node-gyp rebuild --release 2>/dev/null ||
			node "$(pv_node_gyp)" rebuild --release
	) || return 1
	touch "$pv_pds_dir/ready"
}

# node-gyp comes inside npm.
pv_node_gyp() {
	pv_npm_cli=$(readlink -f "$(command -v npm)")
	printf '%s\n' "$(dirname "$(dirname "$pv_npm_cli")")/node_modules/node-gyp/bin/node-gyp.js"
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
