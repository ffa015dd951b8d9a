-- Migration 4: what the page at a link's end says of itself, and by which address a feed's article is found again.
ALTER TABLE resolution ADD COLUMN page {text} NOT NULL DEFAULT '';   -- JSON {canonical, authors, me}; '' when none was ever read
ALTER TABLE resolution ADD COLUMN page_at {big};
ALTER TABLE item ADD COLUMN address_digest {key} NOT NULL DEFAULT ''; -- of its comparable address
CREATE INDEX item_address ON item (address_digest);
