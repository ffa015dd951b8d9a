# SPDX-License-Identifier: AGPL-3.0-or-later
# about: the interface's types and units
# needs: node
# limit: 300
. scripts/common.sh
. scripts/node.sh
if [ ! -f ui/package.json ]; then
	echo 'ok 1 - interface # SKIP ui/ holds no interface yet'
	exit 0
fi
pv_ui_packages
cd ui || exit 1
failed=0
if grep -q '"check"' package.json; then
	if npm run --silent check >&2; then echo 'ok 1 - types (npm run check)'; else
		echo 'not ok 1 - types (npm run check)'
		failed=1
	fi
fi
if [ -d node_modules/vitest ] && grep -q '"test"' package.json; then
	npm run --silent test -- --passWithNoTests --reporter=tap-flat || failed=1
fi
exit "$failed"
