ALTER TABLE clients DROP COLUMN claim_delivery;
