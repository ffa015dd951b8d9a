# SPDX-License-Identifier: AGPL-3.0-or-later
# about: publishing to a real Bluesky server
# needs: binary node pds
# limit: 300
set -- tests/pds/*.test.mjs
if [ ! -f "$1" ]; then
	echo 'ok 1 - stories with a Bluesky server # SKIP none is written yet'
	exit 0
fi
exec node --test --test-reporter=tap --test-concurrency=1 "$@"
