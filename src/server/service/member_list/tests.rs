use super::*;
use encoding_rs::WINDOWS_1252;
use proptest::prelude::*;
use serde_json::json;

const BITWARDEN_MEMBERS: &str = "Email,Name,Status,Role,Two-step Login,Account Recovery,Secrets Manager,Groups\r\n\
    anna@firma.example,Anna Muster,Confirmed,User,Enabled,Enrolled,Disabled,\"Entwicklung, Alle\"\r\n\
    ben@firma.example,,Invited,User,Disabled,Not Enrolled,Disabled,\r\n\
    cem@firma.example,Cem Kaya,Accepted,User,Disabled,Not Enrolled,Disabled,\r\n\
    dora@firma.example,\"Dora \"\"D\"\" Weiß\",Revoked,User,Enabled,Not Enrolled,Disabled,\r\n";

fn sheet(file: impl AsRef<[u8]>) -> Sheet {
    match open(file.as_ref()) {
        Ok(Opened::Sheet(sheet)) => sheet,
        other => panic!("{other:?}"),
    }
}

/// A CSV file without a word from anybody.
fn read(file: impl AsRef<[u8]>) -> Reading {
    let sheet = sheet(file);
    sheet.read(&sheet.guess(""))
}

fn members(reading: Reading) -> Vec<(i64, String, MemberStatus, TwoStep)> {
    let Reading::Members(_, members) = reading else { panic!("{reading:?}") };
    let short = |member: Member| (member.line, member.email.as_str().to_owned(), member.listing.status, member.listing.two_step);
    members.into_iter().map(short).collect()
}

fn json(file: &serde_json::Value) -> Reading {
    match open(file.to_string().as_bytes()) {
        Ok(Opened::Json(json)) => json.read(),
        other => panic!("{other:?}"),
    }
}

fn problems(reading: Reading) -> Vec<(i64, String, Problem)> {
    let Reading::Refused(problems) = reading else { panic!("{reading:?}") };
    problems
        .into_iter()
        .map(|problem| (problem.line, problem.value, problem.problem.problem))
        .collect()
}

#[test]
fn bitwardens_export_of_members_is_read_without_a_question() {
    use MemberStatus::{Accepted, Active, Invited, Revoked};
    let expected = [
        (2, "anna@firma.example".to_owned(), Active, TwoStep::On),
        (3, "ben@firma.example".to_owned(), Invited, TwoStep::Off),
        (4, "cem@firma.example".to_owned(), Accepted, TwoStep::Off),
        (5, "dora@firma.example".to_owned(), Revoked, TwoStep::On),
    ];
    let sheet = sheet(BITWARDEN_MEMBERS);
    assert_eq!(sheet.guess("").vendor, Vendor::Bitwarden);
    let Reading::Members(_, read) = sheet.read(&sheet.guess("")) else { panic!() };
    assert_eq!((read[3].name.as_str(), read[1].name.as_str()), ("Dora \"D\" Weiß", ""));
    assert_eq!(members(sheet.read(&sheet.guess(""))), expected);
}

#[test]
fn an_interface_in_german_exports_in_german() {
    let file = "E-Mail;Name;Status;Rolle;Zwei-Faktor-Authentifizierung;Kontowiederherstellung\n\
        anna@firma.example;Anna;Bestätigt;Benutzer;Aktiviert;Registriert\nben@firma.example;;Eingeladen;Benutzer;Deaktiviert;\n";
    let expected = [
        (2, "anna@firma.example".to_owned(), MemberStatus::Active, TwoStep::On),
        (3, "ben@firma.example".to_owned(), MemberStatus::Invited, TwoStep::Off),
    ];
    let encodings = [
        file.as_bytes().to_vec(),
        format!("\u{FEFF}{file}").into_bytes(),
        WINDOWS_1252.encode(file).0.into_owned(),
        [0xFF, 0xFE]
            .into_iter()
            .chain(file.replace(';', "\t").encode_utf16().flat_map(u16::to_le_bytes))
            .collect(),
    ];
    for bytes in encodings {
        assert_eq!(members(read(&bytes)), expected);
    }
}

#[test]
fn bitwardens_report_of_access_names_everyone_once_per_collection() {
    let header = "Email,Name,Two-Step Login,Account Recovery,Group,Collection,Collection Permission,Total Items\n";
    let rows =
        "a@x.example,A,On,Enabled,No Group,One,Can edit,3\na@x.example,A,On,Enabled,Team,Two,Can view,1\nb@x.example,B,Off,Disabled,Team,Two,Can view,1\n";
    let expected = [
        (2, "a@x.example".to_owned(), MemberStatus::Active, TwoStep::On),
        (4, "b@x.example".to_owned(), MemberStatus::Active, TwoStep::Off),
    ];
    assert_eq!(members(read(header.to_owned() + rows)), expected);
    let contradiction = rows.replace("A,On,Enabled,Team", "A,Off,Enabled,Team");
    assert_eq!(
        problems(read(header.to_owned() + &contradiction)),
        [(3, "a@x.example".to_owned(), Problem::EmailRepeated(2))]
    );
}

#[test]
fn bitwardens_public_api_and_command_line() {
    let data = json!([
        { "object": "member", "id": "1", "userId": "2", "name": "Anna", "email": "ANNA@firma.example", "twoFactorEnabled": true, "status": 2, "ssoExternalId": null },
        { "object": "member", "id": "3", "userId": null, "name": null, "email": "ben@firma.example", "twoFactorEnabled": false, "status": 0 },
        { "object": "member", "email": "cem@firma.example", "twoFactorEnabled": false, "status": 1 },
        { "object": "member", "email": "dora@firma.example", "twoFactorEnabled": true, "status": -1 }
    ]);
    let wrapped = json!({ "object": "list", "data": data, "continuationToken": null });
    for file in [data.clone(), wrapped.clone(), json!({ "success": true, "data": wrapped })] {
        let reading = json(&file);
        assert!(matches!(reading, Reading::Members(Vendor::Bitwarden, _)));
        let statuses: Vec<_> = members(reading)
            .into_iter()
            .map(|(line, email, status, two_step)| (line, email.chars().next().unwrap(), status, two_step))
            .collect();
        let expected = [
            (1, 'a', MemberStatus::Active, TwoStep::On),
            (2, 'b', MemberStatus::Invited, TwoStep::Off),
            (3, 'c', MemberStatus::Accepted, TwoStep::Off),
            (4, 'd', MemberStatus::Revoked, TwoStep::On),
        ];
        assert_eq!(statuses, expected);
    }
}

#[test]
fn one_passwords_command_line_says_nothing_about_two_step_login() {
    let file = json!([
        { "id": "A", "name": "Anna", "email": "anna@firma.example", "type": "MEMBER", "state": "ACTIVE" },
        { "id": "B", "name": "Ben", "email": "ben@firma.example", "type": "MEMBER", "state": "TRANSFER_STARTED" },
        { "id": "C", "name": "Cem", "email": "cem@firma.example", "type": "GUEST", "state": "SUSPENDED" }
    ]);
    let reading = json(&file);
    assert!(matches!(reading, Reading::Members(Vendor::OnePassword, _)));
    let statuses: Vec<_> = members(reading).into_iter().map(|(_, _, status, two_step)| (status, two_step)).collect();
    let unknown = TwoStep::Unknown;
    assert_eq!(
        statuses,
        [
            (MemberStatus::Active, unknown),
            (MemberStatus::Invited, unknown),
            (MemberStatus::Revoked, unknown)
        ]
    );
}

#[test]
fn one_passwords_people_as_csv() {
    let file = "Name,Email,Status,Two-factor authentication\nAnna,anna@firma.example,Active,Yes\nBen,ben@firma.example,Suspended,No\n";
    let sheet = sheet(file);
    assert_eq!(sheet.guess("1Password People.csv").vendor, Vendor::OnePassword);
    assert_eq!(members(read(file))[1].2, MemberStatus::Revoked);
}

#[test]
fn columns_and_values_nobody_knows_are_asked_for_and_then_taken_as_said() {
    let file = "Konto;Wer;Stufe;Faktor\nanna@x.example;Anna;A1;Schlüssel\nben@x.example;Ben;A2;\n";
    let sheet = sheet(file);
    let guess = sheet.guess("liste.csv");
    assert_eq!((guess.vendor, guess.email, guess.status), (Vendor::Other, None, None));
    assert_eq!(sheet.read(&guess), Reading::Unmapped);
    assert_eq!(sheet.values(2).unwrap().iter().collect::<Vec<_>>(), ["A1", "A2"]);
    let columns = Mapping {
        email: Some(0),
        name: Some(1),
        status: Some(2),
        two_step: Some(3),
        ..guess
    };
    assert_eq!(sheet.read(&columns), Reading::Unmapped, "A1 is no word for anything");
    let mapping = Mapping {
        statuses: [("A1".to_owned(), MemberStatus::Active), ("A2".to_owned(), MemberStatus::Invited)].into(),
        two_steps: [("Schlüssel".to_owned(), TwoStep::On)].into(),
        ..columns
    };
    let expected = [
        (2, "anna@x.example".to_owned(), MemberStatus::Active, TwoStep::On),
        (3, "ben@x.example".to_owned(), MemberStatus::Invited, TwoStep::Unknown),
    ];
    assert_eq!(members(sheet.read(&mapping)), expected);
    assert_eq!(serde_json::from_str::<Mapping>(&serde_json::to_string(&mapping).unwrap()).unwrap(), mapping);
}

#[test]
fn addresses_alone_say_nothing_until_somebody_vouches_for_them() {
    let sheet = sheet("Email\nanna@x.example\n");
    let guess = sheet.guess("");
    assert_eq!(sheet.read(&guess), Reading::Unmapped);
    let vouched = Mapping { all_active: true, ..guess };
    assert_eq!(members(sheet.read(&vouched))[0].2, MemberStatus::Active);
}

#[test]
fn a_number_of_an_unknown_vendor_means_nothing_until_somebody_says_what() {
    for row in [
        "2,yes",
        "1,yes",
        "0,yes",
        "-1,yes",
        "-active,yes",
        "active,1",
        "active,0",
        "active,-1",
        "active,\u{2212}1",
    ] {
        assert_eq!(read(format!("email,status,mfa\na@x.example,{row}\n")), Reading::Unmapped, "{row}");
    }
    let sheet = sheet("email,status,mfa\na@x.example,2,1\nb@x.example,-1,-\n");
    let mapping = Mapping {
        statuses: [("2".to_owned(), MemberStatus::Invited), ("-1".to_owned(), MemberStatus::Revoked)].into(),
        two_steps: [("1".to_owned(), TwoStep::Off)].into(),
        ..sheet.guess("")
    };
    let expected = [
        (2, "a@x.example".to_owned(), MemberStatus::Invited, TwoStep::Off),
        (3, "b@x.example".to_owned(), MemberStatus::Revoked, TwoStep::Unknown),
    ];
    assert_eq!(members(sheet.read(&mapping)), expected);
}

#[test]
fn only_bitwardens_own_members_have_numbers_for_a_status() {
    let cases = [
        json!({ "email": "a@x.example", "status": 2 }),
        json!({ "email": "a@x.example", "state": 1 }),
        json!({ "object": "member", "email": "a@x.example", "status": "-1" }),
        json!({ "object": "member", "email": "a@x.example", "status": "1" }),
        json!({ "object": "member", "email": "a@x.example", "status": -2 }),
    ];
    for row in cases {
        let read = problems(json(&json!([row.clone()])));
        assert!(matches!(&read[..], [(1, _, Problem::NotAMemberStatus)]), "{row}: {read:?}");
    }
    let words = json!([{ "email": "a@x.example", "status": "active" }]);
    assert!(matches!(json(&words), Reading::Members(Vendor::Other, _)), "who made it is not known");
    let command_line = json!([{ "object": "org-member", "email": "a@x.example", "status": -1, "type": 2, "twoFactorEnabled": true }]);
    assert_eq!(members(json(&command_line))[0].2, MemberStatus::Revoked);
}

#[test]
fn exports_of_a_vault_are_known_by_their_columns_and_never_opened() {
    let vaults = [
        "folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp\n,,login,Bank,,,0,,anna,geheim,\n",
        "Title,Url,Username,Password,OTPAuth\nBank,,anna,geheim,\n",
        "E-Mail;Status;Passwort\na@x.example;aktiv;geheim\n",
        "Email\tStatus\tKennwort\n",
        "Email,Status,TOTP secret\na@x.example,active\n",
        r#"{"encrypted":false,"items":[{"name":"Bank","login":{"username":"anna","password":"geheim","totp":null}}]}"#,
        r#"[{"object":"item","login":{"password" : "geheim""#,
    ];
    for vault in vaults {
        assert!(holds_passwords(vault.as_bytes()), "{vault}");
        assert_eq!(open(vault.as_bytes()), Err(FileProblem::NotAList), "{vault}");
    }
    let utf_16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(vaults[2].encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert!(holds_passwords(&utf_16));
}

#[test]
fn columns_about_two_step_login_are_no_secrets() {
    for name in [
        "Two-step Login",
        "Two-factor",
        "mfa",
        "TOTP",
        "totp enabled",
        "Password last changed",
        "Account Recovery",
    ] {
        let file = format!("Email,Status,{name}\na@x.example,password,\n");
        assert!(!holds_passwords(file.as_bytes()), "{name}");
        assert!(matches!(open(file.as_bytes()), Ok(Opened::Sheet(_))), "{name}");
    }
    let member = json!([{ "object": "member", "email": "a@x.example", "name": "password", "status": 2, "resetPasswordEnrolled": true }]);
    assert!(!holds_passwords(member.to_string().as_bytes()) && members(json(&member)).len() == 1);
}

#[test]
fn headers_differ_by_their_words_and_order() {
    let of = |header: &str| sheet(format!("{header}\n1;2")).fingerprint();
    assert_eq!(of("a;b"), of("a;b"));
    assert!(of("a;b") != of("b;a") && of("a;b") != of("a;bc"));
}

#[test]
fn every_bad_line_is_named_with_its_value() {
    let file = "Email,Status\nanna,Active\n,Active\nben@x.example,Invited\nBEN@x.example,Active\n";
    let expected = [
        (2, "anna".to_owned(), Problem::NotAnEmail),
        (3, String::new(), Problem::Required),
        (5, "ben@x.example".to_owned(), Problem::EmailRepeated(4)),
    ];
    assert_eq!(problems(read(file)), expected);
    let file = json!([
        { "object": "member", "email": "a@x.example", "status": 7 },
        { "object": "member", "email": "b@x.example" },
        { "object": "member", "email": null, "status": 2 }
    ]);
    let expected = [
        (1, "7".to_owned(), Problem::NotAMemberStatus),
        (2, String::new(), Problem::Required),
        (3, String::new(), Problem::Required),
    ];
    assert_eq!(problems(json(&file)), expected);
}

#[test]
fn what_is_no_list_says_so() {
    let cases: [(&[u8], FileProblem); 9] = [
        (b"", FileProblem::Empty),
        (b" \n ", FileProblem::Empty),
        (b"[]", FileProblem::NoRows),
        (b"{\"object\":\"list\",\"data\":[]}", FileProblem::NoRows),
        (b"{\"email\":1}", FileProblem::NotAList),
        (b"[[[[", FileProblem::NotAList),
        (b"PK\x03\x04", FileProblem::NotAList),
        (b"Email,Status\n", FileProblem::NoRows),
        (
            b"Email,Status\na@x.example\n",
            FileProblem::UnevenRow {
                line: 2,
                expected: 2,
                found: 1,
            },
        ),
    ];
    for (file, expected) in cases {
        assert_eq!(open(file), Err(expected), "{}", String::from_utf8_lossy(file));
    }
    assert_eq!(open(b"Email,Status\n\"a@x.example,Active\n"), Err(FileProblem::Unreadable { line: 2 }));
    assert_eq!(open(&vec![b' '; MAX_BYTES + 1]), Err(FileProblem::TooLarge(MAX_BYTES + 1)));
}

#[test]
fn the_limits_are_the_last_sizes_allowed() {
    let row = "a@x.example,active\n";
    let full = format!("Email,Status\n{}", row.repeat(MAX_ROWS));
    assert_eq!(members(read(&full)).len(), 1);
    assert_eq!(open((full + row).as_bytes()), Err(FileProblem::TooManyRows(MAX_ROWS + 1)));
    let values: Vec<_> = (0..=MAX_VALUES).map(|n| format!("a{n}@x.example,s{n}")).collect();
    assert_eq!(sheet(format!("Email,Status\n{}", values.join("\n"))).values(1), None);
}

#[test]
fn members_beyond_the_limit_are_counted_and_not_kept() {
    let list = |count: usize| {
        format!(
            "{{\"success\":true,\"data\":{{\"data\":[{}]}}}}",
            vec![r#"{"email":"a@x.example","status":"active"}"#; count].join(",")
        )
    };
    assert!(matches!(open(list(MAX_ROWS).as_bytes()), Ok(Opened::Json(json)) if json.members.len() == MAX_ROWS));
    assert_eq!(open(list(MAX_ROWS + 2).as_bytes()), Err(FileProblem::TooManyRows(MAX_ROWS + 2)));
    let json: Json = serde_json::from_str(&list(MAX_ROWS + 2)).unwrap();
    assert_eq!((json.members.len(), json.found), (MAX_ROWS, MAX_ROWS + 2));
    for odd in [
        r#"[{"email":"a@x.example","status":[1,2,3]}]"#,
        r#"[{"email":"a@x.example","status":18446744073709551615}]"#,
        r#"{"data":[],"data":[]}"#,
        r#"{"list":[]}"#,
        "[{}] [{}]",
    ] {
        assert_eq!(open(odd.as_bytes()), Err(FileProblem::NotAList), "{odd}");
    }
    assert_eq!(open(("{\"data\":".repeat(100_000) + "[]").as_bytes()), Err(FileProblem::NotAList));
}

/// `with_cases` alone would overrule the environment.
fn cases() -> ProptestConfig {
    ProptestConfig::with_cases(std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(1_000))
}

/// Whatever comes out is one line per address, in order.
fn check(file: &[u8]) -> Result<(), TestCaseError> {
    let reading = match open(file) {
        Ok(Opened::Json(json)) => json.read(),
        Ok(Opened::Sheet(sheet)) => {
            let _ = sheet.values(0);
            sheet.read(&Mapping {
                all_active: true,
                ..sheet.guess("")
            })
        }
        Err(_) => return Ok(()),
    };
    if let Reading::Members(_, members) = reading {
        let addresses: BTreeSet<_> = members.iter().map(|member| member.email.as_str()).collect();
        prop_assert_eq!(addresses.len(), members.len());
        prop_assert!(members.windows(2).all(|pair| pair[0].line < pair[1].line));
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn no_bytes_whatsoever_make_it_panic(start in 0_usize..5, bytes in prop::collection::vec(any::<u8>(), 0..800)) {
        let start = [b"".as_slice(), b"[{\"email\":\"", b"{\"data\":[", b"\xFF\xFE", b"Email,Status\n"][start];
        check(&[start, &bytes].concat())?;
    }

    #[test]
    fn whatever_stands_below_a_header_is_read_once_per_address(rows in "(a@x.example|b@y.example|[ab@.\"é;]{0,4}|)(,|;)(active|invited|2|[x\"\n]{0,3})\n{1,2}") {
        check(format!("Email,Status\n{rows}{rows}").as_bytes())?;
    }
}
