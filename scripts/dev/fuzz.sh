# SPDX-License-Identifier: AGPL-3.0-or-later
#: ./dev fuzz [TARGET] [SECONDS]
#:
#: Builds the fuzz targets of fuzz/ with clang (libFuzzer, address and undefined-behaviour sanitizers, build/fuzz/)
#: and runs one for a while (60 s), starting from its corpus; without TARGET names them. New inputs stay in
#: var/fuzz/TARGET/; what crashes stays there as crash-*. Exit 1 when something crashed.
#:
#: example: ./dev fuzz fuzz_feed 300
. scripts/meson.sh
. scripts/fuzz.sh

target=${1:-}
seconds=${2:-60}
case $seconds in
'' | *[!0-9]*) pv_die 2 "SECONDS wants a number: '$seconds'" ;;
esac
[ -n "$(pv_fuzz_sources)" ] || pv_die 3 'fuzz/ holds no target yet'
pv_fuzz_build
if [ -z "$target" ]; then
	pv_fuzz_targets | sed 's#.*/##'
	exit 0
fi
program=$(pv_fuzz_targets | grep "/$target\$" | head -n 1)
[ -n "$program" ] || pv_die 2 "no fuzz target is called '$target'; ./dev fuzz names them"
work=var/fuzz/$target
mkdir -p "$work"
corpus=$(pv_fuzz_corpus "$program")
# shellcheck disable=SC2086
"$program" -max_total_time="$seconds" -artifact_prefix="$work/" -timeout=10 -rss_limit_mb=2048 "$work" $corpus ||
	pv_die 1 "$target found something: $work/"
