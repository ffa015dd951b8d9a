# SPDX-License-Identifier: AGPL-3.0-or-later
# about: the story and the contract of the API
# needs: binary node
# limit: 300
set -- tests/api/*.test.mjs
if [ ! -f "$1" ]; then
	echo 'ok 1 - API stories # SKIP none is written yet'
	exit 0
fi
exec node --test --test-reporter=tap --test-concurrency=1 "$@"
