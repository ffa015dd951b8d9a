#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# tests/fuzz-one.sh PROGRAM: a fuzz target over its corpus and two thousand variations; what it says goes to
# $PV_TEST_TMP/NAME.log, how it ended to NAME.code. The suite `fuzz` runs several side by side.
set -eu
cd "$(dirname "$0")/.."
. scripts/fuzz.sh
name=$(basename "$1")
mkdir -p "$PV_TEST_TMP/$name"
code=0
# shellcheck disable=SC2046
"$1" -seed=1 -runs=2000 -max_total_time=30 -timeout=10 -rss_limit_mb=2048 \
	-artifact_prefix="$PV_TEST_TMP/$name-" "$PV_TEST_TMP/$name" $(pv_fuzz_corpus "$1") \
	>"$PV_TEST_TMP/$name.log" 2>&1 || code=$?
echo "$code" >"$PV_TEST_TMP/$name.code"
