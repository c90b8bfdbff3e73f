//! Addresses for calendar programs.

texts! {
    title = "Kalender" | "Calendar";
    overview_text = "Fristen im eigenen Kalenderprogramm sehen" | "See due dates in your own calendar program";
    lead = "Mit einer geheimen Adresse liest Ihr Kalenderprogramm die Tage hier mit. Abonnieren Sie sie dort als Kalender aus dem Internet." | "By a secret address, your calendar program reads the days from here. Subscribe to it there as a calendar from the internet.";
    own_title = "Meine Fristen" | "My due dates";
    own_text = "Ihr erster Arbeitstag, und bis wann Sie was zu erledigen haben." | "Your first working day, and what you have to do by when.";
    hr_title = "Starts und Fristen aller" | "Everyone’s starts and due dates";
    hr_text = "Wer wann anfängt und bei wem wann etwas fällig ist, einen Monat zurück und sechs voraus. Nur Namen und Tage." | "Who starts when, and who has something due when, one month back and six ahead. Names and days only.";
    none_yet = "Noch keine Adresse." | "No address yet.";
    made_on(day: &str) = "Erzeugt am {day}" | "Made on {day}";
    never_read = "noch nie abgerufen" | "never read so far";
    read_last(moment: &str) = "zuletzt abgerufen {moment}" | "read last {moment}";
    make = "Adresse erzeugen" | "Make an address";
    replace = "Durch eine neue ersetzen" | "Replace by a new one";
    end = "Beenden" | "End";
    of_calendar(title: &str) = ": {title}" | ": {title}";
    address = "Ihre neue Adresse" | "Your new address";
    address_once = "Nur jetzt zu sehen: Kopieren Sie sie gleich. Wer sie hat, liest den Kalender; geben Sie sie nicht weiter." | "Shown only now: copy it at once. Whoever has it reads the calendar, so do not pass it on.";
    how_it_ends = "Eine Adresse gilt, bis Sie sie ersetzen oder beenden. Sie endet auch, wenn Sie ein neues Passwort setzen, wenn Ihre zweiten Faktoren zurückgesetzt werden, und mit Ihrem Konto." | "An address works until you replace or end it. It also ends when you set a new password, when your second factors are reset, and with your account.";
    said_made = "Die Adresse ist erzeugt. Eine frühere gilt nicht mehr." | "The address was made. An earlier one stopped working.";
    said_ended = "Die Adresse gilt nicht mehr." | "The address stopped working.";
}
