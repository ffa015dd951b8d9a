# SPDX-License-Identifier: AGPL-3.0-or-later
# Mocks of networks that hold every request against the network's own description (sourced after common.sh and
# node.sh): Prism on loopback, one process a network. The descriptions are not ours: they stand in $PV_SHARED/contracts
# where there is one. Sets PV_TEST_MASTODON_MOCK and PV_TEST_BLUESKY_MOCK; without descriptions, nothing.

pv_prism_pids=

pv_prism_wanted() {
	[ -n "${PV_SHARED:-}" ] && [ -f "$PV_SHARED/contracts/mastodon.openapi.yaml" ]
}

# pv_prism_one NAME FILE PORT: ready within 30 s, or the answer is no.
pv_prism_one() {
	node tests/servers/prism/node_modules/@stoplight/prism-cli/dist/index.js mock -h 127.0.0.1 -p "$3" --errors "$2" \
		>"$PV_TEST_VAR/log/prism-$1.log" 2>&1 </dev/null &
	pv_prism_pid=$!
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

# Now and then Prism stays silent for ever: another start, on another port, works.
pv_prism_start() {
	for pv_attempt in 1 2 3; do
		pv_prism_port=$((32000 + ($$ * 3 + pv_attempt * 517) % 700))
		if pv_prism_one mastodon "$PV_SHARED/contracts/mastodon.openapi.yaml" "$pv_prism_port"; then
			PV_TEST_MASTODON_MOCK=http://127.0.0.1:$pv_prism_port
			export PV_TEST_MASTODON_MOCK
			break
		fi
	done
	for pv_attempt in 1 2 3; do
		pv_prism_port=$((31000 + ($$ * 3 + pv_attempt * 517) % 700))
		if pv_prism_one bluesky "$PV_SHARED/contracts/bluesky.openapi.json" "$pv_prism_port"; then
			PV_TEST_BLUESKY_MOCK=http://127.0.0.1:$pv_prism_port
			export PV_TEST_BLUESKY_MOCK
			break
		fi
	done
}

pv_prism_stop() {
	for pv_prism_pid in $pv_prism_pids; do
		kill "$pv_prism_pid" 2>/dev/null || true
	done
	pv_prism_pids=
}
