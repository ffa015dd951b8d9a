# SPDX-License-Identifier: AGPL-3.0-or-later
# about: every fuzz target over its corpus and two thousand variations, built by clang
# needs: fuzz
# limit: 600
. scripts/common.sh
. scripts/meson.sh
. scripts/fuzz.sh
if [ -z "$(pv_fuzz_sources)" ]; then
	echo 'ok 1 - fuzz targets # SKIP none is written yet'
	exit 0
fi
(pv_fuzz_build) >&2 || {
	echo 'not ok 1 - clang builds the program and the fuzz targets without a warning'
	exit 1
}
echo 'ok 1 - clang builds the program and the fuzz targets without a warning'
pv_fuzz_targets | xargs -n 1 -P "$PV_JOBS" tests/fuzz-one.sh
number=1
bad=0
for program in $(pv_fuzz_targets); do
	number=$((number + 1))
	name=$(basename "$program")
	if [ "$(cat "$PV_TEST_TMP/$name.code" 2>/dev/null)" = 0 ]; then
		echo "ok $number - $name"
	else
		bad=1
		echo "not ok $number - $name"
		tail -n 40 "$PV_TEST_TMP/$name.log" | sed 's/^/    /'
	fi
done
echo "1..$number"
exit "$bad"
