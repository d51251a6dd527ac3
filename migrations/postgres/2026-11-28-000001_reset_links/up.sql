-- One name for the link by which a person makes new sign-in methods: reset link.
UPDATE tickets SET kind = 'reset' WHERE kind = 'recovery';
UPDATE outbox SET kind = 'reset_link_created' WHERE kind = 'enrolment_link';
UPDATE outbox SET kind = 'reset_link' WHERE kind = 'enrolment_by_mail';
UPDATE outbox SET kind = 'reset_completed' WHERE kind = 'started_again';
