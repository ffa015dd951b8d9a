# SPDX-License-Identifier: AGPL-3.0-or-later
# about: C style and shell scripts, where clang-format 14 and shellcheck are installed
# needs: style
# limit: 120
bad=0
if clang-format --version 2>/dev/null | grep -q 'version 14\.'; then
	files=$(find src tests bench fuzz -name node_modules -prune -o \( -name '*.c' -o -name '*.h' \) -type f -print |
		xargs -r clang-format --dry-run -Werror 2>&1 | sed -n 's/:[0-9]*:[0-9]*: error: code should.*//p' | sort -u)
	if [ -z "$files" ]; then
		echo 'ok 1 - C files stand as ./dev fmt leaves them'
	else
		bad=1
		echo 'not ok 1 - C files stand as ./dev fmt leaves them'
		echo "$files" | sed 's/^/    /'
	fi
else
	echo 'ok 1 - C files stand as ./dev fmt leaves them # SKIP clang-format 14 is not installed'
fi
if command -v shellcheck >/dev/null; then
	if sh scripts/shell-lint.sh >"$PV_TEST_TMP/shell" 2>&1; then
		echo 'ok 2 - shell scripts'
	else
		bad=1
		echo 'not ok 2 - shell scripts'
		sed 's/^/    /' "$PV_TEST_TMP/shell"
	fi
else
	echo 'ok 2 - shell scripts # SKIP shellcheck is not installed'
fi
echo '1..2'
exit "$bad"
