//! The register of exceptions, and the forms that lead to it.

texts! {
    title = "Ausnahmen" | "Exceptions";
    lead = "Wer wovon befreit ist, warum, was stattdessen geschieht und bis wann. Nichts verschwindet aus diesem Register." | "Who is exempt from what, why, what happens instead, and until when. Nothing ever leaves this register.";
    export = "Als CSV herunterladen" | "Download as CSV";
    filter = "Anzeigen" | "Show";
    all = "Alle" | "All";
    requested = "Zu entscheiden" | "To decide";
    in_force = "In Kraft" | "In force";
    over = "Beendet" | "Over";
    refused = "Abgelehnt" | "Refused";
    empty_title = "Keine Ausnahmen" | "No exceptions";
    empty_text = "Bisher gilt alles für alle. Eine Ausnahme beantragen Sie auf der Seite einer Person." | "So far everything applies to everybody. Ask for an exemption on a person’s page.";
    empty_filter = "In dieser Auswahl steht nichts." | "There is nothing in this selection.";
    start_without = "Start ohne unterschriebenes NDA" | "Start without a signed NDA";
    reason = "Grund" | "Reason";
    instead = "Stattdessen" | "Instead";
    removed = "Nach der Aufbewahrungsfrist entfernt" | "Removed after the retention period";
    until = "Gilt bis" | "Holds until";
    requested_by = "Beantragt" | "Requested";
    allowed_by = "Erlaubt" | "Allowed";
    approved_by = "Genehmigt" | "Approved";
    refused_by = "Abgelehnt" | "Refused";
    ended_at = "Beendet" | "Ended";
    by_on(name: &str, moment: &str) = "von {name} am {moment}" | "by {name} on {moment}";
    approve = "Genehmigen" | "Approve";
    refuse = "Ablehnen" | "Refuse";
    end_now = "Jetzt beenden" | "End now";
    own_request = "Ihr Antrag: Darüber entscheidet jemand anderes." | "Your request: somebody else decides it.";

    request_title = "Ausnahme beantragen" | "Ask for an exemption";
    request_lead(item: &str, name: &str) = "{item} für {name}" | "{item} for {name}";
    request_note = "Aufgehoben wird erst, wenn jemand anderes aus HR oder Sicherheit zustimmt. Danach steht der Eintrag auf Dauer im Register." | "Nothing is lifted until somebody else in HR or security approves. The entry then stays on the register for good.";
    request_button = "Antrag stellen" | "Send the request";
    request_pending = "Für diesen Punkt ist schon eine Ausnahme beantragt. Sie steht im Register und wartet auf die Entscheidung von jemand anderem." | "An exemption has been asked for already. It is on the register and waits for somebody else's decision.";
    request_over = "Dieser Punkt ist erledigt oder beendet. Hier gibt es nichts aufzuheben." | "This item is done or has ended. There is nothing to lift.";
    reason_hint = "Warum gilt der Punkt für diese Person nicht? Keine Gesundheitsdaten, keine Inhalte von Auskünften." | "Why does the item not apply to this person? No health data, nothing out of reports.";
    step_field = "Was geschieht stattdessen?" | "What happens instead?";
    step_hint = "Zum Beispiel: Einweisung durch die Führungskraft, kein Zugriff auf Kundendaten." | "For example: briefing by the manager, no access to customer data.";
    until_field = "Gilt bis einschließlich" | "Holds until and including";
    until_hint = "Danach ist der Punkt wieder offen, mit 14 Tagen Zeit; war er schon überfällig, bleibt er es. Höchstens zwei Jahre." | "After that the item is open again, with 14 days to do it; if it was overdue before, it still is. Two years at most.";
    to_register = "Zum Register" | "To the register";
    ask = "Ausnahme" | "Exempt";

    allow_title = "Start ohne NDA erlauben" | "Allow the start without an NDA";
    allow_note = "Sie stehen mit Ihrem Namen dafür ein. Das NDA bleibt fällig, und eine Unterschrift nach dem ersten Tag bleibt verspätet. Der Eintrag steht auf Dauer im Register der Ausnahmen." | "You answer for this by name. The NDA stays due, and a signature after the first day stays late. The entry stays on the register of exceptions for good.";
    allow_reason_hint = "Warum kann der erste Tag nicht warten?" | "Why can the first day not wait?";
    allow_step_hint = "Zum Beispiel: kein Zugang zu Systemen und Unterlagen bis zur Unterschrift." | "For example: no access to systems and files until it is signed.";
    allow_until_field = "Unterschrift spätestens am" | "To be signed by";
    allow_until_hint = "Danach steht die Person wieder auf Rot." | "After that the person is red again.";
    allow_button = "Start erlauben" | "Allow the start";
    allow_over = "Das NDA ist unterschrieben, oder der Start ist schon erlaubt." | "The NDA is signed, or the start is allowed already.";
    allow_link = "Start erlauben" | "Allow start";
}
