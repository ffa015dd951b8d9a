# SPDX-License-Identifier: AGPL-3.0-or-later
#: ./dev lint
#:
#: The rooms' arrows, file lengths and kept words (tests/shape/), C style (clang-format), long functions (a remark
#: only), shell scripts (shellcheck), the interface's types (svelte-check). Exit 1 if anything is found.
#:
#: example: ./dev lint
. scripts/node.sh

[ $# -eq 0 ] || pv_die 2 "lint takes no option: '$1'"
pv_need 'lint' clang-format=clang-format shellcheck=shellcheck
found=0

# The answer is in the lines that begin with "not ok" and what follows them.
sh tests/shape/run.sh | awk '/^not ok/ {show = 1} /^ok/ {show = 0} show' >"${TMPDIR:-/tmp}/pv-lint.$$"
if [ -s "${TMPDIR:-/tmp}/pv-lint.$$" ]; then
	cat "${TMPDIR:-/tmp}/pv-lint.$$"
	found=1
fi
rm -f "${TMPDIR:-/tmp}/pv-lint.$$"

find src tests bench fuzz -name node_modules -prune -o \( -name '*.c' -o -name '*.h' \) -type f -print |
	xargs -r clang-format --dry-run -Werror 2>&1 | grep 'error: code should' | sed 's/:[0-9]*: error:.*//' |
	sort | uniq -c | awk '{print $2 ": " $1 " places want ./dev fmt"; n++} END {exit n > 0}' || found=1

find src -name '*.c' -type f -exec awk -f scripts/long-functions.awk {} +

sh scripts/shell-lint.sh || found=1
if [ -f ui/package.json ] && grep -q '"check"' ui/package.json; then
	pv_ui_packages
	(cd ui && npm run --silent check) || found=1
fi
[ "$found" -eq 0 ] && pv_say 'nothing found'
exit "$found"
