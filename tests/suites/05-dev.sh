# SPDX-License-Identifier: AGPL-3.0-or-later
# about: the front door itself, the counting of cases
# needs:
# limit: 60
exec sh tests/dev/run.sh
