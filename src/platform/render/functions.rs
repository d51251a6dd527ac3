//! What templates can call: `t` and `rich` for words, `when` and `clock` for instants, `span` for
//! durations, `asset` for the address of a static file.
//!
//! `t` gives plain words that Tera escapes like any value, so it is also right inside attributes. `rich` is
//! for sentences in running text: the text itself may carry markup (it is ours), every value from outside is
//! escaped and wrapped in `<bdi>`, so that a name cannot turn the sentence around.

use std::sync::Arc;

use chrono::{Datelike, Timelike};
use fluent_bundle::{FluentArgs, FluentValue};
use tera::{Error, Kwargs, Map, State, Tera, TeraResult, Value, escape_html};

use super::{Texts, assets, texts};
use crate::kernel::Timestamp;

/// Gives `tera` all functions of our templates.
pub(super) fn register(tera: &mut Tera, texts: &Arc<Texts>) {
    let words = Arc::clone(texts);
    tera.register_function("t", move |kwargs: Kwargs, state: &State| say(&words, &kwargs, state, plain));
    let words = Arc::clone(texts);
    tera.register_function("rich", move |kwargs: Kwargs, state: &State| -> TeraResult<Value> {
        say(&words, &kwargs, state, isolated).map(|text| Value::safe_string(&text))
    });
    let words = Arc::clone(texts);
    tera.register_function("when", move |kwargs: Kwargs, state: &State| time_element(&words, &kwargs, state, "when"));
    let words = Arc::clone(texts);
    tera.register_function("clock", move |kwargs: Kwargs, state: &State| time_element(&words, &kwargs, state, "clock"));
    let words = Arc::clone(texts);
    tera.register_function("span", move |kwargs: Kwargs, state: &State| span(&words, &kwargs, state));
    tera.register_function("asset", |kwargs: Kwargs, _: &State| asset(&kwargs));
    tera.register_filter("of_field", |errors: Vec<Value>, kwargs: Kwargs, _: &State| of_field(errors, &kwargs));
}

/// `errors | of_field(name="password")`: the errors of one field.
fn of_field(errors: Vec<Value>, kwargs: &Kwargs) -> TeraResult<Vec<Value>> {
    let name = kwargs.must_get::<&str>("name")?;
    let is_its = |error: &Value| error.get_from_path("field").and_then(Value::as_str) == Some(name);
    Ok(errors.into_iter().filter(is_its).collect())
}

type Fill = fn(&Value) -> TeraResult<FluentValue<'static>>;

/// `t(key="sign-in-title", app=app)` or `t(text=error.text)`, where the value is a serialized `Text`.
fn say(texts: &Texts, kwargs: &Kwargs, state: &State, fill: Fill) -> TeraResult<String> {
    let mut args = FluentArgs::new();
    let mut key = kwargs.get::<String>("key")?;
    if let Some(text) = kwargs.get::<Map>("text")? {
        key = text.get(&"key".into()).and_then(Value::as_str).map(str::to_owned);
        for (name, value) in text.get(&"args".into()).and_then(Value::as_map).into_iter().flatten() {
            args.set(name.to_string(), fill(value)?);
        }
    }
    for (name, value) in kwargs.iter() {
        let name = name.to_string();
        if name != "key" && name != "text" {
            args.set(name, fill(value)?);
        }
    }
    let key = key.ok_or_else(|| Error::message("a text needs `key` or `text`"))?;
    format(texts, state, &key, &args)
}

fn format(texts: &Texts, state: &State, key: &str, args: &FluentArgs<'_>) -> TeraResult<String> {
    let lang = state.get::<String>("lang")?.unwrap_or_else(|| "en".to_owned());
    texts.format(&lang, key, args).map_err(|fault| Error::message(fault.to_string()))
}

fn plain(value: &Value) -> TeraResult<FluentValue<'static>> {
    match (value.as_i128(), value.as_str()) {
        (Some(number), _) => Ok(texts::number(number)),
        (None, Some(word)) => Ok(FluentValue::from(word.to_owned())),
        (None, None) => Err(Error::message("a value in a text is neither a word nor a number")),
    }
}

fn isolated(value: &Value) -> TeraResult<FluentValue<'static>> {
    match value.as_str() {
        Some(word) if value.is_safe() => Ok(FluentValue::from(word.to_owned())),
        Some(word) => Ok(FluentValue::from(format!("<bdi>{}</bdi>", escaped(word)?))),
        None => plain(value),
    }
}

fn escaped(word: &str) -> TeraResult<String> {
    let mut bytes = Vec::with_capacity(word.len());
    escape_html(word, &mut bytes)?;
    String::from_utf8(bytes).map_err(|error| Error::message(error.to_string()))
}

/// `<time datetime="2026-05-03T14:02:05Z" data-time="when">3 May 2026, 14:02 UTC</time>`; a script may turn the
/// words into the reader's own time zone.
fn time_element(texts: &Texts, kwargs: &Kwargs, state: &State, show: &'static str) -> TeraResult<Value> {
    let at = Timestamp::from_micros(kwargs.must_get::<i64>("at")?);
    let utc = at.to_utc();
    let month = format(texts, state, &format!("month-{}", utc.month()), &FluentArgs::new())?;
    let mut args = FluentArgs::new();
    args.set("day", utc.day());
    args.set("month", month);
    args.set("year", utc.year().to_string());
    args.set("time", format!("{:02}:{:02}", utc.hour(), utc.minute()));
    let words = escaped(&format(texts, state, show, &args)?)?;
    Ok(Value::safe_string(&format!(r#"<time datetime="{at}" data-time="{show}">{words}</time>"#)))
}

/// A duration in words: seconds up to two minutes, then whole minutes, rounded up.
fn span(texts: &Texts, kwargs: &Kwargs, state: &State) -> TeraResult<String> {
    let seconds = kwargs.must_get::<u64>("seconds")?;
    let (key, count) = if seconds < 120 { ("span-seconds", seconds) } else { ("span-minutes", seconds.div_ceil(60)) };
    let mut args = FluentArgs::new();
    args.set("count", count);
    format(texts, state, key, &args)
}

fn asset(kwargs: &Kwargs) -> TeraResult<String> {
    let name = kwargs.must_get::<&str>("name")?;
    assets::known(name).ok_or_else(|| Error::message(format!("there is no static file {name:?}")))
}
