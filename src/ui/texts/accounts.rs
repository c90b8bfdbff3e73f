//! Accounts and roles, as administrators and whoever reviews access see them.

use crate::domain::locale::Locale;

texts! {
    title = "Konten" | "Accounts";
    lead = "Wer sich anmelden kann und welche Rollen jemand hat." | "Who can sign in, and which roles they hold.";
    alone = "Niemand sonst administriert: Was Sie vergeben, prüft keine zweite Person, und fällt Ihr Konto aus, hilft nur noch der Server. Machen Sie jemand Zweites zur Administration." | "Nobody else administers: no second person checks what you grant, and should your account fail, only the server helps. Make somebody else an administrator.";
    add = "Konto anlegen" | "Add an account";
    search_hint = "Name oder Adresse" | "Name or address";
    filter = "Rollen" | "Roles";
    all = "Alle" | "All";
    found_some(count: &str) = "{count} auf dieser Seite" | "{count} on this page";
    account_one = "Konto" | "account";
    account_many = "Konten" | "accounts";
    empty_title = "Kein Konto gefunden" | "No account found";
    empty_text = "Zu dieser Auswahl gibt es kein Konto. Wer noch keines hat, bekommt es mit der ersten Rolle." | "No account matches. Whoever has none yet gets one with their first role.";
    reset = "Alle Konten zeigen" | "Show all accounts";
    column_roles = "Rollen" | "Roles";
    column_address = "Adresse" | "Address";
    disabled = "Gesperrt" | "Disabled";
    no_password = "Ohne Passwort" | "No password";
    active = "Aktiv" | "Active";

    requests_title = "Zu entscheiden" | "To decide";
    requests_lead = "Diese Rollen wirken erst, wenn jemand anderes aus der Administration zustimmt." | "These roles take effect only when another administrator approves.";
    role_for(role: &str, name: &str) = "{role} für {name}" | "{role} for {name}";
    asked_by(name: &str, moment: &str) = "Beantragt von {name} am {moment}" | "Requested by {name} on {moment}";
    look = "Ansehen" | "Look at it";

    facts = "Konto" | "Account";
    address = "Adresse" | "Address";
    address_private = "nur eine private Adresse" | "a private address only";
    language = "Sprache" | "Language";
    german = "Deutsch" | "German";
    english = "Englisch" | "English";
    person = "Person" | "Person";
    is_person = "auf der Personenliste" | "on the list of people";
    no_person = "nicht auf der Personenliste" | "not on the list of people";
    password = "Passwort" | "Password";
    password_set = "gesetzt" | "set";
    password_missing = "kein Passwort" | "no password";
    created = "Angelegt" | "Created";
    sessions = "Offene Sitzungen" | "Open sessions";
    end_sessions = "Alle Sitzungen beenden" | "End all sessions";
    first_password = "Für dieses Konto gibt es kein Passwort. Wer es benutzt, setzt es auf der Anmeldeseite unter „Passwort vergessen, noch keines …“; wie das geht, steht in der Mail an die Adresse des Kontos." | "This account has no password. Whoever uses it sets one on the sign-in page under “Forgotten your password, none yet …”; the mail to the account’s address says how.";
    first_password_by_server = "Für dieses Konto gibt es kein Passwort, und hier ist kein Mailserver eingerichtet. Es setzt, wer den Server betreibt, mit der Adresse des Kontos und einer Rolle, die es hat: antritt admin create --email … --role …" | "This account has no password, and no mail server is set up here. Whoever runs the server sets one, with the account’s address and a role that it holds: antritt admin create --email … --role …";
    disabled_note(moment: &str) = "Dieses Konto ist seit {moment} gesperrt." | "This account has been disabled since {moment}.";
    disabled_by(name: &str, reason: &str) = "Gesperrt von {name}: {reason}" | "Disabled by {name}: {reason}";
    has_left = "Die Person ist ausgeschieden. Ihr Konto bleibt gesperrt." | "The person has left. Their account stays disabled.";
    left_open = "Wer unter dieser Adresse geführt wurde, ist ausgeschieden. Das Konto ist mit niemandem verbunden und gilt weiter. Braucht es niemand mehr, dann sperren Sie es." | "Whoever is on record under this address has left. The account is connected with nobody and still works. If nobody needs it any more, disable it.";
    disable = "Konto sperren" | "Disable the account";
    enable = "Konto wieder freigeben" | "Enable the account again";

    roles_title = "Rollen" | "Roles";
    no_roles = "Keine besonderen Rechte." | "No special rights.";
    grant = "Rolle vergeben" | "Grant a role";
    grant_to(name: &str) = "Rolle vergeben: {name}" | "Grant a role: {name}";
    since(moment: &str) = "seit {moment}" | "since {moment}";
    until(day: &str) = "bis einschließlich {day}" | "until and including {day}";
    open_ended = "ohne Enddatum" | "no end date";
    granted_by(name: &str) = "vergeben von {name}" | "granted by {name}";
    by_command_line = "auf dem Server vergeben" | "granted on the server";
    approved_by(name: &str) = "genehmigt von {name}" | "approved by {name}";
    reason_was(reason: &str) = "Grund: {reason}" | "Reason: {reason}";
    no_reason = "nicht vermerkt" | "not on record";
    in_force = "Gilt" | "In force";
    pending = "Wartet" | "Waiting";
    remove = "Entziehen" | "Remove";
    history = "Verlauf" | "History";
    history_empty = "Hier steht noch nichts." | "There is nothing here yet.";
    until_was(day: &str) = "bis {day}" | "until {day}";
    counts_no_more(what: &str) = "gilt nicht mehr: {what}" | "no longer valid: {what}";
    granted_alone = "allein vergeben, weil niemand sonst administrierte" | "granted alone, as nobody else administered";

    role_field = "Rolle" | "Role";
    role_choose = "Bitte wählen" | "Please choose";
    role_hint = "Jede Rolle erlaubt nur, was sie braucht. Wer administriert, sieht damit noch keine Personen." | "Each role allows only what it needs. Administering does not mean seeing people.";
    reason = "Grund" | "Reason";
    reason_hint = "Wozu braucht das Konto die Rolle? Der Grund steht auf Dauer im Verlauf." | "What does the account need the role for? The reason stays in the history.";
    ends_on = "Letzter Tag" | "Last day";
    ends_on_hint = "Leer: bis jemand die Rolle entzieht. Eine Revision braucht ein Enddatum, höchstens 13 Monate voraus." | "Empty: until somebody removes it. An auditor needs an end date, at most 13 months ahead.";
    goes_to = "Die Rolle geht an" | "The role goes to";
    grant_button = "Rolle vergeben" | "Grant the role";
    note_second = "Personal, Sicherheit und Administration wirken erst, wenn jemand anderes aus der Administration zustimmt. Ein Antrag verfällt nach 14 Tagen. Eine Revision gilt sofort." | "HR, security and administrator take effect only when another administrator approves. A request lapses after 14 days. An auditor takes effect at once.";
    note_own = "Dies ist Ihr eigenes Konto: Jede Rolle muss jemand anderes aus der Administration genehmigen." | "This is your own account: another administrator has to approve any role.";
    note_alone = "Niemand sonst administriert: Die Rolle wirkt sofort, ohne zweite Person. Das steht auf Dauer im Verlauf. Sicherer ist es, zuerst jemand Zweites zur Administration zu machen." | "Nobody else administers: the role takes effect at once, without a second person. This stays in the history. It is safer to make somebody else an administrator first.";
    note_nobody = "Es gibt gerade niemanden, der genehmigen kann. Außer einer Revision lässt sich hier nichts vergeben." | "There is nobody to approve at present. Nothing but an auditor can be granted here.";
    note_afresh = "Hat diese Person sonst keine Rolle, gelten ihr Passwort und ihre zweiten Faktoren danach nicht mehr; angemeldet wird mit dieser Adresse." | "If this person holds no other role, their password and second factors stop working; they sign in with this address.";
    note_sessions = "Mit einer neuen Rolle enden alle Sitzungen dieses Kontos." | "With a new role, all sessions of this account end.";

    remove_title(role: &str, name: &str) = "{role} entziehen: {name}" | "Remove {role}: {name}";
    remove_note = "Das gilt sofort und braucht keine zweite Person. Zurück kommt die Rolle nur durch eine neue Vergabe." | "This takes effect at once and needs no second person. The role comes back only by a new grant.";
    remove_note_admin = "Bleiben Sie danach allein in der Administration, dann vergeben Sie 14 Tage lang nichts als Revisionen und legen kein Konto an." | "If you then remain the only administrator, you grant nothing but auditors and add no account for 14 days.";
    remove_hint = "Warum endet die Rolle?" | "Why does the role end?";
    remove_button = "Rolle entziehen" | "Remove the role";

    disable_title(name: &str) = "Konto sperren: {name}" | "Disable the account: {name}";
    disable_access = "Alle Sitzungen enden sofort, und mit diesem Konto kann sich niemand mehr anmelden." | "All sessions end at once, and nobody can sign in with this account any more.";
    disable_roles = "Alle Rollen enden, auch beantragte. Nach einer Freigabe muss sie jemand neu vergeben." | "All roles end, requested ones too. After enabling it again, somebody has to grant them anew.";
    disable_evidence = "Nachweise und Verlauf bleiben." | "Evidence and history stay.";
    disable_hint = "Warum wird das Konto gesperrt?" | "Why is the account disabled?";
    enable_title(name: &str) = "Konto freigeben: {name}" | "Enable the account: {name}";
    enable_note = "Das Konto kann sich wieder anmelden, ohne besondere Rechte." | "The account can sign in again, without special rights.";
    enable_hint = "Warum wird das Konto wieder gebraucht?" | "Why is the account needed again?";

    new_title = "Konto anlegen" | "Add an account";
    new_lead = "Für jemanden von außen, etwa eine externe Revision, oder für eine Person, die noch kein Konto hat." | "For somebody from outside, such as an external auditor, or for a person who has no account yet.";
    new_email_hint = "Ist es die dienstliche Adresse von jemandem auf der Personenliste, wird es das Konto dieser Person." | "If it is the work address of somebody on the list of people, it becomes their account.";
    new_name_hint = "Für jemanden auf der Personenliste unnötig: Der Name kommt von dort." | "Not needed for somebody on the list of people: their name comes from there.";
    new_password_note = "Antritt schreibt an diese Adresse, wie man hineinkommt. Das Passwort setzt, wer das Konto benutzt." | "Antritt writes to this address how to get in. Whoever uses the account sets the password.";
    new_password_by_server = "Hier ist kein Mailserver eingerichtet. Das erste Passwort setzt, wer den Server betreibt, mit der Adresse des Kontos und einer Rolle, die es hat: antritt admin create --email … --role …" | "No mail server is set up here. Whoever runs the server sets the first password, with the account’s address and a role that it holds: antritt admin create --email … --role …";

    request_title = "Antrag auf eine Rolle" | "Request for a role";
    request_facts = "Antrag" | "Request";
    requested_by = "Beantragt von" | "Requested by";
    requested_at = "Beantragt am" | "Requested on";
    lapses_at = "Verfällt am" | "Lapses on";
    holder = "Konto" | "Account";
    approve = "Genehmigen" | "Approve";
    approve_note = "Mit Ihrer Genehmigung gilt die Rolle sofort, für diese Adresse. Prüfen Sie, ob sie stimmt und ob das Konto die Rolle wirklich braucht." | "With your approval the role takes effect at once, for this address. Make sure that it is right and that the account really needs the role.";
    request_moved(address: &str) = "Die Adresse des Kontos ist nicht mehr die, für die der Antrag gestellt wurde. Jetzt ist es: {address}. So lässt sich der Antrag nicht mehr genehmigen. Fragen Sie nach, wer die Adresse geändert hat; stimmt sie, wird neu beantragt." | "The account’s address is no longer the one that was asked for. Now it is: {address}. This request can no longer be approved. Find out who changed the address; if it is right, ask anew.";
    refuse_title = "Ablehnen" | "Refuse";
    refuse_hint = "Warum bekommt das Konto die Rolle nicht?" | "Why does the account not get the role?";
    refuse = "Antrag ablehnen" | "Refuse the request";
    own_request = "Ihr Antrag: Darüber entscheidet jemand anderes aus der Administration." | "Your request: another administrator decides it.";
    for_you = "Der Antrag betrifft Ihr eigenes Konto: Darüber entscheidet jemand anderes." | "The request is for your own account: somebody else decides it.";
    withdraw = "Antrag zurückziehen" | "Withdraw the request";
    request_decided = "Dieser Antrag ist entschieden." | "This request was decided.";
    to_account = "Zum Konto" | "To the account";
    own_factors = "Das eigene Konto setzt man nicht selbst zurück. Ihre Faktoren ändern Sie unter „Anmeldung und Sicherheit“." | "Nobody resets their own account. Change your factors under “Sign-in and security”.";

    access_title = "Zugriffsrechte" | "Access rights";
    access_lead = "Wer welche Rolle hat, seit wann, warum, und wer es genehmigt hat." | "Who holds which role, since when, why, and who approved it.";
    access_export = "Als CSV herunterladen" | "Download as CSV";
    access_empty_title = "Niemand hat eine Rolle" | "Nobody holds a role";
    access_empty_text = "Sobald eine Rolle vergeben ist, steht sie hier." | "As soon as a role is granted, it will stand here.";
    column_role = "Rolle" | "Role";
    column_since = "Seit" | "Since";
    column_until = "Bis" | "Until";
    last_day_was(day: &str) = "Letzter Arbeitstag: {day}" | "Last working day: {day}";
    column_by = "Vergeben, genehmigt" | "Granted, approved";

    needs_work_address = "Rollen gehen nur an dienstliche E-Mail-Adressen: dorthin geht der Weg zum neuen Passwort. Nehmen Sie die dienstliche Adresse, oder lassen Sie sie von HR eintragen." | "Roles go to work addresses only: that is where the way to a new password goes. Use the work address, or have HR enter it.";
    address_moved = "Die Adresse dieses Kontos hat sich inzwischen geändert. Vergeben ist nichts. Prüfen Sie, ob die neue stimmt, und beantragen Sie die Rolle dann neu; einen Antrag, der noch wartet, lehnen Sie ab." | "The address of this account has changed meanwhile. Nothing was granted. Make sure that the new one is right, then ask for the role anew; refuse a request that still waits.";
    account_closed = "Dieses Konto ist gesperrt, oder die Person ist ausgeschieden. Es hat sich nichts geändert." | "This account is disabled, or the person has left. Nothing has changed.";
    own_account = "Das eigene Konto sperrt man nicht selbst. Bitten Sie jemand anderen aus der Administration." | "Nobody disables their own account. Ask another administrator.";
    last_administrator = "Das geht nicht: Dann gäbe es niemanden mehr, der ohne Enddatum administriert und sich anmelden kann. Machen Sie zuerst jemand anderen zur Administration." | "This cannot be done: nobody would be left who administers without an end date and can sign in. Make somebody else an administrator first.";
    nobody_decides = "Das muss jemand anderes aus der Administration genehmigen, und es gibt niemanden. Auf dem Server geht es mit „antritt admin create“." | "Another administrator has to approve this, and there is nobody. On the server, “antritt admin create” does it.";
    request_waits = "Für diese Rolle wartet schon ein Antrag." | "A request for this role is waiting already.";
    request_lapsed = "Dieser Antrag ist verfallen. Bitte stellen Sie ihn neu, wenn er noch gebraucht wird." | "This request has lapsed. Please make it anew if it is still needed.";
    account_taken = "Zu dieser Adresse gibt es schon ein Konto. Suchen Sie es in der Liste, und vergeben Sie die Rolle dort." | "There is an account for this address already. Find it in the list and grant the role there.";
    not_within_months(months: u16) = "Wählen Sie einen Tag höchstens {months} Monate voraus." | "Choose a day at most {months} months ahead.";

    dropped_password = "Passwort" | "password";
    dropped_factors = "zweite Faktoren" | "second factors";
    dropped_address = "bisherige Adresse zum Anmelden" | "former address to sign in with";

    said_granted = "Die Rolle ist vergeben." | "The role was granted.";
    said_requested = "Der Antrag ist gestellt. Die Rolle gilt, sobald jemand anderes aus der Administration zustimmt." | "The request was made. The role takes effect as soon as another administrator approves.";
    said_approved = "Genehmigt. Die Rolle gilt jetzt." | "Approved. The role is in force now.";
    said_refused = "Der Antrag ist abgelehnt." | "The request was refused.";
    said_withdrawn = "Der Antrag ist zurückgezogen." | "The request was withdrawn.";
    said_removed = "Die Rolle ist entzogen." | "The role was removed.";
    said_added = "Das Konto ist angelegt, und die Rolle ist vergeben." | "The account was added, and the role was granted.";
    said_added_requested = "Das Konto ist angelegt. Die Rolle gilt, sobald jemand anderes aus der Administration zustimmt." | "The account was added. The role takes effect as soon as another administrator approves.";
    said_disabled = "Das Konto ist gesperrt." | "The account was disabled.";
    said_enabled = "Das Konto ist wieder freigegeben." | "The account was enabled again.";
    said_sessions_ended = "Alle Sitzungen dieses Kontos sind beendet." | "All sessions of this account have ended.";
}

/// What of an account does not count any more with its first role; see `service::roles`.
pub fn dropped(locale: Locale, what: &str) -> &'static str {
    match what {
        "password" => dropped_password(locale),
        "factors" => dropped_factors(locale),
        _ => dropped_address(locale),
    }
}
