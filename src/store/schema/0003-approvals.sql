-- Migration 3: who stands in for whom, and the hour of what waits for approval. Never edited once landed; a change is a new file.

-- While someone is away, another member approves with their policy roles. Kept when it is over: approvals
-- given under it are judged again at each step.
CREATE TABLE delegation (
	id {key} PRIMARY KEY,
	organization_id {key} NOT NULL,
	person_id {key} NOT NULL,               -- who is away
	to_id {key} NOT NULL,                   -- who stands in
	from_at {big} NOT NULL,
	until_at {big} NOT NULL,                -- half open
	why {text} NOT NULL,
	created_by {key} NOT NULL,
	created_at {big} NOT NULL
);
CREATE INDEX delegation_organization ON delegation (organization_id, until_at);

-- What waits for approval has an hour: who may approve is reminded before it, and once it has passed the text goes back.
ALTER TABLE variant ADD COLUMN reminded_at {big};
ALTER TABLE variant ADD COLUMN lapsed_at {big}; -- its hour passed without the approval; null again once it moves
CREATE INDEX variant_review_due ON variant (due_at) WHERE stage = 'review';
