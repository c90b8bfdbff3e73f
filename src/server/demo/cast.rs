//! Who the invented people are: names, addresses, departments, places. Every combination is fictional, and every address
//! ends in `.example`, where no mail can arrive.

use super::dice::Dice;
use crate::domain::person::{PersonForm, fold};
use std::collections::HashSet;

const FIRST: [&str; 64] = [
    "Anna",
    "Jonas",
    "Leyla",
    "Felix",
    "Mira",
    "Tobias",
    "Sophie",
    "Emre",
    "Katharina",
    "Lukas",
    "Nadia",
    "Paul",
    "Hanna",
    "Daniel",
    "Aylin",
    "Moritz",
    "Clara",
    "Stefan",
    "Zoë",
    "Matthias",
    "Ines",
    "Oskar",
    "Farida",
    "Jan",
    "Marlene",
    "Andreas",
    "Olga",
    "Simon",
    "Theresa",
    "Karim",
    "Judith",
    "Benedikt",
    "Lena",
    "Piotr",
    "Samira",
    "Florian",
    "Greta",
    "Milan",
    "Ulrike",
    "Henrik",
    "Elif",
    "Johannes",
    "Ronja",
    "Artur",
    "Beate",
    "Tarek",
    "Svenja",
    "Viktor",
    "Carolin",
    "Dragan",
    "Helene",
    "Noah",
    "Ivana",
    "Georg",
    "Yasemin",
    "Ruben",
    "Frieda",
    "Antonio",
    "Merle",
    "Kofi",
    "Dorothea",
    "Minh",
    "Pia",
    "Jürgen",
];
const LAST: [&str; 72] = [
    "Sommer",
    "Brandt",
    "Yıldız",
    "Keller",
    "Lindqvist",
    "Hofmann",
    "Nowak",
    "Albrecht",
    "Wagner",
    "Demir",
    "Schuster",
    "Petrović",
    "Krüger",
    "Baumann",
    "Haddad",
    "Vogt",
    "Engel",
    "Rossi",
    "Winkler",
    "Jansen",
    "Öztürk",
    "Seidel",
    "Marković",
    "Lorenz",
    "Horn",
    "Dietrich",
    "Kowalski",
    "Ziegler",
    "Pfeiffer",
    "Aydın",
    "Graf",
    "Thiele",
    "Nguyen",
    "Schreiber",
    "Böhm",
    "Martens",
    "Castelli",
    "Ritter",
    "Sauer",
    "Popescu",
    "Franke",
    "Mensah",
    "Groß",
    "Ullrich",
    "Beck",
    "Herzog",
    "Da Silva",
    "Münch",
    "Voigt",
    "Said",
    "Kuhn",
    "Heinrich",
    "Bergström",
    "Otto",
    "Arslan",
    "Pohl",
    "Jäger",
    "Ivanov",
    "Stein",
    "Wolff",
    "Rahimi",
    "Busch",
    "Schäfer",
    "Horvat",
    "Lang",
    "Kessler",
    "Tran",
    "Weidner",
    "Moretti",
    "Roth",
    "Eckert",
    "Fuchs",
];
const FIRST_ENGLISH: [&str; 20] = [
    "Grace", "Oliver", "Priya", "Ethan", "Megan", "Marcus", "Imogen", "Caleb", "Sana", "Dylan", "Harriet", "Andre", "Chloe", "Rohan", "Beth", "Wesley",
    "Naomi", "Declan", "Tessa", "Miles",
];
const LAST_ENGLISH: [&str; 22] = [
    "Whitfield",
    "Okafor",
    "Patel",
    "Brennan",
    "Hartley",
    "Lawson",
    "Singh",
    "Calloway",
    "Mercer",
    "Adeyemi",
    "Fletcher",
    "Ramirez",
    "Thornton",
    "Bishop",
    "Kaur",
    "Sinclair",
    "O’Connell",
    "Barrett",
    "Ellison",
    "Novak",
    "Reyes",
    "Hale",
];
const FIRST_JAPANESE: [&str; 10] = ["Haruka", "Kenji", "Aoi", "Daichi", "Emi", "Takumi", "Yuna", "Shota", "Mei", "Ren"];
const LAST_JAPANESE: [&str; 10] = [
    "Morikawa", "Hayashi", "Sakurai", "Nomura", "Ishida", "Fujimoto", "Kitano", "Uehara", "Okada", "Shimizu",
];

/// A department with the titles of its people, the head's first: German, then English.
pub struct Department {
    pub name: &'static str,
    titles: [[&'static str; 4]; 2],
}

/// The first one is where HR sits.
pub const DEPARTMENTS: [Department; 9] = [
    Department {
        name: "Personal",
        titles: [
            ["Leitung Personal", "Personalreferat", "Recruiting", "Lohnbuchhaltung"],
            ["Head of HR", "HR Partner", "Recruiter", "Payroll Specialist"],
        ],
    },
    Department {
        name: "Entwicklung",
        titles: [
            ["Leitung Entwicklung", "Softwareentwicklung", "Qualitätssicherung", "Produktdesign"],
            ["Head of Engineering", "Software Engineer", "QA Engineer", "Product Designer"],
        ],
    },
    Department {
        name: "Produktion",
        titles: [
            ["Leitung Produktion", "Fertigungsplanung", "Mechatronik", "Schichtleitung"],
            ["Head of Production", "Production Planner", "Mechatronics Technician", "Shift Lead"],
        ],
    },
    Department {
        name: "Vertrieb",
        titles: [
            ["Leitung Vertrieb", "Außendienst", "Vertriebsinnendienst", "Key-Account-Management"],
            ["Head of Sales", "Account Executive", "Sales Operations", "Key Account Manager"],
        ],
    },
    Department {
        name: "Finanzen",
        titles: [
            ["Leitung Finanzen", "Controlling", "Buchhaltung", "Treasury"],
            ["Head of Finance", "Controller", "Accountant", "Treasury Analyst"],
        ],
    },
    Department {
        name: "IT",
        titles: [
            ["Leitung IT", "Systemadministration", "Informationssicherheit", "IT-Support"],
            ["Head of IT", "Systems Administrator", "Security Analyst", "IT Support Specialist"],
        ],
    },
    Department {
        name: "Kundendienst",
        titles: [
            ["Leitung Kundendienst", "Kundenberatung", "Servicetechnik", "Reklamationen"],
            ["Head of Support", "Support Specialist", "Field Engineer", "Customer Success Manager"],
        ],
    },
    Department {
        name: "Marketing",
        titles: [
            ["Leitung Marketing", "Redaktion", "Veranstaltungen", "Grafikdesign"],
            ["Head of Marketing", "Content Editor", "Events Manager", "Graphic Designer"],
        ],
    },
    Department {
        name: "Einkauf",
        titles: [
            ["Leitung Einkauf", "Strategischer Einkauf", "Disposition", "Logistik"],
            ["Head of Procurement", "Strategic Buyer", "Dispatcher", "Logistics Planner"],
        ],
    },
];

/// A place of work: country and time zone.
pub type Place = (&'static str, &'static str);
pub const BERLIN: Place = ("DE", "Europe/Berlin");
pub const VIENNA: Place = ("AT", "Europe/Vienna");
pub const ZURICH: Place = ("CH", "Europe/Zurich");
pub const LONDON: Place = ("GB", "Europe/London");
pub const NEW_YORK: Place = ("US", "America/New_York");
pub const LOS_ANGELES: Place = ("US", "America/Los_Angeles");
pub const TOKYO: Place = ("JP", "Asia/Tokyo");

/// Where somebody without a fixed place works: mostly in Germany.
pub fn any_place(dice: &mut Dice) -> Place {
    match dice.between(1, 100) {
        1..=72 => BERLIN,
        73..=80 => VIENNA,
        81..=87 => ZURICH,
        88..=93 => LONDON,
        94..=95 => NEW_YORK,
        96..=98 => LOS_ANGELES,
        _ => TOKYO,
    }
}

/// Gives out names and addresses, each once.
#[derive(Default)]
pub struct Registry {
    names: HashSet<String>,
    addresses: HashSet<String>,
}

impl Registry {
    /// A new person in a place and a department (by its index), without manager and start date.
    pub fn invent(&mut self, dice: &mut Dice, place: Place, department: usize, is_head: bool) -> PersonForm {
        let (country, zone) = place;
        let name = self.name(dice, country);
        let address = self.address(&name);
        let department = &DEPARTMENTS[department % DEPARTMENTS.len()];
        let titles = department.titles[usize::from(!matches!(country, "DE" | "AT" | "CH"))];
        let title = if is_head { titles[0] } else { dice.pick(&titles[1..]) };
        PersonForm {
            name,
            private_email: format!("{address}@postfach.example"),
            work_email: format!("{address}@beispielwerk.example"),
            kind: if dice.chance(9) { "contractor" } else { "employee" }.to_owned(),
            country: country.to_owned(),
            department: department.name.to_owned(),
            job_title: title.to_owned(),
            time_zone: zone.to_owned(),
            ..PersonForm::default()
        }
    }

    fn name(&mut self, dice: &mut Dice, country: &str) -> String {
        let (first, last): (&[&str], &[&str]) = match country {
            "GB" | "US" => (&FIRST_ENGLISH, &LAST_ENGLISH),
            "JP" => (&FIRST_JAPANESE, &LAST_JAPANESE),
            _ => (&FIRST, &LAST),
        };
        let mut name = format!("{} {}", dice.pick(first), dice.pick(last));
        // Small pools run out; a second name never does within the sizes a demo has.
        for round in 0..60 {
            if self.names.insert(name.clone()) {
                break;
            }
            name = if round < 15 {
                format!("{} {}", dice.pick(first), dice.pick(last))
            } else {
                format!("{} {} {}", dice.pick(first), dice.pick(first), dice.pick(last))
            };
        }
        name
    }

    fn address(&mut self, name: &str) -> String {
        let words: Vec<String> = name
            .split_whitespace()
            .map(|word| fold(word).chars().filter(char::is_ascii_alphanumeric).collect())
            .collect();
        let plain = words.join(".");
        let mut address = plain.clone();
        let mut number = 1;
        while !self.addresses.insert(address.clone()) {
            number += 1;
            address = format!("{plain}{number}");
        }
        address
    }
}
