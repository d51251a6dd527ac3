//! Vouchsafe: a multi-factor sign-in server that people can check.

pub mod app;
pub mod cli;
pub mod demo;
pub mod domain;
pub mod flows;
pub mod kernel;
pub mod platform;
pub mod web;
