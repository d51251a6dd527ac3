-- totp_steps: steps whose code was used, so that none is used again when the clock is set back
CREATE TABLE totp_steps (
    totp_id BLOB NOT NULL REFERENCES totps ON DELETE CASCADE, -- class: internal
    step INTEGER NOT NULL, -- class: internal
    PRIMARY KEY (totp_id, step)
) STRICT;
CREATE INDEX totp_steps_by_step ON totp_steps (step);
