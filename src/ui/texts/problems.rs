//! What went wrong and what was done, in the reader's words.

use crate::{
    api::{done::Said, error::ApiError},
    domain::{
        locale::Locale,
        problem::{Conflict, Problem},
    },
    server::service::people_file::{Column, FileProblem},
    ui::words::count,
};

texts! {
    required = "Bitte ausfüllen." | "Please fill this in.";
    not_an_email = "Das ist keine vollständige E-Mail-Adresse, etwa name@beispiel.de. Umlaute und andere Schriften kommen in ihr nicht vor; eine Domain mit solchen schreiben Sie als xn--…" | "This is not a complete e-mail address, such as name@example.com. It has no accents and no other scripts; write a domain with such letters as xn--…";
    not_a_date = "Dieses Datum gibt es nicht. Richtig ist zum Beispiel 2026-12-01 oder 01.12.2026." | "This date does not exist. Right is, for example, 2026-12-01 or 01.12.2026.";
    not_a_country = "Das ist kein Ländercode. Richtig sind zwei Buchstaben, etwa DE, AT, CH, US." | "This is not a country code. Right are two letters, such as DE, AT, CH, US.";
    not_a_time_zone = "Diese Zeitzone gibt es nicht. Richtig ist zum Beispiel Europe/Berlin." | "This time zone does not exist. Right is, for example, Europe/Berlin.";
    not_a_kind = "Bitte „employee“ (angestellt) oder „contractor“ (extern) angeben." | "Please say “employee” or “contractor”.";
    not_a_language = "Bitte Deutsch oder Englisch wählen." | "Please choose German or English.";
    not_an_outcome = "Bitte ein Ergebnis wählen." | "Please choose an outcome.";
    email_taken = "Diese Adresse gehört schon einer anderen Person." | "This address belongs to another person already.";
    has_left = "Diese Person ist ausgeschieden. Tragen Sie einen Wiedereintritt auf ihrer Seite ein, bevor Sie sie importieren." | "This person has left. Record their return on their page before you import them.";
    unknown_manager = "Zu dieser Adresse ist niemand bekannt. Legen Sie die Führungskraft zuerst an oder lassen Sie das Feld leer." | "Nobody is known by this address. Add the manager first, or leave the field empty.";
    own_manager = "Niemand ist die eigene Führungskraft." | "Nobody is their own manager.";
    not_within_two_years = "Wählen Sie einen Tag von heute an und höchstens zwei Jahre voraus." | "Choose a day from today on, at most two years ahead.";
    needs_second_person = "Darüber entscheidet jemand anderes: nicht, wer es beantragt hat, und nicht, wen es betrifft." | "Somebody else decides this: neither whoever asked for it nor the person it is about.";
    not_within_three_years = "Wählen Sie einen Tag höchstens drei Jahre nach dem Ergebnis." | "Choose a day at most three years after the outcome.";
    in_the_future = "Dieses Datum liegt in der Zukunft." | "This date is in the future.";
    too_early = "Dieses Datum ist zu früh." | "This date is too early.";
    wrong_password = "Das ist nicht Ihr jetziges Passwort." | "This is not your present password.";
    password_common = "Das ist ein häufiges Passwort oder ein einzelnes Wort mit etwas Beiwerk. Nehmen Sie vier oder fünf zufällige Wörter." | "This is a common password or a single word with trimmings. Take four or five random words.";
    password_names_owner = "Das ist kaum mehr als Ihr Name, Ihre Adresse oder der Name des Unternehmens. Nehmen Sie Wörter, die nichts mit Ihnen zu tun haben." | "This is little more than your name, your address or the company’s name. Take words that have nothing to do with you.";
    password_guessable = "Das ist zu leicht zu erraten. Hängen Sie zwei oder drei zufällige Wörter an; Wiederholungen, Jahreszahlen und Tastenfolgen helfen nicht." | "This is too easy to guess. Add two or three random words; repetitions, years and rows of keys do not help.";
    passwords_differ = "Die beiden Passwörter stimmen nicht überein." | "The two passwords differ.";
    consent_missing = "Bitte bestätigen Sie den Satz mit dem Häkchen." | "Please confirm the sentence by ticking the box.";
    unanswered = "Bitte wählen Sie eine Antwort." | "Please choose an answer.";
    not_a_number = "Bitte eine ganze Zahl eingeben, zum Beispiel 10." | "Please enter a whole number, such as 10.";
    not_an_image = "Das ist kein vollständiges PNG- oder JPEG-Bild bis 6\u{A0}000 Bildpunkte Kantenlänge. Speichern Sie das Bild neu und versuchen Sie es noch einmal." | "This is not a complete PNG or JPEG image of up to 6,000 pixels a side. Save the image anew and try again.";
    image_too_large(max: usize) = "Das Bild ist zu groß: höchstens {max}\u{A0}MiB." | "The image is too large: {max}\u{A0}MiB at most.";
    course_too_large(max: usize) = "Die Datei ist zu groß: höchstens {max}\u{A0}MiB." | "The file is too large: {max}\u{A0}MiB at most.";
    not_a_member_status = "Das ist kein Stand, den ein Konto haben kann. Wählen Sie eine Spalte mit wenigen verschiedenen Werten." | "This is no state that an account can have. Choose a column with few different values.";
    control_characters = "Das Feld enthält unsichtbare Steuerzeichen. Bitte tippen Sie den Text neu." | "The field contains invisible control characters. Please type the text again.";
    not_chosen = "Bitte wählen." | "Please choose.";
    not_a_choice = "Bitte eine der angebotenen Möglichkeiten wählen." | "Please choose one of what is offered.";
    looks_personal = "Das sieht nach einer E-Mail-Adresse, Ausweis- oder Aktennummer aus. So etwas gehört nicht hierher." | "This looks like an e-mail address or the number of a document or file. Nothing of the kind belongs here.";
    nothing_to_consent_to = "Eine Einwilligung braucht mindestens eine Möglichkeit, bei der ein Dienstleister gefragt wird." | "Consent needs at least one choice by which a provider is asked.";
    country_taken = "Für dieses Land gibt es schon ein Profil." | "There is a profile for this country already.";
    not_within(least: u16, most: u16) = "Bitte eine ganze Zahl von {least} bis {most} angeben." | "Please give a whole number from {least} to {most}.";
    no_criterion = "Bitte nennen Sie mindestens ein Merkmal. Für alle anderen gibt es die Standardvorlage." | "Please name at least one criterion. Everyone else has the default template.";
    not_a_drawing = "Die Zeichnung ist zu groß oder kam beschädigt an. Zeichnen Sie neu, oder lassen Sie das Feld leer: Ihr Name genügt." | "The drawing is too large or arrived damaged. Draw again, or leave the field empty: your name is enough.";
    scan_missing = "Für eine rückwirkend erfasste Unterschrift ist der Scan nötig." | "A signature that is recorded after the fact needs its scan.";
    not_a_scan = "Das ist weder PDF noch PNG noch JPEG. Speichern Sie den Scan in einem dieser Formate." | "This is neither PDF nor PNG nor JPEG. Save the scan in one of these formats.";
    damaged = "Diese Datei ist beschädigt oder unvollständig. Bitte scannen Sie noch einmal." | "This file is damaged or incomplete. Please scan again.";
    more_than_a_scan = "Diese Datei enthält mehr als einen Scan, etwa ein Programm oder angehängte Dateien. Bitte scannen Sie das Papier neu." | "This file holds more than a scan, such as a program or attached files. Please scan the paper again.";
    too_many_bytes(max: usize) = "Die Datei ist zu groß: höchstens {max}\u{A0}MiB. Scannen Sie mit geringerer Auflösung." | "The file is too large: {max}\u{A0}MiB at most. Scan at a lower resolution.";
    unknown_placeholder(found: &str) = "Diesen Platzhalter füllt niemand aus: {found}" | "Nobody fills in this placeholder: {found}";
    placeholder_in_policy = "Eine Richtlinie lautet für alle gleich; Platzhalter gibt es nur in NDA-Texten." | "A policy reads the same for everybody; only NDA texts have placeholders.";
    holds_passwords = "Das ist ein Export mit Passwörtern, von dem nichts gespeichert wurde; exportieren Sie stattdessen die Mitgliederliste („Mitglieder“ in Bitwarden, „Personen“ in 1Password)." | "This is an export with passwords, of which nothing was stored; export the list of members instead (“Members” in Bitwarden, “People” in 1Password).";
    too_long(max: usize) = "Das ist zu lang: höchstens {max} Zeichen." | "This is too long: {max} characters at most.";
    too_short(min: usize) = "Das ist zu kurz: mindestens {min} Zeichen." | "This is too short: {min} characters at least.";
    file_too_large(max: usize) = "Die Datei ist zu groß: höchstens {max} MiB. Teilen Sie die Liste auf." | "The file is too large: {max} MiB at most. Split the list.";
    email_repeated(line: u64) = "Diese Adresse steht schon in Zeile {line}." | "This address stands in line {line} already.";

    already_done = "Das war schon erledigt; es hat sich nichts geändert." | "That was done already; nothing has changed.";
    ended = "Dieser Punkt ist beendet und nimmt nichts mehr an." | "This item has ended and takes nothing any more.";
    newer_version = "Der Text hat sich inzwischen geändert: eine neue Fassung, oder ein anderer Name oder ein anderes Datum darin. Bitte lesen Sie ihn noch einmal; er steht jetzt hier." | "The text has changed meanwhile: a new version, or another name or date in it. Please read it once more; it stands here now.";
    not_yet = "Dafür fehlt noch der Schritt davor. Laden Sie die Seite neu, um den Stand zu sehen." | "The step before this one is missing. Reload the page to see how things stand.";
    link_used = "Dieser Link wurde schon benutzt." | "This link was used before.";
    link_expired = "Dieser Link ist abgelaufen." | "This link has expired.";
    preview_gone = "Diese Vorschau gibt es nicht mehr. Bitte laden Sie die Datei noch einmal hoch." | "This preview is gone. Please upload the file again.";
    quiz_paused = "Für heute haben Sie das Quiz oft genug abgegeben. Unten steht, ab wann es weitergeht." | "You have handed the quiz in often enough for today. Below it says from when you can go on.";
    course_incomplete = "Es fehlt noch etwas; gespeichert wurde nichts. Was fehlt, steht hier." | "Something is still missing; nothing was saved. What is missing stands here.";
    too_soon = "Vor wenigen Minuten wurde schon ein Link verschickt. Er liegt im Postfach oder im Spam-Ordner." | "A link was sent a few minutes ago. It is in the mailbox or in the spam folder.";
    password_only = "Dieses Konto hat besondere Rechte und meldet sich nur mit seinem Passwort an." | "This account has special rights and signs in with its password only.";
    no_consent = "Ohne Einwilligung der Person darf kein Dienstleister gefragt werden. Sprechen Sie mit ihr, oder wählen Sie eine Alternative." | "Without the person’s consent no provider may be asked. Talk to them, or choose an alternative.";
    changed_meanwhile = "Jemand hat das inzwischen geändert. Ihre Eingaben stehen noch da; speichern Sie noch einmal, wenn sie gelten sollen." | "Somebody has changed this meanwhile. What you typed is still there; save again if it is to hold.";
    draft_changed = "Jemand hat den Entwurf inzwischen geändert. Bitte sehen Sie sich den neuen Stand an, bevor Sie weitermachen." | "Somebody changed the draft meanwhile. Please look at it as it stands now before you go on.";
    nothing_new = "Es gibt nichts Neues zu veröffentlichen." | "There is nothing new to publish.";
    wrong_credentials = "E-Mail-Adresse und Passwort passen nicht zusammen. Bitte prüfen Sie beides." | "E-mail address and password do not match. Please check both.";
    signed_out = "Bitte melden Sie sich an; Ihre Sitzung ist zu Ende." | "Please sign in; your session has ended.";
    unreadable = "Die Eingaben kamen nicht vollständig an. Bitte senden Sie das Formular noch einmal." | "The form did not arrive complete. Please send it again.";
    too_many(wait: &str) = "Zu viele Versuche. Bitte versuchen Sie es {wait} wieder." | "Too many tries. Please try again {wait}.";
    unavailable = "Die Datenbank ist gerade nicht erreichbar. Ihre Eingaben stehen noch da; bitte versuchen Sie es in einigen Sekunden noch einmal." | "The database cannot be reached right now. What you typed is still there; please try again in a few seconds.";
    busy = "Gerade kommt sehr viel auf einmal. Ihre Eingaben stehen noch da; bitte versuchen Sie es in einigen Sekunden noch einmal." | "A great deal is coming in at once right now. What you typed is still there; please try again in a few seconds.";
    not_found = "Das gibt es nicht (mehr). Es hat sich nichts geändert." | "There is no such thing (any more). Nothing has changed.";
    internal(incident: &str) = "Hier ist etwas schiefgegangen; gespeichert wurde nichts. Vorfallnummer {incident}." | "Something went wrong here; nothing was saved. Incident number {incident}.";

    said_person_added(name: &str) = "{name} ist angelegt." | "{name} has been added.";
    said_person_added_invited(name: &str) = "{name} ist angelegt und bekommt den persönlichen Link." | "{name} has been added and will get the personal link.";
    said_saved = "Gespeichert." | "Saved.";
    said_start_moved = "Der erste Arbeitstag ist verschoben. Offene Fristen sind angepasst; die alten Daten bleiben im Verlauf." | "The first working day was moved. Open deadlines have followed; the old dates stay in the history.";
    said_last_day = "Der letzte Arbeitstag ist eingetragen." | "The last working day was recorded.";
    said_invited(name: &str) = "Der persönliche Link an {name} ist unterwegs." | "The personal link to {name} is on its way.";
    said_link_requested = "Wenn die Adresse zu einer Checkliste oder einem Konto gehört, ist ein Link an die Adresse unterwegs, die dazu hinterlegt ist. Bitte sehen Sie auch in den Spam-Ordner." | "If the address belongs to a checklist or an account, a link is on its way to the address on record there. Please look into the spam folder too.";
    said_link_waits = "Wenn die Adresse zu einer Checkliste gehört, liegt der Link bereit; die Administration gibt ihn Ihnen weiter." | "If the address belongs to a checklist, the link is ready; the administrator passes it on.";
    said_link_waits_for(name: &str) = "Der persönliche Link an {name} liegt bereit; die Administration gibt ihn weiter." | "The personal link to {name} is ready; the administrator passes it on.";
    said_person_added_link_waits(name: &str) = "{name} ist angelegt. Der persönliche Link liegt bereit; die Administration gibt ihn weiter." | "{name} has been added. The personal link is ready; the administrator passes it on.";
    said_imported_links_wait(new: usize, changed: usize, unchanged: usize) = "Übernommen: {new} neu, {changed} geändert, {unchanged} unverändert. Die persönlichen Links liegen bereit; die Administration gibt sie weiter." | "Imported: {new} new, {changed} changed, {unchanged} unchanged. The personal links are ready; the administrator passes them on.";
    said_imported(new: usize, changed: usize, unchanged: usize) = "Übernommen: {new} neu, {changed} geändert, {unchanged} unverändert." | "Imported: {new} new, {changed} changed, {unchanged} unchanged.";
    said_imported_invited(new: usize, changed: usize, unchanged: usize) = "Übernommen: {new} neu, {changed} geändert, {unchanged} unverändert. Die persönlichen Links sind unterwegs." | "Imported: {new} new, {changed} changed, {unchanged} unchanged. The personal links are on their way.";
    said_nda_signed = "Unterschrieben. Ihre Kopie finden Sie jederzeit unter „Meine Nachweise“." | "Signed. You will always find your copy under “My record”.";
    said_nda_confirmed = "Die Vertraulichkeitsvereinbarung ist bestätigt." | "The confidentiality agreement is confirmed.";
    said_nda_recorded = "Die Vereinbarung auf Papier ist eingetragen." | "The paper agreement was recorded.";
    said_check_consent_given = "Danke. Ihre Einwilligung ist festgehalten; Sie können sie jederzeit widerrufen." | "Thank you. Your consent is on record; you can withdraw it at any time.";
    said_check_consent_refused = "Es wird kein Dienstleister gefragt. Die Personalabteilung spricht mit Ihnen darüber, wie es weitergeht." | "No provider is asked. HR will talk to you about how to go on.";
    said_check_with_provider = "Die Überprüfung liegt jetzt beim Dienstleister." | "The check is now with the provider.";
    said_check_profile_added = "Das Profil ist angelegt, zunächst als Kopie des allgemeinen. Bitte passen Sie es an." | "The profile was added as a copy of the general one. Please adapt it.";
    said_check_requested = "Die Überprüfung ist als angefordert eingetragen." | "The check was recorded as requested.";
    said_check_completed = "Das Ergebnis ist eingetragen." | "The outcome was recorded.";
    said_policy_accepted = "Angenommen, danke." | "Accepted, thank you.";
    said_quiz_passed = "Bestanden, gut gemacht!" | "Passed, well done!";
    said_quiz_failed = "Noch nicht bestanden. Unten steht, welche Lektionen sich noch einmal lohnen." | "Not passed yet. Below are the lessons worth reading again.";
    said_course_saved = "Als Entwurf gespeichert. Sichtbar wird er erst, wenn Sie ihn veröffentlichen." | "Saved as a draft. Nobody sees it before you publish it.";
    said_course_discarded = "Der Entwurf ist verworfen." | "The draft was discarded.";
    said_course_image = "Das Bild steht jetzt am Ende beider Texte. Schieben Sie die Zeile dorthin, wo es hingehört." | "The image now stands at the end of both texts. Move its line to where it belongs.";
    said_course_imported = "Übernommen. Das ist jetzt der Entwurf; prüfen Sie ihn und veröffentlichen Sie ihn dann." | "Taken over. This is the draft now; look through it, then publish it.";
    said_course_published = "Veröffentlicht. Niemand muss deswegen noch einmal bestehen." | "Published. Nobody has to pass again because of it.";
    said_course_published_to(people: &str) = "Veröffentlicht. {people} auf der Checkliste." | "Published. {people} on the checklist.";
    said_enrolment_declared = "Danke. Die Personalabteilung oder die Sicherheit bestätigt es." | "Thank you. HR or security will confirm it.";
    said_enrolment_confirmed = "Die Anmeldung im Passwort-Manager ist bestätigt." | "The enrolment in the password manager is confirmed.";
    said_password_set = "Ihr Passwort ist gesetzt. Sie können sich künftig mit Ihrer E-Mail-Adresse anmelden." | "Your password is set. From now on you can sign in with your e-mail address.";
    said_signed_out = "Sie sind abgemeldet." | "You are signed out.";
    said_exemption_requested = "Der Antrag steht im Register. Jetzt entscheidet jemand anderes." | "The request is on the register. Somebody else decides now.";
    said_exemption_approved = "Genehmigt. Der Punkt ist aufgehoben." | "Approved. The item is lifted.";
    said_exemption_refused = "Abgelehnt. Der Punkt bleibt offen." | "Refused. The item stays open.";
    said_exemption_ended = "Die Ausnahme ist beendet." | "The exception has ended.";
    said_start_allowed = "Der Start ist erlaubt und steht im Register der Ausnahmen. Das NDA bleibt fällig." | "The start is allowed and is on the register of exceptions. The NDA stays due.";
    said_nda_scan_added = "Der Scan ist abgelegt." | "The scan has been added.";
    said_nda_withdrawn = "Zurückgenommen. Die Vereinbarung ist neu angefordert; der bisherige Nachweis bleibt." | "Withdrawn. The agreement is asked for again; the record so far stays.";
    said_nda_template_created = "Die Vorlage ist angelegt. Schreiben Sie jetzt ihren Text; sie gilt, sobald er veröffentlicht ist." | "The template has been added. Write its text now; it applies once that is published.";
    said_nda_template_changed = "Gespeichert. Was unterschrieben ist, bleibt, wie es ist." | "Saved. What is signed stays as it is.";
    said_nda_template_retired = "Die Vorlage ist außer Gebrauch." | "The template is retired.";
    said_draft_saved = "Als Entwurf gespeichert. Sichtbar wird er erst, wenn Sie ihn veröffentlichen." | "Saved as a draft. Nobody sees it before you publish it.";
    said_draft_discarded = "Der Entwurf ist verworfen." | "The draft was discarded.";
    said_document_published = "Veröffentlicht. Niemand muss deswegen noch einmal annehmen." | "Published. Nobody has to accept again because of it.";
    said_document_published_to(people: &str) = "Veröffentlicht. {people} auf der Checkliste." | "Published. {people} on the checklist.";
    said_nothing = "Es hat sich nichts geändert." | "Nothing has changed.";

    file_empty = "Die Datei ist leer." | "The file is empty.";
    file_no_rows = "Die Datei enthält nur die Kopfzeile." | "The file contains nothing but the header.";
    file_too_many(max: usize) = "Die Datei hat mehr als {max} Zeilen. Teilen Sie die Liste auf." | "The file has more than {max} rows. Split the list.";
    file_not_a_list = "Das ist keine CSV-Datei. Speichern Sie die Tabelle in Excel oder LibreOffice als „CSV UTF-8“." | "This is not a CSV file. Save the sheet from Excel or LibreOffice as “CSV UTF-8”.";
    file_missing(columns: &str) = "In der Kopfzeile fehlt: {columns}." | "The header lacks: {columns}.";
    file_repeated(column: &str) = "Die Spalte „{column}“ steht zweimal in der Kopfzeile." | "The column “{column}” stands in the header twice.";
    file_uneven(line: u64, expected: usize, found: usize) = "Zeile {line} hat {found} Felder statt {expected}. Oft fehlt ein Anführungszeichen um einen Text mit Trennzeichen." | "Line {line} has {found} fields instead of {expected}. Often a text with a separator lacks its quotes.";
    file_unreadable(line: u64) = "Zeile {line} kann nicht gelesen werden: Ein Anführungszeichen wird nicht geschlossen." | "Line {line} cannot be read: a quote is not closed.";
}

/// What is wrong with a field.
pub fn problem(locale: Locale, problem: &Problem) -> String {
    match problem {
        Problem::TooLong(max) if *max > 1024 * 1024 => file_too_large(locale, max / 1024 / 1024),
        Problem::TooLong(max) => too_long(locale, *max),
        Problem::TooShort(min) => too_short(locale, *min),
        Problem::EmailRepeated(line) => email_repeated(locale, *line),
        Problem::Required => required(locale).to_owned(),
        Problem::NotAnEmail => not_an_email(locale).to_owned(),
        Problem::NotADate => not_a_date(locale).to_owned(),
        Problem::NotACountry => not_a_country(locale).to_owned(),
        Problem::NotATimeZone => not_a_time_zone(locale).to_owned(),
        Problem::NotAKind => not_a_kind(locale).to_owned(),
        Problem::NotALanguage => not_a_language(locale).to_owned(),
        Problem::NotAnOutcome => not_an_outcome(locale).to_owned(),
        Problem::EmailTaken => email_taken(locale).to_owned(),
        Problem::HasLeft => has_left(locale).to_owned(),
        Problem::UnknownManager => unknown_manager(locale).to_owned(),
        Problem::OwnManager => own_manager(locale).to_owned(),
        Problem::InTheFuture => in_the_future(locale).to_owned(),
        Problem::NotWithinTwoYears => not_within_two_years(locale).to_owned(),
        Problem::TooEarly => too_early(locale).to_owned(),
        Problem::PasswordsDiffer => passwords_differ(locale).to_owned(),
        Problem::WrongPassword => wrong_password(locale).to_owned(),
        Problem::PasswordCommon => password_common(locale).to_owned(),
        Problem::PasswordNamesOwner => password_names_owner(locale).to_owned(),
        Problem::PasswordGuessable => password_guessable(locale).to_owned(),
        Problem::ConsentMissing => consent_missing(locale).to_owned(),
        Problem::Unanswered => unanswered(locale).to_owned(),
        Problem::NotANumber => not_a_number(locale).to_owned(),
        Problem::NotAnImage => not_an_image(locale).to_owned(),
        Problem::ImageTooLarge(max) => image_too_large(locale, *max),
        Problem::CourseTooLarge(max) => course_too_large(locale, *max),
        Problem::NotAMemberStatus => not_a_member_status(locale).to_owned(),
        Problem::ControlCharacters => control_characters(locale).to_owned(),
        Problem::NotChosen => not_chosen(locale).to_owned(),
        Problem::NotAChoice => not_a_choice(locale).to_owned(),
        Problem::LooksPersonal => looks_personal(locale).to_owned(),
        Problem::NothingToConsentTo => nothing_to_consent_to(locale).to_owned(),
        Problem::CountryTaken => country_taken(locale).to_owned(),
        Problem::NotWithin(least, most) => not_within(locale, *least, *most),
        Problem::NoCriterion => no_criterion(locale).to_owned(),
        Problem::NotADrawing => not_a_drawing(locale).to_owned(),
        Problem::NotAScan => not_a_scan(locale).to_owned(),
        Problem::ScanMissing => scan_missing(locale).to_owned(),
        Problem::Damaged => damaged(locale).to_owned(),
        Problem::MoreThanAScan => more_than_a_scan(locale).to_owned(),
        Problem::TooManyBytes(max) => too_many_bytes(locale, max / 1024 / 1024),
        Problem::UnknownPlaceholder(found) => unknown_placeholder(locale, found),
        Problem::PlaceholderInPolicy => placeholder_in_policy(locale).to_owned(),
        Problem::NotWithinThreeYears => not_within_three_years(locale).to_owned(),
        Problem::NotWithinMonths(months) => super::accounts::not_within_months(locale, *months),
        Problem::AccountTaken => super::accounts::account_taken(locale).to_owned(),
        Problem::HoldsPasswords => holds_passwords(locale).to_owned(),
        Problem::CodeMissing => super::factors::code_missing(locale).to_owned(),
        Problem::WrongCode => super::factors::wrong_code(locale).to_owned(),
        Problem::TooManyTags(max) => super::rules::too_many_tags(locale, *max),
        Problem::TooManyValues(max) => super::rules::too_many_values(locale, *max),
        Problem::RuleExists => super::rules::rule_exists(locale).to_owned(),
        Problem::AskedAlready => super::rules::asked_already(locale).to_owned(),
    }
}

/// Why something could not be done now.
pub const fn conflict(locale: Locale, conflict: Conflict) -> &'static str {
    match conflict {
        Conflict::AlreadyDone => already_done(locale),
        Conflict::Ended => ended(locale),
        Conflict::NewerVersion => newer_version(locale),
        Conflict::NotYet => not_yet(locale),
        Conflict::LinkUsed => link_used(locale),
        Conflict::LinkExpired => link_expired(locale),
        Conflict::PreviewGone => preview_gone(locale),
        Conflict::QuizPaused => quiz_paused(locale),
        Conflict::CourseIncomplete => course_incomplete(locale),
        Conflict::TooSoon => too_soon(locale),
        Conflict::NeedsSecondPerson => needs_second_person(locale),
        Conflict::PasswordOnly => password_only(locale),
        Conflict::NoConsent => no_consent(locale),
        Conflict::ChangedMeanwhile => changed_meanwhile(locale),
        Conflict::DraftChanged => draft_changed(locale),
        Conflict::NothingNew => nothing_new(locale),
        Conflict::AccountClosed => super::accounts::account_closed(locale),
        Conflict::OwnAccount => super::accounts::own_account(locale),
        Conflict::LastAdministrator => super::accounts::last_administrator(locale),
        Conflict::NobodyDecides => super::accounts::nobody_decides(locale),
        Conflict::RequestWaits => super::accounts::request_waits(locale),
        Conflict::RequestLapsed => super::accounts::request_lapsed(locale),
        Conflict::CeremonyOver => super::factors::ceremony_over(locale),
        Conflict::PasskeyRefused => super::factors::passkey_refused(locale),
        Conflict::NoFactor => super::factors::no_factor(locale),
        Conflict::LastFactor => super::factors::last_factor(locale),
        Conflict::NeedsWorkAddress => super::accounts::needs_work_address(locale),
        Conflict::AddressMoved => super::accounts::address_moved(locale),
        Conflict::TooManyFactors => super::factors::too_many_factors(locale),
        Conflict::EffectUnseen => super::rules::effect_unseen(locale),
        Conflict::StillHere => super::rules::rehire_still_here(locale),
        Conflict::NothingToDo => super::team::nothing_to_do(locale),
        Conflict::NudgedLately => super::team::nudged_lately(locale),
        Conflict::RemindersPaused => super::team::reminders_paused(locale),
    }
}

/// A refused form's tone and message; none where its fields say it themselves.
pub fn failure(locale: Locale, error: &ApiError) -> Option<(&'static str, String)> {
    let text = match error {
        ApiError::Invalid(_) => return None,
        ApiError::Conflict(reason) => return Some(("info", conflict(locale, *reason).to_owned())),
        ApiError::SignedOut => return Some(("info", signed_out(locale).to_owned())),
        // Shown only after the proof was given: on the page to which the reader came back.
        ApiError::ProveAgain => return Some(("info", super::account::proved_send_again(locale).to_owned())),
        ApiError::NotFound => not_found(locale).to_owned(),
        ApiError::TooMany { seconds } => too_many(locale, &super::events::wait(locale, *seconds)),
        ApiError::WrongCredentials => wrong_credentials(locale).to_owned(),
        ApiError::Unreadable => unreadable(locale).to_owned(),
        ApiError::Unavailable => unavailable(locale).to_owned(),
        ApiError::Busy => busy(locale).to_owned(),
        ApiError::Internal { incident } => internal(locale, incident),
    };
    Some(("error", text))
}

/// What was done.
pub fn said(locale: Locale, sends_mail: bool, said: &Said) -> String {
    if !sends_mail && let Some(text) = link_waits(locale, said) {
        return text;
    }
    match said {
        Said::PersonAdded { name, invited: true } => said_person_added_invited(locale, name),
        Said::PersonAdded { name, invited: false } => said_person_added(locale, name),
        Said::InvitationSent { name } => said_invited(locale, name),
        Said::Imported {
            new,
            changed,
            unchanged,
            invited: true,
        } if *new > 0 => said_imported_invited(locale, *new, *changed, *unchanged),
        Said::Imported { new, changed, unchanged, .. } => said_imported(locale, *new, *changed, *unchanged),
        Said::PersonChanged | Said::CheckProfileSaved | Said::FactorRenamed => said_saved(locale).to_owned(),
        Said::StartMoved => said_start_moved(locale).to_owned(),
        Said::LastDayRecorded => said_last_day(locale).to_owned(),
        Said::LinkRequested => said_link_requested(locale).to_owned(),
        Said::NdaSigned => said_nda_signed(locale).to_owned(),
        Said::NdaConfirmed => said_nda_confirmed(locale).to_owned(),
        Said::NdaRecorded => said_nda_recorded(locale).to_owned(),
        Said::CheckConsentGiven => said_check_consent_given(locale).to_owned(),
        Said::CheckConsentRefused => said_check_consent_refused(locale).to_owned(),
        Said::CheckWithProvider => said_check_with_provider(locale).to_owned(),
        Said::CheckProfileAdded => said_check_profile_added(locale).to_owned(),
        Said::CheckRequested => said_check_requested(locale).to_owned(),
        Said::CheckCompleted => said_check_completed(locale).to_owned(),
        Said::PolicyAccepted => said_policy_accepted(locale).to_owned(),
        Said::QuizPassed => said_quiz_passed(locale).to_owned(),
        Said::QuizFailed => said_quiz_failed(locale).to_owned(),
        Said::CourseSaved => said_course_saved(locale).to_owned(),
        Said::CourseDraftDiscarded => said_course_discarded(locale).to_owned(),
        Said::CourseImageAdded => said_course_image(locale).to_owned(),
        Said::CourseImported => said_course_imported(locale).to_owned(),
        Said::CoursePublished { asked: 0 } => said_course_published(locale).to_owned(),
        Said::CoursePublished { asked } => said_course_published_to(locale, &asked_people(locale, *asked)),
        Said::EnrolmentDeclared => said_enrolment_declared(locale).to_owned(),
        Said::EnrolmentConfirmed => said_enrolment_confirmed(locale).to_owned(),
        Said::MembersApplied {
            enrolled,
            proven,
            reopened,
            own_stays,
        } => super::members::applied(locale, *enrolled, *proven, *reopened, *own_stays),
        Said::MemberAssigned => super::members::said_assigned(locale).to_owned(),
        Said::MemberSetAside => super::members::said_set_aside(locale).to_owned(),
        Said::MemberForgotten => super::members::said_forgotten(locale).to_owned(),
        Said::Proved => super::account::said_proved(locale).to_owned(),
        Said::OwnSessionsEnded { count } => super::account::said_sessions_ended(locale, *count),
        Said::FactorsReset => super::factors::said_reset(locale).to_owned(),
        Said::PasswordSet => said_password_set(locale).to_owned(),
        Said::PasswordChanged => super::account::said_changed(locale).to_owned(),
        Said::PasswordReset => super::account::said_reset(locale).to_owned(),
        Said::SignedOut => said_signed_out(locale).to_owned(),
        Said::ExemptionRequested => said_exemption_requested(locale).to_owned(),
        Said::ExemptionApproved => said_exemption_approved(locale).to_owned(),
        Said::ExemptionRefused => said_exemption_refused(locale).to_owned(),
        Said::ExemptionEnded => said_exemption_ended(locale).to_owned(),
        Said::StartAllowed => said_start_allowed(locale).to_owned(),
        Said::NdaScanAdded => said_nda_scan_added(locale).to_owned(),
        Said::NdaWithdrawn => said_nda_withdrawn(locale).to_owned(),
        Said::NdaTemplateCreated => said_nda_template_created(locale).to_owned(),
        Said::NdaTemplateChanged => said_nda_template_changed(locale).to_owned(),
        Said::NdaTemplateRetired => said_nda_template_retired(locale).to_owned(),
        Said::DraftSaved => said_draft_saved(locale).to_owned(),
        Said::DraftDiscarded => said_draft_discarded(locale).to_owned(),
        Said::DocumentPublished { asked: 0 } => said_document_published(locale).to_owned(),
        Said::DocumentPublished { asked } => said_document_published_to(locale, &asked_to_accept(locale, *asked)),
        Said::NothingToDo => said_nothing(locale).to_owned(),
        Said::RoleGranted => super::accounts::said_granted(locale).to_owned(),
        Said::RoleRequested => super::accounts::said_requested(locale).to_owned(),
        Said::RoleApproved => super::accounts::said_approved(locale).to_owned(),
        Said::RoleRefused => super::accounts::said_refused(locale).to_owned(),
        Said::RoleWithdrawn => super::accounts::said_withdrawn(locale).to_owned(),
        Said::RoleRemoved => super::accounts::said_removed(locale).to_owned(),
        Said::AccountAdded { granted: true } => super::accounts::said_added(locale).to_owned(),
        Said::AccountAdded { granted: false } => super::accounts::said_added_requested(locale).to_owned(),
        Said::AccountDisabled => super::accounts::said_disabled(locale).to_owned(),
        Said::AccountEnabled => super::accounts::said_enabled(locale).to_owned(),
        Said::RecordTaken => super::account::said_record_taken(locale).to_owned(),
        Said::SessionsEnded => super::accounts::said_sessions_ended(locale).to_owned(),
        Said::FactorAdded => super::factors::said_added(locale).to_owned(),
        Said::FactorRemoved => super::factors::said_removed(locale).to_owned(),
        Said::RecoveryCodeUsed { left } => super::factors::said_code_used(locale, *left),
        Said::RemindersPaused => super::reminders::said_paused(locale).to_owned(),
        Said::RemindersResumed => super::reminders::said_resumed(locale).to_owned(),
        Said::RecoveryCodesKept => super::factors::said_codes_kept(locale).to_owned(),
        Said::RuleMade { asked } => super::rules::said_made(locale, &crate::ui::words::people(locale, *asked)),
        Said::RuleChanged => super::rules::said_changed(locale).to_owned(),
        Said::RuleEnded => super::rules::said_ended(locale).to_owned(),
        Said::PersonRehired => super::rules::said_rehired(locale).to_owned(),
        Said::InstructionDone => super::rules::said_done(locale).to_owned(),
        Said::InstructionConfirmed => super::rules::said_confirmed(locale).to_owned(),
        Said::Nudged { name } => super::team::said_nudged(locale, name),
        Said::CalendarMade { .. } => super::calendar::said_made(locale).to_owned(),
        Said::CalendarEnded => super::calendar::said_ended(locale).to_owned(),
    }
}

/// What was done where nothing sends mail: a link waits in the outbox for an administrator.
fn link_waits(locale: Locale, said: &Said) -> Option<String> {
    Some(match said {
        Said::PersonAdded { name, invited: true } => said_person_added_link_waits(locale, name),
        Said::InvitationSent { name } => said_link_waits_for(locale, name),
        Said::LinkRequested => said_link_waits(locale).to_owned(),
        Said::Imported {
            new,
            changed,
            unchanged,
            invited: true,
        } if *new > 0 => said_imported_links_wait(locale, *new, *changed, *unchanged),
        _ => return None,
    })
}

fn asked_to_accept(locale: Locale, asked: u64) -> String {
    let n = i64::try_from(asked).unwrap_or(i64::MAX);
    match locale {
        Locale::De => count(n, "Person hat den Text jetzt", "Personen haben den Text jetzt"),
        Locale::En => count(n, "person now has the text", "people now have the text"),
    }
}

/// Why a list cannot be read at all.
pub fn file(locale: Locale, problem: &FileProblem) -> String {
    match problem {
        FileProblem::Empty => file_empty(locale).to_owned(),
        FileProblem::NoRows => file_no_rows(locale).to_owned(),
        FileProblem::TooManyRows(max) => file_too_many(locale, *max),
        FileProblem::TooLarge(max) => file_too_large(locale, max / 1024 / 1024),
        FileProblem::NotAList => file_not_a_list(locale).to_owned(),
        FileProblem::MissingColumns(columns) => {
            let columns: Vec<_> = columns.iter().map(|column| Column::header(*column, locale)).collect();
            file_missing(locale, &columns.join(", "))
        }
        FileProblem::RepeatedColumn(column) => file_repeated(locale, column.header(locale)),
        FileProblem::UnevenRow { line, expected, found } => file_uneven(locale, *line, *expected, *found),
        FileProblem::Unreadable { line } => file_unreadable(locale, *line),
    }
}

fn asked_people(locale: Locale, asked: u64) -> String {
    let n = i64::try_from(asked).unwrap_or(i64::MAX);
    match locale {
        Locale::De => count(n, "Person hat den Kurs jetzt", "Personen haben den Kurs jetzt"),
        Locale::En => count(n, "person now has the course", "people now have the course"),
    }
}

/// The heading above the problems of a form.
pub fn please_check(locale: Locale, n: usize) -> String {
    let n = i64::try_from(n).unwrap_or(i64::MAX);
    match locale {
        Locale::De => format!("Bitte prüfen Sie {}", count(n, "Angabe", "Angaben")),
        Locale::En => format!("Please check {}", count(n, "entry", "entries")),
    }
}
