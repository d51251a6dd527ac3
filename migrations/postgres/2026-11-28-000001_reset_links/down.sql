UPDATE tickets SET kind = 'recovery' WHERE kind = 'reset';
UPDATE outbox SET kind = 'enrolment_link' WHERE kind = 'reset_link_created';
UPDATE outbox SET kind = 'enrolment_by_mail' WHERE kind = 'reset_link';
UPDATE outbox SET kind = 'started_again' WHERE kind = 'reset_completed';
