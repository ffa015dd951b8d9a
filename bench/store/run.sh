# SPDX-License-Identifier: AGPL-3.0-or-later
# The desk's durable write and read beside bare SQLite's, on the same disk in the same run.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$PV_BENCH/store/bench_store" "$work"
