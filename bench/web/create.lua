-- SPDX-License-Identifier: AGPL-3.0-or-later
-- wrk: a draft with one variant, again and again.
wrk.method = 'POST'
wrk.headers['Content-Type'] = 'application/json'
wrk.headers['Cookie'] = os.getenv('PV_COOKIE')
wrk.headers['X-CSRF-Token'] = os.getenv('PV_CSRF')
wrk.body = os.getenv('PV_BODY')
