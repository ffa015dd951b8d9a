# SPDX-License-Identifier: AGPL-3.0-or-later
# A year of a desk's own posts replayed from the database, on as many processors as there are, beside reading the
# same rows and doing nothing with them.
set -eu
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
policies=$here/../../examples/policies
"$PV_BIN" demo --data "$work/desk" >/dev/null
sed -f "$here/../policy/draft.sed" "$policies/seed.yaml" >"$work/draft.yaml"
node "$here/../policy/past.mjs" 100000 7 | "$PV_BENCH/desk/past" "$work/desk" "$work/draft.yaml"
