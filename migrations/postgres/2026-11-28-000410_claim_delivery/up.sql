-- Where an application reads the claims it is given: in the ID token and at the userinfo endpoint, or there alone.
ALTER TABLE clients ADD COLUMN claim_delivery TEXT NOT NULL DEFAULT 'id_token_and_userinfo'; -- class: internal
