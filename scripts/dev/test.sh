# SPDX-License-Identifier: AGPL-3.0-or-later
#: ./dev test [--coverage] [--list] [SUITE…]
#:
#: Installs what is missing, builds everything with warnings as errors and the address and undefined-behaviour
#: sanitizers (build/test/), and runs every suite of tests/suites/ against it, with a PostgreSQL and a Bluesky
#: server of its own. The last line counts the cases: N passed, N failed, N skipped.
#: Exit 0: none failed. What each suite said stays in var/test/log/.
#:
#:   SUITE        only these: "10-c", or c
#:   --list       names the suites and what each needs
#:   --coverage   the C tests only, with lines and branches counted (build/coverage/, needs gcovr)
#:
#: example: ./dev test shape c
. scripts/node.sh
. scripts/meson.sh

coverage=
for argument; do
	case $argument in
	--coverage) coverage=yes ;;
	--list) exec sh tests/run.sh --list ;;
	-*) pv_die 2 "test has no option '$argument'; see ./dev test --help" ;;
	esac
done

# shellcheck disable=SC2086
pv_need 'the tests' $PV_PACKAGES_BUILD $PV_PACKAGES_RUN libcmocka-dev

if [ -n "$coverage" ]; then
	pv_need 'coverage' gcovr=gcovr
	pv_meson build/coverage -Db_coverage=true -Dbuildtype=debug -Dtests=true
	. tests/servers/postgres.sh
	pv_postgres_start
	trap pv_postgres_stop EXIT
	meson test -C build/coverage --print-errorlogs || true
	gcovr --root . --object-directory build/coverage --filter 'src/' --print-summary | tail -n 400
	exit 0
fi

exec sh tests/run.sh "$@"
