//! The serialisation styles of OpenAPI (3.2 §4.12.5), Swagger's `collectionFormat` included.

mod pairs;
pub(crate) mod percent;

pub(crate) use pairs::{
    delimiter, flat, form_text, joined, natural, pairs, push_form_member, refuse_delimiter,
};

/// How a parameter or a form property is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    pub(crate) kind: Kind,
    pub(crate) explode: bool,
    pub(crate) reserved: bool,
    pub(crate) allow_empty: bool,
    /// What stands between the values of a list within the list.
    pub(crate) items: Option<Kind>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Form,
    Space,
    Pipe,
    Tab,
    Deep,
    Simple,
    Label,
    Matrix,
    Json,
    Urlencoded,
    Cookie,
}

impl Style {
    /// `form`, exploded: `color=blue&color=black`. The default of queries, cookies and forms.
    pub const FORM: Self = Self::new(Kind::Form, true);
    /// `form`, not exploded: `color=blue,black`. Swagger's `csv`.
    pub const CSV: Self = Self::new(Kind::Form, false);
    /// `spaceDelimited`: `color=blue%20black`. Swagger's `ssv`.
    pub const SPACES: Self = Self::new(Kind::Space, false);
    /// `pipeDelimited`: `color=blue%7Cblack`. Swagger's `pipes`.
    pub const PIPES: Self = Self::new(Kind::Pipe, false);
    /// Swagger's `tsv`: `color=blue%09black`.
    pub const TABS: Self = Self::new(Kind::Tab, false);
    /// `deepObject`: `color%5BR%5D=100&color%5BG%5D=200`, nested levels and list positions in further brackets.
    pub const DEEP_OBJECT: Self = Self::new(Kind::Deep, true);
    /// `simple`, not exploded: `blue,black`, `R,100,G,200`. The default of paths and headers.
    pub const SIMPLE: Self = Self::new(Kind::Simple, false);
    /// `simple`, exploded: `blue,black`, `R=100,G=200`.
    pub const SIMPLE_EXPLODED: Self = Self::new(Kind::Simple, true);
    /// `label`, not exploded: `.blue,black`.
    pub const LABEL: Self = Self::new(Kind::Label, false);
    /// `label`, exploded: `.blue.black`.
    pub const LABEL_EXPLODED: Self = Self::new(Kind::Label, true);
    /// `matrix`, not exploded: `;color=blue,black`.
    pub const MATRIX: Self = Self::new(Kind::Matrix, false);
    /// `matrix`, exploded: `;color=blue;color=black`.
    pub const MATRIX_EXPLODED: Self = Self::new(Kind::Matrix, true);
    /// `cookie` (OpenAPI 3.2), exploded: `color=blue; color=black`, nothing percent-encoded.
    pub const COOKIE: Self = Self::new(Kind::Cookie, true);
    /// `cookie`, not exploded: `color=blue,black`, nothing percent-encoded.
    pub const COOKIE_CSV: Self = Self::new(Kind::Cookie, false);
    /// `content: application/json`: the value as JSON.
    pub const JSON: Self = Self::new(Kind::Json, false);
    /// `content: application/x-www-form-urlencoded`: an object as the text of a form.
    pub const URLENCODED: Self = Self::new(Kind::Urlencoded, false);

    const fn new(kind: Kind, explode: bool) -> Self {
        Self {
            kind,
            explode,
            reserved: false,
            allow_empty: false,
            items: None,
        }
    }

    /// `allowReserved: true`: reserved characters and percent-encoded triplets stay as they are.
    #[must_use]
    pub const fn reserved(mut self) -> Self {
        self.reserved = true;
        self
    }

    /// The items are lists themselves, written in this delimited style (Swagger 2.0, Items Object).
    #[must_use]
    pub const fn items(mut self, style: Self) -> Self {
        self.items = Some(style.kind);
        self
    }

    /// `allowEmptyValue: true`: `null` and empty lists are sent as an empty value instead of not at all.
    #[must_use]
    pub const fn allow_empty(mut self) -> Self {
        self.allow_empty = true;
        self
    }
}
