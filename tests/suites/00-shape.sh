# SPDX-License-Identifier: AGPL-3.0-or-later
# about: the tree against docs/ARCHITECTURE.md, file lengths, kept words
# needs:
# limit: 60
exec sh tests/shape/run.sh
