#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# Runs the suites of tests/suites/ and adds them up; tests/README.md says how a suite is written.
# Called by ./dev test; on its own: tests/run.sh [--list] [SUITE…]
set -eu
cd "$(dirname "$0")/.."
PV_ROOT=$(pwd)
export PV_ROOT
. scripts/common.sh
. scripts/node.sh
. scripts/meson.sh
. tests/servers/postgres.sh
. tests/servers/pds.sh
. tests/servers/prism.sh

PV_TEST_VAR=$PV_ROOT/var/test
log=$PV_TEST_VAR/log

# suite_says SUITE WORD: the rest of the line "# WORD: …" in its head.
suite_says() {
	sed -n "s/^# $2: *//p" "$1" | head -n 1
}

suite_name() {
	basename "$1" .sh | sed 's/^[0-9]*-//'
}

list=
wanted=
for argument; do
	case $argument in
	--list) list=yes ;;
	*) wanted="$wanted $argument" ;;
	esac
done

is_wanted() {
	[ -n "$wanted" ] || return 0
	for word in $wanted; do
		case $(basename "$1" .sh) in
		"$word" | *-"$word") return 0 ;;
		esac
	done
	return 1
}

suites=
needs=
for suite in tests/suites/[0-9]*.sh; do
	is_wanted "$suite" || continue
	suites="$suites $suite"
	needs="$needs $(suite_says "$suite" needs)"
	[ -z "$list" ] || printf '%-12s needs: %s; limit %s s; %s\n' "$(suite_name "$suite")" \
		"$(suite_says "$suite" needs)" "$(suite_says "$suite" limit)" "$(suite_says "$suite" about)"
done
[ -z "$list" ] || exit 0
[ -n "$suites" ] || pv_die 2 "no suite is called$wanted; ./dev test --list names them"

needs() {
	case " $needs " in *" $1 "*) return 0 ;; esac
	return 1
}

# --- what the suites stand on -------------------------------------------------------------------------------------
rm -rf "$log" "$PV_TEST_VAR/tmp"
mkdir -p "$log" "$PV_TEST_VAR/tmp"
export PV_TEST_VAR
PV_BUILD=$PV_ROOT/build/test
PV_BIN=$PV_BUILD/src/cli/portevoix
if [ -z "${PV_SHARED:-}" ] && [ -d ../shared ]; then
	PV_SHARED=$(cd ../shared && pwd)
fi
PV_SHARED=${PV_SHARED:-}
ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1}
UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1:halt_on_error=1}
LSAN_OPTIONS=${LSAN_OPTIONS:-suppressions=$PV_ROOT/tests/lsan.supp:print_suppressions=0}
export PV_BUILD PV_BIN PV_SHARED ASAN_OPTIONS UBSAN_OPTIONS LSAN_OPTIONS

pds_build=
stop_servers() {
	[ -z "$pds_build" ] || kill -- "-$pds_build" 2>/dev/null || true
	pv_pds_stop
	pv_prism_stop
	pv_postgres_stop
}
trap stop_servers EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Everything that may have to be installed, in one go before the clock of any suite runs.
packages=
needs postgres && packages="$packages $PV_POSTGRES_PACKAGES"
needs chromium && packages="$packages chromium=chromium"
needs fuzz && packages="$packages clang=clang libclang-rt-14-dev"
needs style && packages="$packages clang-format=clang-format shellcheck=shellcheck"
needs node && ! pv_is_new_node && packages="$packages npm=npm"
# shellcheck disable=SC2086
[ -z "$packages" ] || pv_need 'the tests' $packages

# The Bluesky server is hundreds of packages the first time: fetched alongside our own compiling.
if needs pds; then
	pv_node
	# In a group of its own: npm starts others, and they end together.
	setsid sh tests/servers/pds-build.sh >"$log/pds-build.log" 2>&1 </dev/null &
	pds_build=$!
fi
if needs node; then
	pv_node
	if [ -f tests/package.json ]; then pv_npm tests; fi
	if needs prism && pv_prism_wanted; then pv_npm tests/servers/prism --ignore-scripts; fi
fi
build() {
	pv_need_build
	pv_ui
	pv_meson build/test --buildtype=debugoptimized -Dwerror=true -Dtests=true \
		-Db_sanitize=address,undefined -Db_lundef=false
}
if needs binary || needs build; then
	if ! (build); then
		printf '\n0 passed, 1 failed, 0 skipped\n'
		exit 1
	fi
fi
if needs chromium; then
	PV_CHROMIUM=$(command -v chromium)
	export PV_CHROMIUM
fi
if needs postgres; then pv_postgres_start; fi
if needs prism && pv_prism_wanted; then pv_prism_start; fi
if [ -n "$pds_build" ]; then
	pv_say 'waiting for the packages of the Bluesky server'
	if wait "$pds_build"; then
		pds_build=
		pv_pds_start
	else
		pds_build=
		tail -n 40 "$log/pds-build.log" >&2
		pv_say 'the Bluesky server could not be made; what needs it will fail'
	fi
fi

# --- the suites, one after the other -----------------------------------------------------------------------------
passed=0
failed=0
skipped=0
printf '\n%-14s %7s %7s %7s %6s\n' suite passed failed skipped time
for suite in $suites; do
	name=$(suite_name "$suite")
	limit=$(suite_says "$suite" limit)
	PV_TEST_TMP=$PV_TEST_VAR/tmp/$name
	export PV_TEST_TMP
	mkdir -p "$PV_TEST_TMP"
	began=$(date +%s)
	code=0
	timeout -k 10 "${limit:-300}" sh "$suite" >"$log/$name.tap" 2>"$log/$name.err" </dev/null || code=$?
	took=$(($(date +%s) - began))
	# "passed failed skipped" of one suite
	count=$(awk -v code="$code" -f tests/tap.awk "$log/$name.tap")
	# shellcheck disable=SC2086
	set -- $count
	printf '%-14s %7s %7s %7s %4s s\n' "$name" "$1" "$2" "$3" "$took"
	passed=$((passed + $1))
	failed=$((failed + $2))
	skipped=$((skipped + $3))
	if [ "$3" -gt 0 ]; then
		awk 'tolower($0) ~ /^ *ok .*# *skip/ { sub(/^ *ok [0-9]+ *-* */, ""); print "    skipped: " $0 }' "$log/$name.tap" |
			awk 'NR <= 12 { print } END { if (NR > 12) print "    … and " NR - 12 " more" }'
	fi
	if [ "$2" -gt 0 ]; then
		printf -- '--- %s: what it said ---\n' "$name"
		[ "$code" -ne 124 ] || printf 'stopped: it ran longer than its limit of %s s\n' "${limit:-300}"
		awk -f tests/tap-failures.awk "$log/$name.tap" | head -n 200
		tail -n 60 "$log/$name.err"
		printf -- '--- the whole of it: var/test/log/%s.tap and .err ---\n' "$name"
	fi
done

stop_servers
trap - EXIT
printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
