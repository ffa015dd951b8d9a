# SPDX-License-Identifier: AGPL-3.0-or-later
# Makes the Bluesky server's folder in PV_CACHE; a program of its own, so that it runs while ours compiles.
set -eu
. scripts/common.sh
. scripts/node.sh
. tests/servers/pds.sh
pv_node
pv_pds_build
