//! Signing in, personal links, the first password.

texts! {
    sign_in_title = "Anmelden" | "Sign in";
    email = "E-Mail-Adresse" | "E-mail address";
    email_hint = "Ihre private oder dienstliche Adresse" | "Your private or work address";
    password = "Passwort" | "Password";
    sign_in_button = "Anmelden" | "Sign in";
    no_password = "Passwort vergessen, noch keines, oder der Link ist abgelaufen?" | "Forgotten your password, none yet, or has your link expired?";
    no_password_text = "Wir schicken Ihnen einen Link an die Adresse, die zu Ihnen hinterlegt ist." | "We will send a link to the address that is on record for you.";
    no_mail_text = "Hier ist kein Mailserver eingerichtet: Links gibt Ihnen die Administration weiter, und ein vergessenes Passwort eines Kontos mit Rechten setzt, wer den Server betreibt." | "No mail server is set up here: the administrator passes links on, and whoever runs the server sets a forgotten password of an account with rights.";
    send_link = "Link anfordern" | "Send me a link";

    invitation_title(name: &str) = "Willkommen, {name}" | "Welcome, {name}";
    invitation_lead(company: &str, date: &str) = "Ihr erster Arbeitstag bei {company} ist {date}. Hier ist alles, was vorher und nachher zu tun ist." | "Your first working day at {company} is {date}. Here is everything to do before and after it.";
    link_title(name: &str) = "Guten Tag, {name}" | "Hello, {name}";
    link_lead(company: &str) = "Dieser Link öffnet Ihre Checkliste und Ihre Nachweise bei {company}." | "This link opens your checklist and your record at {company}.";
    point_items = "Fünf Punkte, meist in einer Sitzung erledigt" | "Five items, usually done in one sitting";
    point_phone = "Geht auf dem Telefon, ohne Firmenkonto" | "Works on your phone, without a company account";
    point_copy = "Sie behalten eine Kopie von allem, was Sie unterschreiben" | "You keep a copy of everything you sign";
    begin = "Checkliste öffnen" | "Open my checklist";
    not_you(name: &str) = "Sie sind nicht {name}? Dann schließen Sie diese Seite bitte; der Link gilt nur für eine Person." | "You are not {name}? Then please close this page; the link is for one person only.";
    link_broken_title = "Dieser Link ist nicht vollständig" | "This link is not complete";
    link_broken_text = "Vielleicht fehlt am Ende ein Stück. Öffnen Sie den Link direkt aus der Mail, oder fordern Sie mit Ihrer E-Mail-Adresse einen neuen an." | "A piece may be missing at its end. Open the link from the mail itself, or ask for a new one with your e-mail address.";
    ask_by_address = "Mit E-Mail-Adresse anfordern" | "Ask by e-mail address";
    link_used_title = "Dieser Link wurde schon benutzt" | "This link was used before";
    link_used_text = "Jeder Link öffnet die Checkliste nur einmal. Wenn Sie ein Passwort gesetzt haben, melden Sie sich damit an. Sonst fordern Sie hier einen neuen Link an." | "Each link opens the checklist only once. If you have set a password, sign in with it. Otherwise ask for a new link here.";
    link_expired_title = "Dieser Link ist abgelaufen" | "This link has expired";
    link_expired_text = "Links gelten 14 Tage, und immer nur der neueste. Fordern Sie hier einen neuen an." | "Links are valid for 14 days, and only the newest one works. Ask for a new one here.";
    link_ended_title = "Diese Checkliste ist geschlossen" | "This checklist is closed";
    link_ended_text = "Ihre Zeit in diesem Unternehmen ist zu Ende. Kopien Ihrer Unterlagen gibt Ihnen die Personalabteilung." | "Your time at this company has ended. HR will give you copies of your records.";
    renew = "Neuen Link anfordern" | "Ask for a new link";
    renew_where = "Er kommt an dieselbe private E-Mail-Adresse wie der bisherige." | "It goes to the same private e-mail address as the one before.";

    welcome_title = "Damit Sie zurückkommen können" | "So that you can come back";
    welcome_lead = "Ihr Link ist jetzt verbraucht. Mit einem Passwort melden Sie sich jederzeit wieder an." | "Your link is used up now. With a password you can sign in again at any time.";
    later = "Später" | "Later";
}
