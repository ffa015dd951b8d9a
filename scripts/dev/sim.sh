# SPDX-License-Identifier: AGPL-3.0-or-later
#: ./dev sim [OPTION…]
#:
#: Builds and runs the simulation of the dispatcher (tests/dispatch/sim.c): a day of publications under one seed, with
#: networks that misbehave, clocks that jump and a desk that is killed. A seed that fails fails again, event by event.
#:
#:   --seed N       the first seed (1)
#:   --seeds COUNT  so many, one after the other, until one fails (1)
#:   --events N     events of a seed (250)
#:   --verbose      tell each event
#:
#: Exit 0 when every post of every seed stands where it should, 1 when one does not, 2 on wrong usage.
#:
#: example: ./dev sim --seed 7 --verbose
. scripts/meson.sh

# shellcheck disable=SC2086
pv_need 'the simulation' $PV_PACKAGES_BUILD $PV_PACKAGES_RUN libcmocka-dev
pv_only=tests/dispatch/sim_dispatch
pv_meson build/sim --buildtype=debugoptimized -Dtests=true
# Its databases live for a second: in memory where there is room for files.
if [ -z "${TMPDIR:-}" ] && [ -d /dev/shm ] && [ -w /dev/shm ]; then
	TMPDIR=/dev/shm
	export TMPDIR
fi
exec "build/sim/$pv_only" "$@"
