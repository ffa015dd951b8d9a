-- Migration 5: what a month's report asks for. Never edited once landed; a change is a new file.
CREATE INDEX publication_month ON publication (organization_id, published_at);
CREATE INDEX review_month ON review (organization_id, made_at);
CREATE INDEX judgement_month ON judgement (organization_id, judged_at);
