//! What surrounds every page: language, theme, whose service this is, who is signed in, one notice.

use serde::Serialize;

use super::Text;

/// The direction of the script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Left to right.
    Ltr,
    /// Right to left.
    Rtl,
}

/// A theme a person chose; without one the browser's wish decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// Ink on paper.
    Light,
    /// Paper on ink.
    Dark,
}

/// The kind of a notice. Never told by colour alone: each has an icon and a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// Something was done.
    Good,
    /// Something wants attention.
    Care,
    /// Something was stopped.
    Stop,
    /// Something to know.
    Note,
}

/// A message at the top of the next page, in `role="status"`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Notice {
    /// The kind.
    pub tone: Tone,
    /// The words.
    pub text: Text,
}

impl Notice {
    /// Says that something was done.
    pub fn good(text: Text) -> Self {
        Self { tone: Tone::Good, text }
    }
}

/// Where people find the organisation, at the foot of every page.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Foot {
    /// Where they get help.
    pub support: Option<String>,
    /// Its privacy notice.
    pub privacy: Option<String>,
    /// Its terms of use.
    pub terms: Option<String>,
}

/// What surrounds a page.
#[derive(Clone, Debug, Serialize)]
pub struct Frame {
    /// The language as a BCP 47 tag, for `lang` and for the texts.
    pub lang: String,
    /// The direction of that language.
    pub dir: Direction,
    /// The theme the person chose, if they did.
    pub theme: Option<Theme>,
    /// The organisation whose service this is.
    pub organisation: String,
    /// Our own address, such as `https://auth.example.org`.
    pub origin: String,
    /// The name of who is signed in; with it the page stands beside the navigation, without it on a card.
    pub person: Option<String>,
    /// The parts of the administrators' navigation that this person may open; none for everybody else.
    pub admin: Vec<&'static str>,
    /// The entry of the navigation that this page belongs to; empty for none.
    pub place: &'static str,
    /// A message about what just happened.
    pub notice: Option<Notice>,
    /// What the operator of this server should put right; on administrators' pages.
    pub care: Option<Text>,
    /// The links at the foot.
    pub foot: Foot,
    /// The value of the hidden field `form_token` of every form (WB-01).
    pub form_token: String,
}

impl Frame {
    /// An English frame without person, notice or chosen theme.
    pub fn new(organisation: impl Into<String>, origin: impl Into<String>, form_token: impl Into<String>) -> Self {
        Self {
            lang: "en".into(),
            dir: Direction::Ltr,
            theme: None,
            organisation: organisation.into(),
            origin: origin.into(),
            person: None,
            admin: Vec::new(),
            place: "",
            notice: None,
            care: None,
            foot: Foot::default(),
            form_token: form_token.into(),
        }
    }

    /// The same frame for someone who is signed in.
    pub fn for_person(mut self, name: impl Into<String>) -> Self {
        self.person = Some(name.into());
        self
    }

    /// The same frame for an administrator who may open these parts.
    pub fn for_administrator(mut self, parts: Vec<&'static str>) -> Self {
        self.admin = parts;
        self
    }

    /// The same frame for a page that belongs to this entry of the navigation.
    pub fn at_place(mut self, place: &'static str) -> Self {
        self.place = place;
        self
    }

    /// The same frame with something to put right.
    pub fn with_care(mut self, care: Text) -> Self {
        self.care = Some(care);
        self
    }

    /// The same frame with links at its foot.
    pub fn with_foot(mut self, foot: Foot) -> Self {
        self.foot = foot;
        self
    }

    /// The same frame with a message.
    pub fn with_notice(mut self, notice: Notice) -> Self {
        self.notice = Some(notice);
        self
    }
}
