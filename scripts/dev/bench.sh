# SPDX-License-Identifier: AGPL-3.0-or-later
#: ./dev bench [NAME…]
#:
#: Runs bench/*/run.sh on the release build and prints one table: what is measured, ours, the other's, the ratio
#: of the two taken in the same run, and what is aimed at. All of them, or those named (a folder of bench/).
#:
#: A benchmark prints lines of five fields with tabs between: what, ours, other's, ratio, aim ("-" where empty).
#: It has PV_BIN (the release program), PV_BENCH (its built C programs), PV_SHARED, and Node ≥ 22 on PATH with
#: each package.json of bench/ installed; its remarks go to standard error.
#:
#: example: ./dev bench policy
. scripts/node.sh
. scripts/meson.sh

# shellcheck disable=SC2086
pv_need 'the benchmarks' $PV_PACKAGES_BUILD $PV_PACKAGES_RUN
pv_release
pv_meson build/bench --buildtype=release -Dtests=false -Dbench=true
pv_node
for project in bench bench/*; do
	if [ -f "$project/package.json" ]; then pv_npm "$project"; fi
done
PV_BIN=$PV_ROOT/build/portevoix
PV_BENCH=$PV_ROOT/build/bench/bench
if [ -z "${PV_SHARED:-}" ] && [ -d ../shared ]; then
	PV_SHARED=$(cd ../shared && pwd)
fi
PV_SHARED=${PV_SHARED:-}
export PV_BIN PV_BENCH PV_SHARED
table=$(mktemp)
trap 'rm -f "$table"' EXIT
failed=0
ran=0
for bench in bench/*/run.sh; do
	[ -f "$bench" ] || continue
	name=$(basename "$(dirname "$bench")")
	if [ $# -gt 0 ]; then
		case " $* " in *" $name "*) ;; *) continue ;; esac
	fi
	ran=$((ran + 1))
	pv_say "bench/$name"
	timeout -k 10 900 sh "$bench" >>"$table" || {
		pv_say "bench/$name failed"
		failed=1
	}
done
[ "$ran" -gt 0 ] || pv_die 3 "no benchmark${1:+ is called $*}: bench/*/run.sh"
{
	printf 'what\tours\tother\tratio\taim\n'
	cat "$table"
} | awk -F '\t' '
	{ for (i = 1; i <= 5; i++) { cell[NR, i] = $i; n = length($i); if (n > width[i]) width[i] = n } }
	END { for (r = 1; r <= NR; r++) {
		line = ""
		for (i = 1; i <= 5; i++) line = line sprintf(i == 1 ? "%-" width[i] "s  " : "%" width[i] "s  ", cell[r, i])
		sub(/ +$/, "", line); print line } }'
exit "$failed"
