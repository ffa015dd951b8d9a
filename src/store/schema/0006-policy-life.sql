-- Migration 6: the life of a policy (edited, checked, replayed), its guarantees, cases and exceptions,
-- and what it holds back of what is planned.

-- state is now draft | checked | replayed | adopted | superseded | dropped
ALTER TABLE policy ADD COLUMN edited_at {big};          -- null: as it was first kept
ALTER TABLE policy ADD COLUMN checked {text} NOT NULL DEFAULT '';  -- JSON: the last check of this text
ALTER TABLE policy ADD COLUMN replayed {text} NOT NULL DEFAULT ''; -- JSON: its last replay

-- What must stay true of every version that is adopted.
CREATE TABLE guarantee (
	id {key} PRIMARY KEY,
	organization_id {key} NOT NULL,
	text {text} NOT NULL,                   -- "never: origin own_creation, …"
	note {text} NOT NULL,
	created_by {key} NOT NULL,
	created_at {big} NOT NULL,
	removed_at {big}
);
CREATE INDEX guarantee_organization ON guarantee (organization_id, id);

-- Example posts with the verdict that is expected, in the shape of the format's cases.
CREATE TABLE policy_case (
	organization_id {key} NOT NULL,
	position {big} NOT NULL,
	name {key} NOT NULL,                    -- the case's id
	line {text} NOT NULL,                   -- one JSON object
	PRIMARY KEY (organization_id, position),
	UNIQUE (organization_id, name)
);

-- Exceptions asked for and granted at the desk, beside those of the document.
CREATE TABLE policy_exception (
	id {key} PRIMARY KEY,
	organization_id {key} NOT NULL,
	lifts {text} NOT NULL,                  -- JSON list of rule ids
	condition {text} NOT NULL,              -- JSON object: fact → values
	from_day {key} NOT NULL,                -- YYYY-MM-DD in the policy's time zone, both included
	until_day {key} NOT NULL,
	reason {text} NOT NULL,                 -- JSON {fr, en}
	variant_id {key},                       -- the post it was asked for, if for one
	state {key} NOT NULL,                   -- asked | granted | refused | ended
	asked_by {key} NOT NULL,
	asked_at {big} NOT NULL,
	decided_by {key},
	decided_at {big},
	word {text} NOT NULL,                   -- of who refused or ended it
	ended_by {key},
	ended_at {big}
);
CREATE INDEX policy_exception_organization ON policy_exception (organization_id, state, until_day);

-- Who holds a publication that is held: '' the house (pause, account) | switch | policy | review
ALTER TABLE publication ADD COLUMN held_by {key} NOT NULL DEFAULT '';

-- What is planned is to be judged again, since something changed for all of it.
CREATE TABLE rejudging (
	organization_id {key} PRIMARY KEY,
	generation {big} NOT NULL,              -- grows with each change
	cursor_at {big} NOT NULL,               -- how far it went: by due time, then id
	cursor_id {key} NOT NULL,
	asked_at {big} NOT NULL
);
