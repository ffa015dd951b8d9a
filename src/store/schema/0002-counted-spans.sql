-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What quotas and mixes count, thirty days at a time, so that a window of years costs its months; and whether a post
-- was sponsored, which they may count too.
ALTER TABLE counted ADD COLUMN sponsored {big} NOT NULL DEFAULT 0;
UPDATE counted SET sponsored = 1 WHERE EXISTS (SELECT 1 FROM variant v WHERE v.id = counted.variant_id
	AND (v.declared LIKE '%"sponsored":true%' OR v.declared LIKE '%"sponsored": true%'));

-- Equal rows of `counted`, added up; kept in step with it.
CREATE TABLE counted_span (
	organization_id {key} NOT NULL,
	account_id {key} NOT NULL,
	author_id {key} NOT NULL,
	span {big} NOT NULL,                    -- at / 2592000000000
	kind {key} NOT NULL,
	form {key} NOT NULL,
	origin {key} NOT NULL,
	interest {key} NOT NULL,
	axis {key} NOT NULL,
	relations {text} NOT NULL,
	topics {text} NOT NULL,
	humans {text} NOT NULL,
	sponsored {big} NOT NULL,
	times {big} NOT NULL
);
CREATE INDEX counted_span_account ON counted_span (account_id, span);
CREATE INDEX counted_span_author ON counted_span (author_id, span);
CREATE INDEX counted_span_organization ON counted_span (organization_id, span);
INSERT INTO counted_span (organization_id, account_id, author_id, span, kind, form, origin, interest, axis, relations,
	topics, humans, sponsored, times)
SELECT organization_id, account_id, author_id, at / 2592000000000, kind, form, origin, interest, axis, relations, topics,
	humans, sponsored, COUNT(*) FROM counted
GROUP BY organization_id, account_id, author_id, at / 2592000000000, kind, form, origin, interest, axis, relations,
	topics, humans, sponsored;
