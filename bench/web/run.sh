# SPDX-License-Identifier: AGPL-3.0-or-later
# The desk answering: a list beside a bare server, a durable write beside bare SQLite, rest, start, punctuality.
set -eu
. scripts/common.sh
pv_need 'the web benchmark' wrk=wrk
exec node bench/web/run.mjs
