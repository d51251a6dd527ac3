//! A message: subject, words and at most one link, as plain text and as HTML that says the same.

use serde::Serialize;

use super::{Renderer, Text, chain, render_fault};
use crate::kernel::Fault;

/// What a message says, still as keys.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The subject: the event.
    pub subject: Text,
    /// Its paragraphs.
    pub lines: Vec<Text>,
    /// A page of ours that asks before it acts, under a label.
    pub link: Option<(Text, String)>,
    /// What stands small at the end.
    pub foot: Vec<Text>,
}

/// A message in the words of its reader.
#[derive(Clone, Debug, Serialize)]
pub struct WrittenMail {
    /// One line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

#[derive(Serialize)]
struct MailLink<'a> {
    label: &'a str,
    address: &'a str,
}

#[derive(Serialize)]
struct Context<'a> {
    lang: &'a str,
    organisation: &'a str,
    subject: &'a str,
    lines: &'a [String],
    link: Option<MailLink<'a>>,
    foot: &'a [String],
}

impl Renderer {
    /// Writes a message in a language.
    ///
    /// # Errors
    /// When a text or the template fails.
    pub fn mail(&self, lang: &str, organisation: &str, mail: &Mail) -> Result<WrittenMail, Fault> {
        let all = |texts: &[Text]| texts.iter().map(|text| self.say(lang, text)).collect::<Result<Vec<_>, _>>();
        let (lines, foot) = (all(&mail.lines)?, all(&mail.foot)?);
        let link = match &mail.link {
            Some((label, address)) => Some((self.say(lang, label)?, address.clone())),
            None => None,
        };
        // A header is one line whatever a name in it holds.
        let subject: String = self.say(lang, &mail.subject)?.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let context = Context {
            lang,
            organisation,
            subject: &subject,
            lines: &lines,
            link: link.as_ref().map(|(label, address)| MailLink { label, address }),
            foot: &foot,
        };
        let context = tera::Context::from_serialize(&context).map_err(render_fault)?;
        let html = self.tera.render("mail/message.html", &context).map_err(|error| render_fault(chain(&error)))?;
        let mut paragraphs = lines;
        paragraphs.extend(link.map(|(label, address)| format!("{label}\n{address}")));
        paragraphs.push(format!("--\n{}", foot.join("\n")));
        Ok(WrittenMail { subject, text: paragraphs.join("\n\n") + "\n", html })
    }
}
