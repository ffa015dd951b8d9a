# SPDX-License-Identifier: AGPL-3.0-or-later
# The tools' own tests: does the shape test see what it must see, are cases counted as they are, does ./dev answer
# wrong words as promised. TAP on standard output; works in $PV_TEST_TMP.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root" || exit 1
tmp=${PV_TEST_TMP:-$(mktemp -d)}
number=0
bad=0

# is TITLE GOT EXPECTED
is() {
	number=$((number + 1))
	if [ "$2" = "$3" ]; then
		printf 'ok %d - %s\n' "$number" "$1"
	else
		bad=1
		printf 'not ok %d - %s\n    got: %s\n    expected: %s\n' "$number" "$1" "$2" "$3"
	fi
}

# --- the shape test can fail -------------------------------------------------------------------------------------
licence='/* SPDX-License-Identifier: AGPL-3.0-or-later */'
good_tree() {
	rm -rf "$tmp/tree"
	mkdir -p "$tmp/tree/docs" "$tmp/tree/src/base" "$tmp/tree/src/text" "$tmp/tree/src/store" "$tmp/tree/tests"
	cp docs/ARCHITECTURE.md docs/DEPENDENCIES.md "$tmp/tree/docs/"
	printf '%s\n#include <stddef.h>\n' "$licence" >"$tmp/tree/src/base/mem.h"
	printf '%s\n#include "base/mem.h"\n#include <unicode/ubrk.h>\n' "$licence" >"$tmp/tree/src/text/segment.h"
}

# shape_says TITLE CASE: the shape test on the tree finds fault with exactly this case.
shape_says() {
	is "$1" "$(sh tests/shape/run.sh "$tmp/tree" | sed -n 's/^not ok [0-9]* - //p' | tr '\n' ';')" "$2"
}

good_tree
shape_says 'a small good tree passes' ''
printf '%s\n#include "text/segment.h"\n' "$licence" >"$tmp/tree/src/base/up.c"
shape_says 'an arrow upwards' 'quoted includes are "room/header.h", along the arrows;'
good_tree
printf '%s\n#include "mem.h"\n' "$licence" >"$tmp/tree/src/base/near.c"
shape_says 'an include without its room' 'quoted includes are "room/header.h", along the arrows;every included header is there;'
good_tree
printf '%s\n#include <sqlite3.h>\n' "$licence" >"$tmp/tree/src/text/sql.c"
shape_says 'a database outside the store' 'each library is included only by the rooms that may use it;'
good_tree
printf '%s\n#include <vips/vips.h>\n' "$licence" >"$tmp/tree/src/base/vips.c"
shape_says 'a library that no one owns' 'each library is included only by the rooms that may use it;'
good_tree
printf '%s\nconst char *q = "SELECT id FROM post";\n' "$licence" >"$tmp/tree/src/text/q.c"
shape_says 'a statement outside the store' 'SQL stands in src/store only;'
good_tree
{
	printf '%s\n' "$licence"
	awk 'BEGIN {for (i = 0; i < 600; i++) print ""}'
} >"$tmp/tree/src/base/long.c"
shape_says 'a file of 601 lines' 'no file is longer than 600 lines;'
good_tree
printf 'int x;\n' >"$tmp/tree/src/base/bare.c"
shape_says 'a source without its licence' 'every source says its licence on its first lines;'
good_tree
printf '%s\nvoid f(char *a, const char *b) { strcpy(a, b); }\n' "$licence" >"$tmp/tree/src/base/copy.c"
shape_says 'a call that writes past its bounds' 'no call that writes past its bounds or starts a shell;'
good_tree
mkdir -p "$tmp/tree/src/attic"
printf '%s\n' "$licence" >"$tmp/tree/src/attic/a.c"
shape_says 'a room that is not on the map' 'every room of src/ is on the map;'
good_tree
printf '{"dependencies": {\n"left-pad": "1.0.0"\n}}\n' >"$tmp/tree/tests/package.json"
shape_says 'a dependency without a reason' 'every dependency has its reason in docs/DEPENDENCIES.md;'
good_tree
sed 's/^| `base` | |/| `base` | `web` |/' docs/ARCHITECTURE.md >"$tmp/tree/docs/ARCHITECTURE.md"
shape_says 'a map whose arrow points down and up' 'the table of rooms can be read, and its arrows point to lines above;'

# --- cases are counted as they are -------------------------------------------------------------------------------
# count TITLE CODE EXPECTED TAP, the TAP in printf's spelling.
count() {
	# shellcheck disable=SC2059
	is "$1" "$(printf "$4" | awk -v code="$2" -f tests/tap.awk)" "$3"
}
count 'plain TAP' 1 '1 1 1' \
	'ok 1 - a\nnot ok 2 - b\nok 3 - c # SKIP why\n1..3\n'
count 'a plan that is not kept' 0 '1 2 0' \
	'1..3\nok 1 - a\n'
count 'silence is a failure' 0 '0 1 0' \
	''
count 'a death without a failed case' 139 '1 1 0' \
	'ok 1 - a\n'
count 'a bail-out' 0 '1 1 0' \
	'ok 1 - a\nBail out! no database\n'
count 'two runs one after the other' 0 '2 0 0' \
	'1..1\nok 1 - a\n1..1\nok 1 - b\n'
count "Node's runner counts the inner ones" 0 '3 0 0' \
	'    ok 1 - inner\n    ok 2 - inner\nok 1 - outer\n1..1\n# tests 3\n# pass 3\n# fail 0\n# cancelled 0\n# skipped 0\n# todo 0\n'
count "Node's runner with a failure and a skip" 1 '1 1 1' \
	'not ok 1 - outer\n1..1\n# tests 3\n# pass 1\n# fail 1\n# cancelled 0\n# skipped 1\n# todo 0\n'
junit() {
	printf '%s' "$1" | sed 's/></>\n</g' | awk -f tests/junit-tap.awk | tr '\n' ';'
}
is 'JUnit becomes TAP' "$(junit '<testsuites><testsuite name="p/base: mem" errors="0" failures="1" skipped="1" tests="3"><testcase name="1 a &lt;b" /><testcase name="2 b"><failure /></testcase><testcase name="3 c"><skipped message="no server" /></testcase></testsuite></testsuites>')" \
	'ok 1 - p/base: mem: 1 a <b;not ok 2 - p/base: mem: 2 b;ok 3 - p/base: mem: 3 c # SKIP no server;1..3;'
is 'a program that dies between its cases fails' "$(junit '<testsuite name="s" errors="1" failures="0" tests="1"><testcase name="1 a"></testcase></testsuite>')" \
	'ok 1 - s: 1 a;not ok 2 - s: the program itself failed;1..2;'

# --- ./dev answers ------------------------------------------------------------------------------------------------
answer() {
	"$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	echo $?
}
for command in run test build bench lint fmt fuzz sim dist; do
	is "./dev $command --help explains itself" "$(answer ./dev "$command" --help) $(head -n 1 "$tmp/out" | cut -d' ' -f1,2) $(grep -c '^example: ' "$tmp/out")" "0 ./dev $command 1"
done
is './dev without a word is wrong usage' "$(answer ./dev)" 2
is './dev with an unknown word is wrong usage' "$(answer ./dev publish)" 2
is './dev run --port with a word is wrong usage' "$(answer ./dev run --port eighty)" 2
is './dev run with an unknown option is wrong usage' "$(answer ./dev run --fast)" 2
is './dev test with an unknown suite is wrong usage' "$(answer ./dev test nosuchsuite)" 2
printf '1..%d\n' "$number"
[ -n "${PV_TEST_TMP:-}" ] || rm -rf "$tmp"
exit "$bad"
