# SPDX-License-Identifier: AGPL-3.0-or-later
# Cases judged a second by the whole command (JSON, text, links, explanation), and decisions a second with facts
# ready beside Cedar and Casbin from npm on the same twelve rules; each the best of several turns on one core. Then
# a long past replayed from one policy to another, beside judging its cases by each of the two at the same time, which
# counts no window and says more words. And the questions of an analysis, of each sample policy.
set -eu
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cases=100000
node "$here/cases.mjs" "$cases" 1 >"$work/cases.jsonl"
head -n $((cases / 20)) "$work/cases.jsonl" >"$work/few.jsonl"
policies=$here/../../examples/policies

one_core() {
	if command -v taskset >/dev/null; then taskset -c 0 "$@"; else "$@"; fi
}

judged=0
for _ in 1 2 3 4 5; do
	start=$(date +%s%N)
	one_core "$PV_BIN" judge --policies "$policies" <"$work/cases.jsonl" >/dev/null
	end=$(date +%s%N)
	rate=$((cases * 1000000 / ((end - start) / 1000 + 1)))
	[ "$rate" -le "$judged" ] || judged=$rate
done
decided=$(one_core "$PV_BENCH/policy/bench_policy_decide" "$here/twelve.yaml")
cedar=$(one_core node "$here/peers.mjs" cedar)
casbin=$(one_core node "$here/peers.mjs" casbin)
much=$("$PV_BENCH/policy/bench_policy_peak" "$PV_BIN" judge --policies "$policies" \
	<"$work/cases.jsonl" 2>&1 >/dev/null)
little=$("$PV_BENCH/policy/bench_policy_peak" "$PV_BIN" judge --policies "$policies" \
	<"$work/few.jsonl" 2>&1 >/dev/null)

# A million past posts from one policy to another, counted windows included: on as many processors as there are.
past=$work/past.jsonl
posts=1000000
node "$here/past.mjs" "$posts" 7 >"$past"
head -n $((posts / 20)) "$past" >"$work/past-few.jsonl"
sed -f "$here/draft.sed" "$policies/seed.yaml" >"$work/draft.yaml"
replay() {
	"$@" policy replay --policy "$work/draft.yaml" --against "$policies/seed.yaml" --sequence
}
replayed=
for _ in 1 2 3; do
	start=$(date +%s%N)
	replay "$PV_BIN" <"$past" >/dev/null
	end=$(date +%s%N)
	took=$(((end - start) / 10000000))
	if [ -z "$replayed" ] || [ "$took" -lt "$replayed" ]; then replayed=$took; fi
done
judged_past=
for _ in 1 2; do
	start=$(date +%s%N)
	"$PV_BIN" judge --policy "$policies/seed.yaml" <"$past" >/dev/null &
	other=$!
	"$PV_BIN" judge --policy "$work/draft.yaml" <"$past" >/dev/null
	wait "$other"
	end=$(date +%s%N)
	took=$(((end - start) / 10000000))
	if [ -z "$judged_past" ] || [ "$took" -lt "$judged_past" ]; then judged_past=$took; fi
done
past_much=$(replay "$PV_BENCH/policy/bench_policy_peak" "$PV_BIN" <"$past" 2>&1 >/dev/null)
past_little=$(replay "$PV_BENCH/policy/bench_policy_peak" "$PV_BIN" <"$work/past-few.jsonl" 2>&1 >/dev/null)

row() {
	printf '%s\t%s\t%s\t%s\t%s\n' "$1" "$2$4" "$3$4" \
		"$(awk -v a="$2" -v b="$3" 'BEGIN { printf "%.1f", a / b }')" "$5"
}

printf 'cases judged whole, seed policy\t%s/s\t-\t-\t50000/s\n' "$judged"
awk -v ours="$replayed" -v other="$judged_past" -v posts="$posts" 'BEGIN {
	printf "a million past posts, two policies, windows counted (beside judging)\t%.1f s\t%.1f s\t%.1f\t20 s\n",
		ours / 100, other / 100, ours / other
	printf "past posts replayed\t%d/s\t%d/s\t%.1f\t50000/s\n", posts * 100 / ours, posts * 100 / other, other / ours
}'
row 'decisions, facts ready (beside cedar-wasm)' "$decided" "$cedar" /s '2000000/s'
row 'decisions, facts ready (beside casbin)' "$decided" "$casbin" /s '2000000/s'
# findings are an answer too: 1; anything else is not
for policy in "$policies"/*.yaml; do
	start=$(date +%s%N)
	"$PV_BIN" policy analyze "$policy" --json >/dev/null || [ $? -eq 1 ]
	end=$(date +%s%N)
	awk -v name="$(basename "$policy" .yaml)" -v took="$(((end - start) / 1000000))" 'BEGIN {
		printf "analysis of %s, every question\t%.2f s\t-\t-\t5 s\n", name, took / 1000 }'
done
row 'memory of judge, twenty times the cases' "$much" "$little" ' KiB' 1.0
row 'memory of a replay, twenty times the posts' "$past_much" "$past_little" ' KiB' -
