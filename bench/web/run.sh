# SPDX-License-Identifier: AGPL-3.0-or-later
# The desk answering: a list beside a bare server, a durable write beside bare SQLite, rest, start, punctuality.
set -eu
command -v wrk >/dev/null || { echo 'bench/web: wrk is not installed (apt-get install wrk)' >&2; exit 1; }
exec node bench/web/run.mjs
