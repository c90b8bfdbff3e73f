//! SECURITY.md says which role may do what, word for word from the code.

use antritt::domain::roles::{Permission, Role};
use std::{env, fmt::Write, fs, path::Path};

const BEGIN: &str = "<!-- roles:begin -->";
const END: &str = "<!-- roles:end -->";

/// A Markdown table of every permission and every role.
fn table() -> String {
    let mut table = String::from("| what |");
    for role in Role::ALL {
        write!(table, " {} |", role.as_str()).unwrap();
    }
    table.push_str("\n|---|---|---|---|---|\n");
    for permission in Permission::ALL {
        write!(table, "| {} |", permission.sentence()).unwrap();
        for role in Role::ALL {
            table.push_str(if role.may(*permission) { " yes |" } else { " – |" });
        }
        table.push('\n');
    }
    table
}

/// With `UPDATE_DOCS=1` it writes the table instead.
#[test]
fn the_table_of_roles_in_security_md_is_that_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("SECURITY.md");
    let text = fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(BEGIN).expect("SECURITY.md marks where the table begins");
    let (written, after) = rest.split_once(END).expect("SECURITY.md marks where the table ends");
    let expected = format!("\n{}", table());
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, format!("{before}{BEGIN}{expected}{END}{after}")).unwrap();
        return;
    }
    assert_eq!(
        written, expected,
        "write it anew by: UPDATE_DOCS=1 cargo nextest run -E 'test(the_table_of_roles)'"
    );
}
