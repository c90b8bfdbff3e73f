//! What the invented company wrote itself: NDAs for two groups, the second version of a policy, and one that is not finished.

use crate::{
    domain::{document::Texts, locale::Bilingual},
    server::service::{drafts::DraftForm, nda_templates::TemplateForm},
};

/// An NDA that has a section more than the default one.
pub struct Template {
    pub audience: TemplateForm<'static>,
    /// German, then English.
    title: [&'static str; 2],
    section: [&'static str; 2],
}

pub const TEMPLATES: [Template; 2] = [
    Template {
        audience: TemplateForm {
            name: "Freie Mitarbeit",
            kind: "contractor",
            country: "",
            department: "",
        },
        title: ["Vertraulichkeitsvereinbarung für freie Mitarbeit", "Confidentiality agreement for contractors"],
        section: [
            "## Wenn andere für Sie arbeiten\n\n{{name}} setzt für den Auftrag nur Personen ein, die sich ebenso verpflichtet haben, und nennt sie {{company}} vorab. \
             Vertrauliche Informationen aus anderen Aufträgen gehören nicht in diesen.\n\n",
            "## When others work for you\n\nFor this work {{name}} engages only people who are bound in the same way, and names them to {{company}} beforehand. \
             Confidential information from other engagements does not belong in this one.\n\n",
        ],
    },
    Template {
        audience: TemplateForm {
            name: "Vereinigte Staaten",
            kind: "",
            country: "US",
            department: "",
        },
        title: [
            "Vertraulichkeitsvereinbarung für die Vereinigten Staaten",
            "Confidentiality agreement for the United States",
        ],
        section: [
            "## Hinweis nach 18 U.S.C. § 1833(b)\n\nWer ein Geschäftsgeheimnis vertraulich einer Behörde oder einer anwaltlichen Vertretung mitteilt, allein um einen \
             vermuteten Rechtsverstoß zu melden oder untersuchen zu lassen, oder es unter Siegel in einem Gerichtsverfahren einreicht, haftet dafür nach den \
             Gesetzen der Vereinigten Staaten zum Schutz von Geschäftsgeheimnissen nicht.\n\n",
            "## Notice under 18 U.S.C. § 1833(b)\n\nWhoever discloses a trade secret in confidence to a government official or an attorney, solely to report or \
             investigate a suspected violation of law, or files it under seal in a lawsuit, is not liable for this under federal or state trade secret law.\n\n",
        ],
    },
];

impl Template {
    /// The default text with its own section before the last one.
    pub fn texts(&self, default: &Texts) -> Texts {
        let with_section = |body: &str, section: &str| match body.rfind("\n## ") {
            Some(last) => format!("{}{section}{}", &body[..=last], &body[last + 1..]),
            None => format!("{body}\n\n{section}"),
        };
        Texts {
            title: bilingual(self.title[0], self.title[1]),
            body: bilingual(
                &with_section(&default.body.de, self.section[0]),
                &with_section(&default.body.en, self.section[1]),
            ),
        }
    }
}

/// What the policy said, and says now.
const CHANGES: [[[&str; 2]; 2]; 2] = [
    [
        [
            "Sperren Sie den Bildschirm, sobald Sie den Platz verlassen, auch zu Hause.",
            "Sperren Sie den Bildschirm, sobald Sie den Platz verlassen, auch zu Hause und im Zug.",
        ],
        [
            "Lock the screen whenever you leave your place, at home too.",
            "Lock the screen whenever you leave your place, at home and on trains too.",
        ],
    ],
    [
        [
            "Prüfen Sie Ergebnisse, bevor Sie sie verwenden.",
            "Prüfen Sie Ergebnisse, bevor Sie sie verwenden, und sagen Sie dazu, wenn ein Text für Kunden mit KI entstanden ist.",
        ],
        [
            "Check results before you use them.",
            "Check results before you use them, and say so when a text for customers was made with AI.",
        ],
    ],
];

/// What is new, in a sentence: German, then English.
pub const CHANGE: [&str; 2] = [
    "Bildschirm auch unterwegs sperren; Texte aus KI-Diensten kennzeichnen.",
    "Lock the screen when travelling too; say which texts come from AI services.",
];

/// The policy with its changes; none where it does not say what they change.
pub fn second_version(first: &Texts) -> Option<Texts> {
    let mut next = first.clone();
    for [german, english] in CHANGES {
        for (body, [before, after]) in [(&mut next.body.de, german), (&mut next.body.en, english)] {
            if !body.contains(before) {
                return None;
            }
            *body = body.replace(before, after);
        }
    }
    Some(next)
}

/// A policy that somebody began: the English text is missing.
pub const UNFINISHED: DraftForm<'static> = DraftForm {
    title_de: "Richtlinie zum mobilen Arbeiten",
    title_en: "Remote work policy",
    body_de: "## Zweck\n\nMobiles Arbeiten ist erwünscht, wo es sicher ist. Diese Richtlinie sagt, was dafür nötig ist.\n\n## Unterwegs\n\n\
              - Arbeiten Sie mit Sichtschutz, wo andere mitlesen können.\n- Nutzen Sie öffentliche Netze nur über das VPN des Unternehmens.\n",
    body_en: "",
};

/// Texts as the editor sends them.
pub fn form(texts: &Texts) -> DraftForm<'_> {
    DraftForm {
        title_de: &texts.title.de,
        title_en: &texts.title.en,
        body_de: &texts.body.de,
        body_en: &texts.body.en,
    }
}

fn bilingual(de: &str, en: &str) -> Bilingual {
    Bilingual {
        de: de.to_owned(),
        en: en.to_owned(),
    }
}
