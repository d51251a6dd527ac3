//! What people do, from beginning to end, in a real browser, on both databases. Every page they come by is looked at:
//! accessibility (WCAG 2.2 AA), a small screen, light and dark, nothing refused by the content security policy.

mod account;
mod applications;
mod colleague;
mod interrupted;
mod mail;
mod other_ways;
mod people;
mod set_up;
mod sign_in;
mod wiki;
