//! The password manager's list of members against our people.

use crate::domain::{
    assignment::{Cause, State},
    locale::Locale,
    member::{Bucket, Listing, MemberStatus, TwoStep, Vendor},
};

texts! {
    title = "Passwort-Manager" | "Password manager";
    lead = "Die Mitgliederliste des Anbieters, verglichen mit unseren Personen." | "The vendor’s list of members, compared with our people.";
    none_title = "Noch keine Liste" | "No list yet";
    none_text = "Laden Sie die Mitgliederliste Ihres Passwort-Managers hoch. Sie ist der starke Nachweis, wer angemeldet ist. Ohne Liste bestätigen Sie Anmeldungen weiterhin von Hand." | "Upload your password manager’s list of members. It is the strong evidence of who is enrolled. Without a list you go on confirming enrolments by hand.";
    list_of(vendor: &str, file: &str, accounts: &str) = "{vendor}, {file}, {accounts}" | "{vendor}, {file}, {accounts}";
    applied_on(moment: &str, name: &str) = "Übernommen am {moment} von {name}" | "Taken over on {moment} by {name}";
    run_again = "Erneut abgleichen" | "Compare again";
    last_list = "Geltende Liste" | "List that counts";
    account = "Konto" | "account";
    accounts = "Konten" | "accounts";
    vendor_other = "Anderer Anbieter" | "Other vendor";
    unnamed = "ohne Dateinamen" | "without a file name";
    tiles = "Nach Stand filtern" | "Filter by state";

    bucket_enrolled = "Angemeldet" | "Enrolled";
    bucket_invited = "Nur eingeladen" | "Invited only";
    bucket_two_step = "Ohne Zwei-Schritt-Anmeldung" | "Without two-step login";
    bucket_unknown = "Bei uns unbekannt" | "Unknown to us";
    bucket_missing = "Nicht in der Liste" | "Not in the list";
    bucket_left = "Ausgeschieden, noch dabei" | "Left, still a member";
    bucket_set_aside = "Gehört nicht zu uns" | "Not one of ours";
    about_enrolled = "Konto aktiv, Zwei-Schritt-Anmeldung an: starker Nachweis." | "Account active, two-step login on: strong evidence.";
    about_invited = "Eingeladen ist noch nicht angemeldet. Der Punkt bleibt offen, bis das Konto aktiv ist." | "Invited is not enrolled. The item stays open until the account is active.";
    about_two_step = "Das Konto ist aktiv, aber die Zwei-Schritt-Anmeldung ist aus, oder die Liste sagt dazu nichts." | "The account is active, but two-step login is off, or the list does not say.";
    about_unknown = "Zu diesen Konten passt keine dienstliche oder private Adresse. Ordnen Sie sie zu, oder vermerken Sie, dass sie nicht zu uns gehören. Das wird für alle künftigen Listen gemerkt." | "No work or private address fits these accounts. Assign them, or note that they are not ours. That is remembered for all lists to come.";
    about_missing = "Personen, die schon angefangen haben, aber kein Konto in der Liste haben oder dort gesperrt sind. Wer erst noch anfängt, zählt nicht." | "People who have started but have no account in the list or are suspended there. People yet to start are not counted.";
    about_left = "Diese Personen sind ausgeschieden und können die Passwörter der Firma womöglich noch öffnen. Entfernen Sie die Konten beim Anbieter." | "These people have left and may still be able to open the company’s passwords. Remove the accounts at the vendor.";
    about_set_aside = "Von Hand vermerkt, zum Beispiel Konten für Dienste." | "Noted by hand, such as accounts for services.";
    set_aside_link(accounts: &str) = "{accounts} als fremd vermerkt" | "{accounts} noted as not ours";
    empty_title = "Niemand" | "Nobody";
    empty_text = "Hier steht gerade niemand." | "Nobody stands here right now.";
    column_who = "Wer" | "Who";
    column_list = "In der Liste" | "In the list";
    column_item = "Bei uns" | "On record";
    column_action = "Aktion" | "Action";
    not_in_list = "kein aktives Konto" | "no active account";
    ambiguous = "Die Adresse gehört zwei Personen: einer dienstlich, einer privat." | "The address belongs to two people: to one at work, to another in private.";
    said_by_hand = "von Hand zugeordnet" | "assigned by hand";
    nobody = "niemand von uns" | "none of ours";
    assign = "Zuordnen" | "Assign";
    change_assignment = "Zuordnung ändern" | "Change assignment";
    take_back = "Vermerk zurücknehmen" | "Take note back";
    confirm_by_hand = "Von Hand bestätigen" | "Confirm by hand";

    status_active = "aktiv" | "active";
    status_accepted = "Einladung angenommen, noch nicht freigeschaltet" | "invitation accepted, not let in yet";
    status_invited = "eingeladen" | "invited";
    status_revoked = "gesperrt" | "suspended";
    two_step_on = "Zwei-Schritt-Anmeldung an" | "two-step login on";
    two_step_enforced = "Zwei-Schritt-Anmeldung laut Richtlinie an" | "two-step login on by policy";
    two_step_unknown = "Zwei-Schritt-Anmeldung nicht genannt" | "two-step login not mentioned";
    two_step_off = "Zwei-Schritt-Anmeldung aus" | "two-step login off";

    strength_list = "Liste des Anbieters, starker Nachweis" | "vendor’s list, strong evidence";
    strength_hand = "von Hand bestätigt" | "confirmed by hand";
    strength_word = "eigene Angabe, schwacher Nachweis" | "their own word, weak evidence";
    open_invited = "Einladung noch nicht angenommen" | "invitation not accepted yet";
    open_accepted = "Konto beim Anbieter noch nicht freigeschaltet" | "account not let in by the vendor yet";
    open_off = "Zwei-Schritt-Anmeldung noch aus" | "two-step login still off";
    open_silent = "Konto aktiv, Zwei-Schritt-Anmeldung nicht belegt" | "account active, two-step login not proven";
    open_revoked = "Konto gesperrt" | "account suspended";
    lost = "nicht mehr in der Mitgliederliste" | "no longer in the list of members";
    by_list(reason: &str) = "Laut der Mitgliederliste des Anbieters: {reason}." | "By the vendor’s list of members: {reason}.";
    lost_off = "Zwei-Schritt-Anmeldung nicht mehr an" | "two-step login no longer on";

    upload_title = "Neue Liste" | "New list";
    upload_bitwarden = "„Mitglieder“ als CSV exportieren, oder die Antwort von /public/members (JSON)" | "Export “Members” as CSV, or the answer of /public/members (JSON)";
    upload_1password = "„Personen“ als CSV exportieren, oder „op user list“ als JSON" | "Export “People” as CSV, or “op user list” as JSON";
    upload_other = "Jede CSV-Datei; welche Spalte was enthält, fragen wir einmal." | "Any CSV file; we ask once which column holds what.";
    file = "Mitgliederliste" | "List of members";
    file_hint = "CSV oder JSON, höchstens 10\u{A0}MiB. Tresorinhalte gehören nie hierher." | "CSV or JSON, 10\u{A0}MiB at most. Vault contents never belong here.";
    upload_button = "Vorschau ansehen" | "Show preview";
    upload_reading = "Die Liste wird gelesen …" | "Reading the list …";

    preview_title = "Mitgliederliste prüfen" | "Check list of members";
    preview_other = "Andere Datei wählen" | "Choose another file";
    preview_lead = "Noch ist nichts übernommen." | "Nothing has been taken over yet.";
    preview_unreadable(file: &str) = "{file} kann nicht gelesen werden" | "{file} cannot be read";
    not_a_list = "Das ist weder eine CSV-Datei noch eine Mitgliederliste in JSON." | "This is neither a CSV file nor a list of members in JSON.";
    refused(lines: &str) = "{lines} mit Fehlern." | "{lines} with errors.";
    refused_text = "Wer in der Liste fehlt, gälte als nicht mehr angemeldet. Deshalb wird nichts übernommen, solange eine Zeile Fehler hat." | "Whoever is left out would seem to be enrolled no longer. So nothing is taken over as long as one line has errors.";
    column_line = "Zeile" | "Line";
    column_value = "Wert" | "Value";
    column_problem = "Was daran falsch ist" | "What is wrong with it";
    empty_value = "leer" | "empty";
    will_enrol = "Wird erledigt" | "Becomes done";
    will_prove = "Nachweis wird stärker" | "Evidence gets stronger";
    will_reopen = "Wird wieder offen" | "Opens again";
    will_stay = "Unverändert" | "Unchanged";
    column_change = "Was passiert" | "What happens";
    reopen_warning(people: &str) = "Laut einer früheren Liste angemeldet, laut dieser nicht mehr: {people}. Der Punkt wird wieder offen, mit einer Woche Frist. Prüfen Sie, ob die Datei vollständig ist." | "Enrolled by an earlier list, but no longer by this one: {people}. The item opens again, due in a week. Check that the file is complete.";
    nothing = "Nichts zu tun." | "Nothing to do.";
    nothing_text = "Diese Liste gilt schon, und bei niemandem ändert sich etwas." | "This list counts already, and nothing changes for anybody.";
    no_moves = "Bei niemandem ändert sich etwas. Wenn Sie die Liste übernehmen, gilt sie als der neueste Stand." | "Nothing changes for anybody. If you take the list over, it counts as the newest state.";
    rows_hidden(people: &str) = "Hier nicht gezeigt: {people}." | "Not shown here: {people}.";
    apply = "Liste übernehmen" | "Take the list over";
    own_item = "Ihr eigener Punkt bleibt, wie er ist, solange jemand anderes ihn abgleichen kann." | "Your own item stays as it is while somebody else can compare it.";
    apply_summary(enrolled: usize, proven: usize, reopened: usize) = "{enrolled} erledigt, {proven} stärker belegt, {reopened} wieder offen." | "{enrolled} done, {proven} with stronger evidence, {reopened} open again.";
    enforced(accounts: &str) = "Zu {accounts} sagt die Liste nichts über die Zwei-Schritt-Anmeldung. Unser Passwort-Manager verlangt sie von allen; dafür stehe ich mit meinem Namen. Diese Konten gelten dann auch als angemeldet." | "For {accounts} the list says nothing about two-step login. Our password manager demands it of everyone, for which I stand by name. These accounts then count as enrolled too.";

    map_title = "Spalten zuordnen" | "Say what the columns hold";
    map_lead = "Diese Liste kennen wir noch nicht. Ihre Antworten gelten auch für die nächste Liste mit denselben Spalten." | "We do not know this list yet. Your answers also hold for the next list with the same columns.";
    map_sample = "Die ersten Zeilen der Datei" | "The first lines of the file";
    map_vendor = "Anbieter" | "Vendor";
    map_email = "E-Mail-Adresse" | "E-mail address";
    map_status = "Stand des Kontos" | "State of the account";
    map_two_step = "Zwei-Schritt-Anmeldung" | "Two-step login";
    map_choose = "Bitte wählen" | "Please choose";
    map_all_active = "Alle in der Liste sind aktiv" | "Everyone in the list is active";
    map_not_said = "Steht nicht in der Datei" | "Not in the file";
    map_column(n: usize) = "Spalte {n}" | "Column {n}";
    map_next = "Weiter" | "Next";
    map_values = "Was die Werte bedeuten" | "What the values mean";
    map_status_of(value: &str) = "Stand „{value}“" | "State “{value}”";
    map_two_step_of(value: &str) = "Zwei-Schritt-Anmeldung „{value}“" | "Two-step login “{value}”";
    map_too_many = "In der Spalte stehen zu viele verschiedene Werte. Wählen Sie oben eine andere." | "The column holds too many different values. Choose another one above.";
    map_save = "Liste lesen" | "Read the list";

    match_title = "Wem gehört dieses Konto?" | "Whose account is this?";
    match_lead = "Ihre Antwort wird für alle künftigen Listen gemerkt. Was die Liste über das Konto sagt, gilt sofort." | "Your answer is remembered for all lists to come. What the list says about the account holds at once.";
    match_search = "Person suchen" | "Find a person";
    match_button = "Suchen" | "Search";
    match_hint = "Name, Abteilung oder dienstliche E-Mail" | "Name, department or work e-mail";
    match_people = "Person" | "Person";
    match_none = "Niemand gefunden. Suchen Sie mit anderen Worten." | "Nobody found. Search with other words.";
    match_assign = "Diese Person zuordnen" | "Assign this person";
    match_aside_title = "Niemand von uns?" | "None of ours?";
    match_aside_text = "Zum Beispiel ein Konto für einen Dienst oder einen Dienstleister." | "For example an account for a service or a supplier.";
    match_aside = "Gehört nicht zu uns" | "Not one of ours";
    match_undo_title = "Von Hand zugeordnet" | "Assigned by hand";
    match_undo = "Zuordnung zurücknehmen" | "Take assignment back";

    said_applied(enrolled: usize, proven: usize, reopened: usize) = "Übernommen: {enrolled} erledigt, {proven} stärker belegt, {reopened} wieder offen." | "Taken over: {enrolled} done, {proven} with stronger evidence, {reopened} open again.";
    own_stays = "Ihr eigener Punkt bleibt: Jemand anderes gleicht ihn ab." | "Your own item stays: somebody else compares it.";
    said_assigned = "Das Konto ist zugeordnet." | "The account is assigned.";
    said_set_aside = "Vermerkt: Das Konto gehört nicht zu uns." | "Noted: the account is not ours.";
    said_forgotten = "Die Zuordnung ist zurückgenommen." | "The assignment is taken back.";
}

/// The vendor's name.
pub const fn vendor(locale: Locale, vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::Bitwarden => "Bitwarden",
        Vendor::OnePassword => "1Password",
        Vendor::Other => vendor_other(locale),
    }
}

/// `1 Konto`, `46 accounts`.
pub fn count(locale: Locale, n: usize) -> String {
    crate::ui::words::count(i64::try_from(n).unwrap_or(i64::MAX), account(locale), accounts(locale))
}

/// What taking a list over did.
pub fn applied(locale: Locale, enrolled: usize, proven: usize, reopened: usize, own_stays: bool) -> String {
    let said = said_applied(locale, enrolled, proven, reopened);
    if own_stays { format!("{said} {}", self::own_stays(locale)) } else { said }
}

/// A bucket's name and what it means.
pub const fn bucket(locale: Locale, bucket: Bucket) -> (&'static str, &'static str) {
    match bucket {
        Bucket::Enrolled => (bucket_enrolled(locale), about_enrolled(locale)),
        Bucket::Invited => (bucket_invited(locale), about_invited(locale)),
        Bucket::TwoStep => (bucket_two_step(locale), about_two_step(locale)),
        Bucket::Unknown => (bucket_unknown(locale), about_unknown(locale)),
        Bucket::Missing => (bucket_missing(locale), about_missing(locale)),
        Bucket::Left => (bucket_left(locale), about_left(locale)),
        Bucket::SetAside => (bucket_set_aside(locale), about_set_aside(locale)),
    }
}

pub const fn status(locale: Locale, status: MemberStatus) -> &'static str {
    match status {
        MemberStatus::Active => status_active(locale),
        MemberStatus::Accepted => status_accepted(locale),
        MemberStatus::Invited => status_invited(locale),
        MemberStatus::Revoked => status_revoked(locale),
    }
}

pub const fn two_step(locale: Locale, two_step: TwoStep) -> &'static str {
    match two_step {
        TwoStep::On => two_step_on(locale),
        TwoStep::Enforced => two_step_enforced(locale),
        TwoStep::Unknown => two_step_unknown(locale),
        TwoStep::Off => two_step_off(locale),
    }
}

/// What the vendor's list says about an account. Two-step login matters to active ones only.
pub fn listing(locale: Locale, listing: Listing) -> String {
    let word = status(locale, listing.status);
    match listing.status {
        MemberStatus::Active => format!("{word}, {}", two_step(locale, listing.two_step)),
        _ => word.to_owned(),
    }
}

/// How strong the evidence of an enrolment is; none where there is none.
pub const fn strength(locale: Locale, state: State, on_vendor_list: bool) -> Option<&'static str> {
    match state {
        State::Done { .. } if on_vendor_list => Some(strength_list(locale)),
        State::Done { .. } => Some(strength_hand(locale)),
        State::Waiting { .. } => Some(strength_word(locale)),
        _ => None,
    }
}

/// Why an enrolment is still open, as far as the vendor's list tells.
pub const fn open_reason(locale: Locale, cause: Cause, listing: Option<Listing>) -> Option<&'static str> {
    let returns = matches!(cause, Cause::LeftList);
    match listing {
        None if returns => Some(lost(locale)),
        None => None,
        Some(listing) => match (listing.status, listing.two_step) {
            (MemberStatus::Active, TwoStep::Off) if returns => Some(lost_off(locale)),
            (MemberStatus::Active, TwoStep::Off) => Some(open_off(locale)),
            (MemberStatus::Active, TwoStep::Unknown) => Some(open_silent(locale)),
            (MemberStatus::Active, TwoStep::On | TwoStep::Enforced) => None,
            (MemberStatus::Accepted, _) => Some(open_accepted(locale)),
            (MemberStatus::Invited, _) => Some(open_invited(locale)),
            (MemberStatus::Revoked, _) => Some(open_revoked(locale)),
        },
    }
}
