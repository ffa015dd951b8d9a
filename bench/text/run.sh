# SPDX-License-Identifier: AGPL-3.0-or-later
# Posts measured a second by the whole command, JSON in and out included, beside the networks' own npm packages
# (twitter-text for X, @atproto/api for Bluesky) on the same mixed French and English posts; both the best of
# three turns on one core.
set -eu
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
node "$here/corpus.mjs" 200000 1 >"$work/ours.jsonl"
head -n 20000 "$work/ours.jsonl" >"$work/theirs.jsonl"

one_core() {
	if command -v taskset >/dev/null; then taskset -c 0 "$@"; else "$@"; fi
}

best_of_ours() {
	best=0
	for _ in 1 2 3; do
		start=$(date +%s%N)
		one_core "$PV_BIN" measure --network "$1" <"$work/ours.jsonl" >/dev/null
		end=$(date +%s%N)
		rate=$((200000 * 1000000 / ((end - start) / 1000 + 1)))
		[ "$rate" -le "$best" ] || best=$rate
	done
	echo "$best"
}

best_of_theirs() {
	best=0
	for _ in 1 2 3; do
		rate=$(one_core node "$here/../peers/measure.mjs" "$1" "$work/theirs.jsonl")
		[ "$rate" -le "$best" ] || best=$rate
	done
	echo "$best"
}

row() {
	ours=$(best_of_ours "$2")
	theirs=$(best_of_theirs "$2")
	printf '%s\t%s/s\t%s/s\t%s\t%s\n' "$1" "$ours" "$theirs" \
		"$(awk -v a="$ours" -v b="$theirs" 'BEGIN { printf "%.1f", a / b }')" "$3"
}

row 'posts measured for X (beside twitter-text)' x 20
row 'posts measured for Bluesky (beside @atproto/api)' bluesky 60
