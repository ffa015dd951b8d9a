# SPDX-License-Identifier: AGPL-3.0-or-later
# about: the story in a browser, and accessibility
# needs: binary node chromium pds
# limit: 900
set -- tests/browser/*.test.mjs
if [ ! -f "$1" ]; then
	echo 'ok 1 - browser stories # SKIP none is written yet'
	exit 0
fi
exec node --test --test-reporter=tap --test-concurrency=2 "$@"
