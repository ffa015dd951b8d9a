# SPDX-License-Identifier: AGPL-3.0-or-later
#: ./dev build
#:
#: Installs what is missing, builds the interface (ui/dist/) and the program, optimised, without tests.
#: The program is build/portevoix. A second run compiles only what changed.
#:
#: example: ./dev build && build/portevoix --help
. scripts/node.sh
. scripts/meson.sh

[ $# -eq 0 ] || pv_die 2 "build takes no option: '$1'"
pv_release
pv_say "built build/portevoix ($(cat VERSION))"
