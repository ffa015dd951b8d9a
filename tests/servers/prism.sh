# SPDX-License-Identifier: AGPL-3.0-or-later
# Mocks of networks that hold every request against the network's own description (sourced after common.sh and
# node.sh): Prism on loopback, one process a network. The descriptions are not ours: they stand in $PV_SHARED/contracts
# where there is one. Sets PV_TEST_NAME_MOCK for each (PV_TEST_MASTODON_MOCK…); without descriptions, nothing.

# NAME FILE, one a line
pv_prism_networks='
MASTODON mastodon.openapi.yaml
BLUESKY bluesky.openapi.json
'

pv_prism_pids=

pv_prism_wanted() {
	[ -n "${PV_SHARED:-}" ] && [ -f "$PV_SHARED/contracts/mastodon.openapi.yaml" ]
}

# pv_prism_launch NAME FILE PORT
pv_prism_launch() {
	node tests/servers/prism/node_modules/@stoplight/prism-cli/dist/index.js mock -h 127.0.0.1 -p "$3" \
		--errors "$PV_SHARED/contracts/$2" >"$PV_TEST_VAR/log/prism-$1.log" 2>&1 </dev/null &
	eval "pv_prism_pid_$1=$! pv_prism_port_$1=$3"
}

# pv_prism_ready NAME: within 30 s, or the answer is no and it is ended.
pv_prism_ready() {
	eval "pv_prism_pid=\$pv_prism_pid_$1"
	pv_try=0
	while ! grep -q 'Prism is listening' "$PV_TEST_VAR/log/prism-$1.log"; do
		pv_try=$((pv_try + 1))
		if [ "$pv_try" -gt 150 ] || ! kill -0 "$pv_prism_pid" 2>/dev/null; then
			kill "$pv_prism_pid" 2>/dev/null || true
			return 1
		fi
		sleep 0.2
	done
	pv_prism_pids="$pv_prism_pids $pv_prism_pid"
}

# All at once, then each waited for. Now and then Prism stays silent for ever: another start, on another port, works.
pv_prism_start() {
	pv_prism_left=$(printf '%s' "$pv_prism_networks" | awk 'NF == 2 { print $1 }')
	for pv_attempt in 0 1 2; do
		pv_prism_port=$((31000 + ($$ * 37) % 900 + pv_attempt * 30))
		for pv_name in $pv_prism_left; do
			pv_prism_port=$((pv_prism_port + 1))
			pv_prism_launch "$pv_name" "$(printf '%s' "$pv_prism_networks" | awk -v name="$pv_name" '$1 == name { print $2 }')" \
				"$pv_prism_port"
		done
		pv_prism_again=
		for pv_name in $pv_prism_left; do
			if pv_prism_ready "$pv_name"; then
				eval "export PV_TEST_${pv_name}_MOCK=http://127.0.0.1:\$pv_prism_port_$pv_name"
			else
				pv_prism_again="$pv_prism_again $pv_name"
			fi
		done
		pv_prism_left=$pv_prism_again
		[ -n "$pv_prism_left" ] || break
	done
}

pv_prism_stop() {
	for pv_prism_pid in $pv_prism_pids; do
		kill "$pv_prism_pid" 2>/dev/null || true
	done
	pv_prism_pids=
}
