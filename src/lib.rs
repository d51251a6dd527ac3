//! Vouchsafe: a multi-factor sign-in server that people can check.

pub mod cli;
pub mod demo;
pub mod domain;
pub mod kernel;
pub mod platform;
pub mod web;
