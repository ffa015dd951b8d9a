# SPDX-License-Identifier: AGPL-3.0-or-later
# about: no two rooms define a function of the same name, and every global name is ours
# needs: build
# limit: 60
# The linker takes the first of two and says nothing.
names=$PV_TEST_TMP/names
find "$PV_BUILD/src" -name 'libpv_*.a' | LC_ALL=C sort | while read -r library; do
	nm --defined-only --extern-only "$library" 2>/dev/null | awk -v library="$(basename "$library" .a)" '
		/:$/ { object = $1; sub(/:$/, "", object) }
		NF == 3 && $2 ~ /^[TDBRVW]$/ { print $3, library "/" object }'
done | grep -vE '^(__asan|__odr_asan|__ubsan|asan\.|_sub_I|DW\.ref)' | LC_ALL=C sort >"$names"
bad=0
awk '{ count[$1]++; where[$1] = where[$1] "  " $2 } END { for (n in count) if (count[n] > 1) print n ":" where[n] }' "$names" >"$names.twice"
if [ ! -s "$names" ]; then
	bad=1
	echo 'not ok 1 - the libraries of the rooms can be read'
elif [ -s "$names.twice" ]; then
	bad=1
	echo 'not ok 1 - every function has one definition'
	sed 's/^/    /' "$names.twice"
else
	echo 'ok 1 - every function has one definition'
fi
awk '$1 !~ /^(pv_|PV_)/ { print $1 ": " $2 }' "$names" >"$names.foreign"
if [ -s "$names.foreign" ]; then
	bad=1
	echo 'not ok 2 - global names begin with pv_'
	sed 's/^/    /' "$names.foreign"
else
	echo 'ok 2 - global names begin with pv_'
fi
echo '1..2'
exit "$bad"
