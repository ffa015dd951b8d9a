# SPDX-License-Identifier: AGPL-3.0-or-later
#: ./dev sim [OPTION…]
#:
#: Builds and runs the simulation of the dispatcher (tests/dispatch/, program sim_dispatch): a year of publications
#: under one seed, with networks that misbehave and a desk that is killed. Options are given on to it.
#:
#: example: ./dev sim --seed 7
. scripts/meson.sh

# shellcheck disable=SC2086
pv_need 'the simulation' $PV_PACKAGES_BUILD $PV_PACKAGES_RUN libcmocka-dev
simulation=$(grep -rlE "executable\('(sim_dispatch|portevoix-sim)'" tests bench --include=meson.build 2>/dev/null | head -n 1)
[ -n "$simulation" ] || pv_die 3 'there is no simulation program yet: it arrives with tests/dispatch/'
pv_meson build/sim --buildtype=debugoptimized -Dtests=true
program=$(find build/sim -type f -perm -u+x \( -name sim_dispatch -o -name portevoix-sim \) | head -n 1)
[ -n "$program" ] || pv_die 3 "$simulation names a simulation that was not built"
exec "$program" "$@"
