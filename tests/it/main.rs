mod samples;
mod templates;
