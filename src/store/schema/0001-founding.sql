-- Migration 1: the founding tables. Never edited once landed; a change is a new file.
-- Tokens: {key} text that is compared and ordered byte by byte; {text} prose or JSON;
-- {big} a 64-bit integer (instants are microseconds UTC, booleans 0 or 1); {blob} bytes.
-- Every row that belongs to a tenant carries organization_id, and every write names it in its WHERE.

-- A tenant: an organisation, or a person's own space (kind 'person', one member, its owner).
CREATE TABLE organization (
	id {key} PRIMARY KEY,
	slug {key} NOT NULL UNIQUE,             -- the policy's id of the organisation or person, and /j/{slug}
	kind {key} NOT NULL,                    -- organization | person
	name {text} NOT NULL,
	colour {key} NOT NULL,                  -- one of the house's named colours
	timezone {key} NOT NULL,                -- IANA
	language {key} NOT NULL,                -- fr | en: of its journal and of letters to it
	paused_at {big},                        -- not null: nothing of this organisation goes out
	paused_why {text},
	switches {text} NOT NULL,               -- JSON list: the policy's quiet switches that are on
	journal {text} NOT NULL,                -- JSON: {open, comments, about:{fr,en}, policy_public}
	version {big} NOT NULL,
	created_at {big} NOT NULL
);

CREATE TABLE person (
	id {key} PRIMARY KEY,
	slug {key} NOT NULL UNIQUE,             -- the policy's id of the person
	login {key} NOT NULL UNIQUE,            -- e-mail address, lower case
	name {text} NOT NULL,
	password {text},                        -- argon2id; null until the invitation is taken
	language {key} NOT NULL,                -- fr | en
	theme {key} NOT NULL,                   -- auto | light | dark
	home_id {key} NOT NULL,                 -- their own space
	disabled_at {big},
	created_at {big} NOT NULL
);

CREATE TABLE membership (
	organization_id {key} NOT NULL,
	person_id {key} NOT NULL,
	role {key} NOT NULL,                    -- owner | editor | reviewer | analyst | reader
	policy_roles {text} NOT NULL,           -- JSON list: the roles the policy's text speaks of
	created_at {big} NOT NULL,
	PRIMARY KEY (organization_id, person_id)
);
CREATE INDEX membership_person ON membership (person_id);

CREATE TABLE session (
	digest {key} PRIMARY KEY,               -- of the cookie's secret
	person_id {key} NOT NULL,
	csrf {key} NOT NULL,
	agent {text} NOT NULL,
	address {key} NOT NULL,
	created_at {big} NOT NULL,
	seen_at {big} NOT NULL,
	expires_at {big} NOT NULL
);
CREATE INDEX session_person ON session (person_id);

-- Secrets given once: API tokens, invitations, the owner's first link.
CREATE TABLE token (
	id {key} PRIMARY KEY,
	digest {key} NOT NULL UNIQUE,
	kind {key} NOT NULL,                    -- api | invitation | setup
	person_id {key},                        -- null for setup
	name {text} NOT NULL,
	scopes {text} NOT NULL,                 -- JSON list: read | write
	created_at {big} NOT NULL,
	used_at {big},
	expires_at {big},
	revoked_at {big}
);
CREATE INDEX token_person ON token (person_id);

CREATE TABLE throttle (
	name {key} PRIMARY KEY,                 -- what is counted: login:…, address:…
	failures {big} NOT NULL,
	last_at {big} NOT NULL,
	until_at {big} NOT NULL
);

-- The registers of interests: of a person (every organisation sees what it needs) or of an organisation.
CREATE TABLE interest (
	id {key} PRIMARY KEY,
	organization_id {key} NOT NULL,         -- the organisation's, or the person's own space
	person_id {key},                        -- null: the organisation's own entry
	names {text} NOT NULL,                  -- JSON lists
	relation {key} NOT NULL,                -- author owner employee client family paid gifted
	org {key},                              -- slug of the organisation it is, where it is one
	domains {text} NOT NULL,
	handles {text} NOT NULL,
	feeds {text} NOT NULL,
	until_day {key},                        -- YYYY-MM-DD
	created_at {big} NOT NULL,
	ended_at {big}                          -- struck out: kept for the judgements that used it
);
CREATE INDEX interest_person ON interest (person_id);
CREATE INDEX interest_organization ON interest (organization_id);

CREATE TABLE policy (
	id {key} PRIMARY KEY,
	organization_id {key} NOT NULL,
	version {big} NOT NULL,
	text {text} NOT NULL,
	digest {key} NOT NULL,
	state {key} NOT NULL,                   -- draft | adopted | superseded
	note {text} NOT NULL,
	created_by {key} NOT NULL,
	created_at {big} NOT NULL,
	adopted_by {key},
	adopted_at {big},
	effective_at {big},
	UNIQUE (organization_id, version)
);

CREATE TABLE account (
	id {key} PRIMARY KEY,
	organization_id {key} NOT NULL,
	slug {key} NOT NULL,                    -- the policy's id of the account
	network {key} NOT NULL,
	stance {key} NOT NULL,                  -- organisation | personal | hosted
	name {text} NOT NULL,
	handle {text} NOT NULL,
	server {text} NOT NULL,                 -- base address, '' for the journal
	remote_id {text} NOT NULL,              -- did, account id
	secrets {text},                         -- sealed JSON
	settings {text} NOT NULL,               -- JSON: limits read from the server, …
	state {key} NOT NULL,                   -- connected | sign_in | paused | removed
	state_why {text} NOT NULL,              -- JSON {fr,en}
	checked_at {big},
	cursor {text} NOT NULL,                 -- where listening stopped
	listen_at {big} NOT NULL,               -- when to listen next
	version {big} NOT NULL,
	created_at {big} NOT NULL,
	UNIQUE (organization_id, slug)
);
CREATE INDEX account_listen ON account (state, listen_at);

CREATE TABLE source (
	id {key} PRIMARY KEY,
	organization_id {key} NOT NULL,
	url {text} NOT NULL,
	title {text} NOT NULL,
	site {text} NOT NULL,
	etag {text} NOT NULL,
	modified {text} NOT NULL,
	state {key} NOT NULL,                   -- active | paused | failing | removed
	state_why {text} NOT NULL,              -- JSON {fr,en}
	failures {big} NOT NULL,
	interval_s {big} NOT NULL,
	fetched_at {big},
	fetch_at {big} NOT NULL,
	created_at {big} NOT NULL
);
CREATE INDEX source_due ON source (state, fetch_at);
CREATE INDEX source_organization ON source (organization_id);

CREATE TABLE item (
	id {key} PRIMARY KEY,
	organization_id {key} NOT NULL,
	source_id {key} NOT NULL,
	guid {text} NOT NULL,
	guid_digest {key} NOT NULL,
	url {text} NOT NULL,
	title {text} NOT NULL,
	summary {text} NOT NULL,
	content {text} NOT NULL,                -- plain text
	author {text} NOT NULL,
	language {key} NOT NULL,                -- '' when not known
	image {text} NOT NULL,
	labels {text} NOT NULL,                 -- JSON list
	published_at {big} NOT NULL,
	seen_at {big} NOT NULL,
	state {key} NOT NULL,                   -- new | used | set_aside
	UNIQUE (source_id, guid_digest)
);
CREATE INDEX item_list ON item (organization_id, state, published_at);

-- What is to be said; its home is the author's own space, its variants belong to the accounts' organisations.
CREATE TABLE post (
	id {key} PRIMARY KEY,
	organization_id {key} NOT NULL,         -- the author's own space
	author_id {key} NOT NULL,
	item_id {key},
	title {text} NOT NULL,
	text {text} NOT NULL,
	version {big} NOT NULL,
	created_at {big} NOT NULL,
	updated_at {big} NOT NULL,
	removed_at {big}
);
CREATE INDEX post_author ON post (author_id, id);

CREATE TABLE variant (
	id {key} PRIMARY KEY,
	organization_id {key} NOT NULL,
	post_id {key} NOT NULL,
	account_id {key} NOT NULL,
	author_id {key} NOT NULL,
	kind {key} NOT NULL,                    -- post | share | reply
	reply_to {key},                         -- message.id
	text {text} NOT NULL,
	languages {text} NOT NULL,              -- JSON list
	media {text} NOT NULL,                  -- JSON list [{id,type,alt,digest}]
	declared {text} NOT NULL,               -- JSON as the policy's cases
	origin {key} NOT NULL,                  -- copies of declared, and of what was found, for counting
	interest {key} NOT NULL,
	axis {key} NOT NULL,
	due_at {big},
	late {key} NOT NULL,                    -- publish | ask | drop
	stage {key} NOT NULL,                   -- draft | review | sent_back | ready | scheduled | done | stopped
	digest {key} NOT NULL,                  -- of text, media, account, time: what an approval is bound to
	verdict {key} NOT NULL,                 -- of the last judgement, '' before
	version {big} NOT NULL,
	edited_at {big} NOT NULL,
	submitted_at {big},
	created_at {big} NOT NULL,
	removed_at {big}
);
CREATE INDEX variant_post ON variant (post_id);
CREATE INDEX variant_list ON variant (organization_id, stage, id);
CREATE INDEX variant_account ON variant (account_id, due_at);
CREATE INDEX variant_calendar ON variant (organization_id, due_at);
CREATE INDEX variant_author ON variant (author_id, id);

-- A policy's answer, kept with all that it was given, so that it can be given again years later.
CREATE TABLE judgement (
	id {key} PRIMARY KEY,
	organization_id {key} NOT NULL,
	variant_id {key} NOT NULL,
	policy_id {key} NOT NULL,
	digest {key} NOT NULL,
	moment {key} NOT NULL,                  -- writing | submission | approval | scheduling | sending
	verdict {key} NOT NULL,
	input {text} NOT NULL,                  -- JSON case
	result {text} NOT NULL,                 -- JSON judgement
	judged_at {big} NOT NULL
);
CREATE INDEX judgement_variant ON judgement (variant_id, id);

CREATE TABLE review (
	id {key} PRIMARY KEY,
	organization_id {key} NOT NULL,
	variant_id {key} NOT NULL,
	person_id {key} NOT NULL,
	decision {key} NOT NULL,                -- approve | send_back
	word {text} NOT NULL,
	digest {key} NOT NULL,                  -- of exactly what was seen
	made_at {big} NOT NULL,
	voided_at {big},
	voided_why {key} NOT NULL               -- '' | edited | withdrawn | sent_back | again
);
CREATE INDEX review_variant ON review (variant_id, id);

-- What the policy's quotas and mixes count: one row a post that is scheduled or was published.
CREATE TABLE counted (
	variant_id {key} PRIMARY KEY,
	organization_id {key} NOT NULL,
	account_id {key} NOT NULL,
	author_id {key} NOT NULL,
	at {big} NOT NULL,
	kind {key} NOT NULL,
	form {key} NOT NULL,                    -- static | interactive
	origin {key} NOT NULL,
	interest {key} NOT NULL,
	axis {key} NOT NULL,
	relations {text} NOT NULL,              -- JSON lists
	topics {text} NOT NULL,
	humans {text} NOT NULL
);
CREATE INDEX counted_account ON counted (account_id, at);
CREATE INDEX counted_author ON counted (author_id, at);
CREATE INDEX counted_organization ON counted (organization_id, at);

CREATE TABLE publication (
	id {key} PRIMARY KEY,
	organization_id {key} NOT NULL,
	variant_id {key} NOT NULL UNIQUE,
	account_id {key} NOT NULL,
	network {key} NOT NULL,
	state {key} NOT NULL,                   -- see dispatch/machine.h
	digest {key} NOT NULL,                  -- of what was approved and will be sent
	due_at {big} NOT NULL,
	next_at {big} NOT NULL,                 -- when the dispatcher looks at it again
	late {key} NOT NULL,
	attempts {big} NOT NULL,
	checks {big} NOT NULL,                  -- read-backs made of the uncertain attempt
	fence {big} NOT NULL,                   -- grows at each claim; an older holder's writes do nothing
	lease_node {key} NOT NULL,
	lease_until {big} NOT NULL,
	remote_id {text} NOT NULL,
	permalink {text} NOT NULL,
	reason {text} NOT NULL,                 -- JSON {class,fr,en,evidence}
	sent_at {big},
	published_at {big},
	lateness_us {big},
	created_at {big} NOT NULL
);
CREATE INDEX publication_due ON publication (state, next_at);
CREATE INDEX publication_line ON publication (account_id, state, due_at);
CREATE INDEX publication_remote ON publication (account_id, remote_id);
CREATE INDEX publication_list ON publication (organization_id, id);
CREATE INDEX publication_calendar ON publication (organization_id, due_at);
CREATE INDEX publication_account ON publication (account_id, published_at);

-- One write to a network. The row is committed before the first byte leaves.
CREATE TABLE attempt (
	id {key} PRIMARY KEY,
	organization_id {key} NOT NULL,
	publication_id {key} NOT NULL,
	number {big} NOT NULL,
	fence {big} NOT NULL,
	digest {key} NOT NULL,
	write_key {key} NOT NULL,               -- idempotency or record key given to the network
	written_at {big} NOT NULL,              -- the createdAt that every repeat carries
	outcome {key} NOT NULL,                 -- open | yes | no | later | unknown | absent
	class {key} NOT NULL,                   -- why, from the one taxonomy
	http_status {big} NOT NULL,
	evidence {text} NOT NULL,
	node {key} NOT NULL,
	closed_at {big},
	UNIQUE (publication_id, number)
);

CREATE TABLE journal_entry (
	id {key} PRIMARY KEY,                   -- the publication's id: publishing twice is one row
	organization_id {key} NOT NULL,
	slug {key} NOT NULL,
	text {text} NOT NULL,
	languages {text} NOT NULL,
	media {text} NOT NULL,
	reply_to {key},                         -- message.id of the comment it answers
	author_name {text} NOT NULL,            -- the voice: the organisation's name
	published_at {big} NOT NULL,
	withdrawn_at {big},
	UNIQUE (organization_id, slug)
);
CREATE INDEX journal_list ON journal_entry (organization_id, published_at);
CREATE INDEX journal_reply ON journal_entry (reply_to);

-- Reads a day, counted without knowing the reader.
CREATE TABLE journal_read (
	entry_id {key} NOT NULL,
	organization_id {key} NOT NULL,
	day {key} NOT NULL,
	reads {big} NOT NULL,
	PRIMARY KEY (entry_id, day)
);

CREATE TABLE conversation (
	id {key} PRIMARY KEY,
	organization_id {key} NOT NULL,
	account_id {key} NOT NULL,
	publication_id {key},
	remote_root {text} NOT NULL,
	root_digest {key} NOT NULL,
	state {key} NOT NULL,                   -- open | answered | closed
	unread {big} NOT NULL,
	assigned_to {key},
	last_at {big} NOT NULL,
	created_at {big} NOT NULL,
	UNIQUE (account_id, root_digest)
);
CREATE INDEX conversation_list ON conversation (organization_id, state, last_at);
CREATE INDEX conversation_publication ON conversation (publication_id);

CREATE TABLE message (
	id {key} PRIMARY KEY,
	organization_id {key} NOT NULL,
	conversation_id {key} NOT NULL,
	account_id {key} NOT NULL,
	remote_id {text} NOT NULL,
	remote_digest {key} NOT NULL,
	parent_remote {text} NOT NULL,
	direction {key} NOT NULL,               -- in | out
	author_name {text} NOT NULL,
	author_handle {text} NOT NULL,
	url {text} NOT NULL,
	text {text} NOT NULL,
	language {key} NOT NULL,
	state {key} NOT NULL,                   -- held | shown | hidden | spam | removed
	publication_id {key},                   -- direction out: the answer's publication
	said_at {big} NOT NULL,
	seen_at {big} NOT NULL,
	UNIQUE (account_id, remote_digest)
);
CREATE INDEX message_thread ON message (conversation_id, said_at);
CREATE INDEX message_state ON message (organization_id, state, said_at);

-- Append-only figures at a known age, each network's own words kept apart.
CREATE TABLE reading (
	id {key} PRIMARY KEY,
	organization_id {key} NOT NULL,
	publication_id {key} NOT NULL,
	metric {key} NOT NULL,
	value {big} NOT NULL,
	age_s {big} NOT NULL,
	read_at {big} NOT NULL
);
CREATE INDEX reading_publication ON reading (publication_id, metric, read_at);

CREATE TABLE media (
	id {key} PRIMARY KEY,
	organization_id {key} NOT NULL,
	digest {key} NOT NULL,
	type {key} NOT NULL,                    -- image/png, image/jpeg…
	size {big} NOT NULL,
	width {big} NOT NULL,
	height {big} NOT NULL,
	alt {text} NOT NULL,
	name {text} NOT NULL,
	created_by {key} NOT NULL,
	created_at {big} NOT NULL
);
CREATE INDEX media_list ON media (organization_id, id);

-- Where links end, as found; kept so that judgements can be given again.
CREATE TABLE resolution (
	url_digest {key} PRIMARY KEY,
	url {text} NOT NULL,
	final_url {text} NOT NULL,              -- '' when the end is unknown
	why {text} NOT NULL,
	resolved_at {big} NOT NULL
);

-- Hash-chained: each entry's hash covers the one before it.
CREATE TABLE audit (
	seq {big} PRIMARY KEY,
	organization_id {key} NOT NULL,         -- '' when it concerns the desk
	at {big} NOT NULL,
	actor {key} NOT NULL,                   -- person id, or 'desk'
	verb {key} NOT NULL,
	object {key} NOT NULL,
	before_text {text} NOT NULL,
	after_text {text} NOT NULL,
	why {text} NOT NULL,
	previous {key} NOT NULL,
	hash {key} NOT NULL
);
CREATE INDEX audit_organization ON audit (organization_id, seq);
CREATE INDEX audit_object ON audit (object, seq);

-- Answers already given to an Idempotency-Key.
CREATE TABLE idempotency (
	digest {key} PRIMARY KEY,               -- of person, method, path and key
	request {key} NOT NULL,                 -- digest of the body
	status {big} NOT NULL,                  -- 0 while at work
	response {text} NOT NULL,
	created_at {big} NOT NULL
);
CREATE INDEX idempotency_age ON idempotency (created_at);

CREATE TABLE setting (
	name {key} PRIMARY KEY,
	value {text} NOT NULL
);
