# SPDX-License-Identifier: AGPL-3.0-or-later
# about: the web server: HTTP as strangers send it, roles and verbs, a manager's day by API
# needs: binary node
# limit: 420
# Some stories hold the interface's own modules against the desk; they are TypeScript without its own syntax.
exec node --experimental-strip-types --disable-warning=ExperimentalWarning --test --test-reporter=tap --test-concurrency=2 tests/web/*.test.mjs
