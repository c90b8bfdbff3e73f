//! Courses as their authors see them.

use crate::domain::{
    course::Course,
    gaps::{Flaw, Gap, Part, Place},
    locale::Locale,
};

texts! {
    title = "Schulungen" | "Courses";
    lead = "Lektionen und Fragen, auf Deutsch und Englisch. Was Sie schreiben, sieht niemand, bis Sie es veröffentlichen." | "Lessons and questions, in German and English. Nobody sees what you write before you publish it.";
    empty_title = "Noch kein Kurs" | "No course yet";
    empty_text = "Legen Sie einen an oder übernehmen Sie einen aus einer Datei." | "Begin one, or take one over from a file.";
    new = "Neuer Kurs" | "New course";
    create = "Kurs anlegen" | "Add the course";
    new_lead = "Geben Sie dem Kurs einen Titel. Lektionen und Fragen kommen danach." | "Give the course a title. Lessons and questions come next.";
    import = "Aus einer Datei übernehmen" | "Take over from a file";
    version_of(number: i64, date: &str) = "Fassung\u{A0}{number} vom {date}" | "Version\u{A0}{number} of {date}";
    never_published = "Noch nie veröffentlicht" | "Never published";
    draft = "Entwurf" | "Draft";
    draft_of(name: &str, moment: &str) = "Entwurf, zuletzt geändert von {name} am {moment}" | "Draft, last changed by {name} on {moment}";
    no_draft = "Kein Entwurf. Sobald Sie etwas ändern, entsteht einer; die veröffentlichte Fassung bleibt, wie sie ist." | "No draft. As soon as you change something there is one; the published version stays as it is.";
    lesson = "Lektion" | "lesson";
    lessons = "Lektionen" | "lessons";
    question = "Frage" | "question";
    questions = "Fragen" | "questions";

    settings = "Titel und Quiz" | "Title and quiz";
    draw = "Fragen je Versuch" | "Questions per attempt";
    draw_hint = "Jeder Versuch bekommt eigene, auf die Lektionen verteilt. Leer: alle Fragen." | "Each attempt gets its own, spread over the lessons. Empty: all questions.";
    pass_mark = "Richtige Antworten zum Bestehen" | "Right answers to pass";
    attempts = "Versuche in 24\u{A0}Stunden" | "Attempts within 24\u{A0}hours";
    attempts_hint = "Danach macht das Quiz eine Pause." | "After that the quiz pauses.";

    lessons_title = "Lektionen" | "Lessons";
    no_lessons = "Noch keine Lektion." | "No lesson yet.";
    add_lesson = "Lektion anlegen" | "Add a lesson";
    up = "Nach oben" | "Move up";
    down = "Nach unten" | "Move down";
    edit = "Bearbeiten" | "Edit";
    edit_lesson(title: &str) = "Lektion: {title}" | "Lesson: {title}";
    body_hint = "Markdown: ## Überschrift, **fett**, - Aufzählung, 1. Liste, [Text](Adresse)" | "Markdown: ## heading, **bold**, - bullet, 1. list, [text](address)";
    save_lesson = "Speichern und ansehen" | "Save and look at it";
    preview = "So sieht der Text aus" | "This is what the text looks like";
    remove_lesson = "Lektion entfernen" | "Remove the lesson";
    remove_lesson_text = "Die Lektion verschwindet aus dem Entwurf. Ihre Fragen bleiben und brauchen danach eine andere Lektion." | "The lesson disappears from the draft. Its questions stay and then need another lesson.";
    image_title = "Bild einfügen" | "Add an image";
    image_text = "Speichern Sie Ihren Text vorher. Das Bild kommt ans Ende beider Texte; die Zeile können Sie dann verschieben." | "Save your text first. The image goes to the end of both texts; then you can move its line.";
    image_file = "Bilddatei" | "Image file";
    image_hint = "PNG oder JPEG, höchstens 2\u{A0}MiB" | "PNG or JPEG, 2\u{A0}MiB at most";
    image_de = "Was darauf zu sehen ist, auf Deutsch" | "What it shows, in German";
    image_en = "Was darauf zu sehen ist, auf Englisch" | "What it shows, in English";
    image_button = "Bild einfügen" | "Add the image";

    questions_title = "Fragen" | "Questions";
    questions_lead(course: &str) = "Die Fragensammlung von „{course}“. Jeder Versuch zieht daraus." | "The bank of questions of “{course}”. Each attempt draws from it.";
    all_questions = "Fragen ansehen" | "See the questions";
    no_questions = "Noch keine Frage" | "No question yet";
    no_questions_text = "Schreiben Sie je Lektion einige; je mehr es sind, desto verschiedener wird jeder Versuch." | "Write some for each lesson; the more there are, the more attempts differ.";
    add_question = "Frage anlegen" | "Add a question";
    edit_question(number: usize) = "Frage {number}" | "Question {number}";
    question_lesson = "Lektion, die das lehrt" | "Lesson that teaches it";
    no_lesson = "Keine Lektion" | "No lesson";
    choose_lesson = "Bitte wählen" | "Please choose";
    text_de = "Frage auf Deutsch" | "Question in German";
    text_en = "Frage auf Englisch" | "Question in English";
    options = "Antworten" | "Answers";
    options_hint = "Zwei bis sechs, genau eine richtige. Leere Zeilen fallen weg. Die Reihenfolge wird bei jedem Versuch gemischt." | "Two to six, exactly one right. Empty rows are left out. Their order is mixed for each attempt.";
    option_de(number: usize) = "Antwort {number} auf Deutsch" | "Answer {number} in German";
    option_en(number: usize) = "Antwort {number} auf Englisch" | "Answer {number} in English";
    right(number: usize) = "Antwort {number} ist richtig" | "Answer {number} is right";
    explanation_de = "Erklärung auf Deutsch" | "Explanation in German";
    explanation_en = "Erklärung auf Englisch" | "Explanation in English";
    explanation_hint = "Erscheint, sobald jemand geantwortet hat." | "Shown as soon as somebody has answered.";
    remove_question = "Frage entfernen" | "Remove the question";
    remove_question_text = "Die Frage verschwindet aus dem Entwurf." | "The question disappears from the draft.";

    try_quiz = "Quiz ausprobieren" | "Try the quiz";
    try_lead(right: usize, asked: usize) = "So könnte ein Versuch aussehen: {asked} Fragen, {right} richtige zum Bestehen. Hier wird nichts gespeichert." | "An attempt could look like this: {asked} questions, {right} right ones to pass. Nothing is saved here.";
    try_empty = "Ein Quiz braucht Fragen. Legen Sie zuerst welche an." | "A quiz needs questions. Add some first.";
    try_check = "Auswerten" | "Check";
    try_other = "Andere Fragen ziehen" | "Draw other questions";
    try_passed(right: usize, asked: usize) = "Bestanden: {right} von {asked} richtig." | "Passed: {right} of {asked} right.";
    try_failed(right: usize, asked: usize) = "Nicht bestanden: {right} von {asked} richtig." | "Not passed: {right} of {asked} right.";

    gaps_title(n: &str) = "Vor dem Veröffentlichen fehlt noch etwas: {n}" | "Before it can be published something is missing: {n}";
    whole_course = "Kurs" | "Course";
    gap = "Stelle" | "place";
    gaps = "Stellen" | "places";

    versions = "Veröffentlichte Fassungen" | "Published versions";
    column_version = "Fassung" | "Version";
    column_date = "Veröffentlicht" | "Published";
    column_weight = "Für alle, die bestanden hatten" | "For those who had passed";
    column_hash = "Prüfsumme (SHA-256)" | "Checksum (SHA-256)";
    was_material = "noch einmal" | "pass again";
    was_minor = "gilt weiter" | "still counts";
    export = "Als Datei sichern" | "Save as a file";
    discard = "Entwurf verwerfen" | "Discard the draft";
    discard_text = "Was seit der letzten Veröffentlichung geschrieben wurde, ist dann weg." | "What was written since the last publication is gone then.";
    discard_text_new = "Der Kurs wurde noch nie veröffentlicht und verschwindet mit dem Entwurf." | "The course was never published and disappears with its draft.";

    publish = "Veröffentlichen" | "Publish";
    publish_title(course: &str) = "„{course}“ veröffentlichen" | "Publish “{course}”";
    publish_lead = "Eine veröffentlichte Fassung ändert sich nie mehr. Wer eine frühere bestanden hat, behält den Nachweis." | "A published version never changes again. Whoever passed an earlier one keeps the proof.";
    weight = "Was bedeutet diese Fassung für alle, die schon bestanden haben?" | "What does this version mean for those who have passed?";
    minor = "Nichts: der Nachweis gilt weiter" | "Nothing: their pass still counts";
    minor_text = "Für berichtigte Tippfehler und klarere Sätze." | "For corrected typos and clearer sentences.";
    material = "Alle bestehen noch einmal" | "Everyone passes again";
    material_text(people: &str, date: &str) = "{people} noch einmal auf der Checkliste, fällig am {date}. Was bestanden war, bleibt im Nachweis." | "{people} once more on the checklist, due on {date}. What was passed stays on record.";
    passed_one = "Person hat den Kurs" | "person has the course";
    passed_many = "Personen haben den Kurs" | "people have the course";
    open_text(people: &str) = "{people} noch nicht bestanden und sehen ab sofort die neue Fassung." | "{people} not passed yet and will see the new version from now on.";
    open_one = "Person hat" | "person has";
    open_many = "Personen haben" | "people have";
    first_text(people: &str, date: &str) = "Der Kurs wird Pflicht für alle: {people} jetzt, fällig frühestens am {date}; alle, die neu anfangen, 30\u{A0}Tage nach ihrem ersten Tag. Danach jedes Jahr wieder." | "The course becomes mandatory for everybody: {people} now, due on {date} at the earliest; newcomers within 30\u{A0}days of their first day. Then again every year.";
    person_one = "Person" | "person";
    person_many = "Personen" | "people";

    import_lead = "Eine Datei, die hier oder anderswo mit „Als Datei sichern“ entstanden ist. Sie wird geprüft und gezeigt, bevor etwas geschieht." | "A file made here or elsewhere by “Save as a file”. It is checked and shown before anything happens.";
    import_file = "Kursdatei" | "Course file";
    import_hint = "*.antritt-course, höchstens 10\u{A0}MiB" | "*.antritt-course, 10\u{A0}MiB at most";
    import_button = "Prüfen und ansehen" | "Check and look at it";
    preview_title = "Kursdatei" | "Course file";
    preview_unnamed = "Ihre Datei" | "Your file";
    preview_refused(n: &str) = "Diese Datei kann so nicht übernommen werden: {n}" | "This file cannot be taken over like this: {n}";
    problem_one = "Fehler" | "problem";
    problem_many = "Fehler" | "problems";
    preview_other = "Andere Datei wählen" | "Choose another file";
    preview_sound = "Die Datei ist in Ordnung." | "The file is sound.";
    preview_images(n: usize) = "{n} Bilder" | "{n} images";
    preview_into = "Was soll daraus werden?" | "What shall become of it?";
    preview_new = "Ein neuer Kurs" | "A new course";
    preview_draft_of(title: &str) = "Der Entwurf von „{title}“" | "The draft of “{title}”";
    preview_replaces = "Der Entwurf, den es schon gibt, wird ersetzt." | "The draft that is there is replaced.";
    preview_take = "Als Entwurf übernehmen" | "Take over as a draft";
    column_place = "Stelle" | "Place";
    column_problem = "Was nicht stimmt" | "What is wrong";

    file_not_json(line: usize, column: usize) = "Das ist keine lesbare Kursdatei; ab Zeile {line}, Zeichen {column} ist sie kein JSON mehr." | "This is no readable course file; from line {line}, character {column} on it is no JSON any more.";
    file_not_a_course = "Das ist keine Kursdatei von Antritt." | "This is no course file of Antritt.";
    file_too_new(version: u32) = "Diese Datei stammt aus einer neueren Version von Antritt (Format {version}). Aktualisieren Sie Antritt." | "This file comes from a later version of Antritt (format {version}). Update Antritt.";
    file_shape(line: usize, detail: &str) = "Hier steht nicht, was hierher gehört (Zeile {line}: {detail})." | "This is not what belongs here (line {line}: {detail}).";
    file_image = "Das Bild ist kein PNG oder JPEG bis 2\u{A0}MiB, oder es passt nicht zu seiner Prüfsumme." | "The image is no PNG or JPEG of up to 2\u{A0}MiB, or does not match its checksum.";

    german = "Deutsch" | "German";
    english = "Englisch" | "English";
    part_title = "Titel" | "title";
    part_body = "Text" | "text";
    part_text = "Frage" | "question";
    part_explanation = "Erklärung" | "explanation";
    part_option(number: usize) = "Antwort {number}" | "answer {number}";
    missing(part: &str, language: &str) = "{part} auf {language} fehlt." | "The {part} in {language} is missing.";
    too_long(part: &str, language: &str, max: usize) = "{part} auf {language} ist zu lang: höchstens {max} Zeichen." | "The {part} in {language} is too long: {max} characters at most.";
    controls(part: &str, language: &str) = "{part} auf {language} enthält unsichtbare Steuerzeichen." | "The {part} in {language} contains invisible control characters.";
    no_lessons_gap = "Es gibt keine Lektion." | "There is no lesson.";
    no_questions_gap = "Es gibt keine Frage." | "There is no question.";
    too_many_lessons(max: usize) = "Es sind zu viele Lektionen: höchstens {max}." | "There are too many lessons: {max} at most.";
    too_many_questions(max: usize) = "Es sind zu viele Fragen: höchstens {max}." | "There are too many questions: {max} at most.";
    draw_gap(max: usize) = "Je Versuch müssen es mindestens eine Frage und höchstens alle {max} sein." | "Each attempt must ask at least one question and at most all {max}.";
    pass_mark_gap(max: usize) = "Zum Bestehen müssen es mindestens eine und höchstens {max} richtige Antworten sein." | "To pass there must be at least one and at most {max} right answers.";
    attempts_gap(max: usize) = "Es müssen mindestens ein Versuch und höchstens {max} in 24\u{A0}Stunden sein." | "There must be at least one attempt and at most {max} within 24\u{A0}hours.";
    name_gap = "Der Kurzname darf nur Kleinbuchstaben, Ziffern und Bindestriche enthalten und nicht „new“ heißen." | "The short name may contain lower-case letters, digits and hyphens only, and may not be “new”.";
    name_taken = "Der Kurzname kommt zweimal vor." | "The short name occurs twice.";
    unknown_lesson = "Die Frage gehört zu keiner Lektion des Kurses." | "The question belongs to no lesson of the course.";
    options_gap(min: usize, max: usize) = "Es müssen {min} bis {max} Antworten sein." | "There must be {min} to {max} answers.";
    no_right_option = "Keine Antwort ist als richtig gekennzeichnet." | "No answer is marked as right.";
    several_right_options = "Mehrere Antworten sind als richtig gekennzeichnet." | "Several answers are marked as right.";
    same_option(number: usize) = "Antwort {number} lautet wie eine andere." | "Answer {number} reads like another one.";
    image_without_text(language: &str) = "Ein Bild im Text auf {language} hat keine Beschreibung." | "An image in the text in {language} has no description.";
    unknown_image(language: &str) = "Ein Bild im Text auf {language} wurde nicht hier hochgeladen." | "An image in the text in {language} was not uploaded here.";
    in_lesson(number: usize, title: &str) = "Lektion {number} „{title}“" | "Lesson {number} “{title}”";
    in_question(number: usize, text: &str) = "Frage {number} „{text}“" | "Question {number} “{text}”";
}

/// Where a gap is: the course itself, or a lesson or question by its number and its first words.
pub fn place(locale: Locale, course: &Course, place: Place) -> String {
    let beginning = |text: &str| match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    };
    match place {
        Place::Course => whole_course(locale).to_owned(),
        Place::Lesson(index) => in_lesson(
            locale,
            index + 1,
            &beginning(course.lessons.get(index).map_or("", |lesson| lesson.title.get(locale))),
        ),
        Place::Question(index) => in_question(
            locale,
            index + 1,
            &beginning(course.questions.get(index).map_or("", |question| question.text.get(locale))),
        ),
    }
}

/// What is missing or wrong there.
pub fn flaw(locale: Locale, gap: &Gap) -> String {
    let language = |language: Locale| match language {
        Locale::De => german(locale),
        Locale::En => english(locale),
    };
    match &gap.flaw {
        Flaw::Missing(text, tongue) => missing(locale, &part(locale, *text), language(*tongue)),
        Flaw::TooLong(text, tongue, max) => too_long(locale, &part(locale, *text), language(*tongue), *max),
        Flaw::ControlCharacters(text, tongue) => controls(locale, &part(locale, *text), language(*tongue)),
        Flaw::NoLessons => no_lessons_gap(locale).to_owned(),
        Flaw::NoQuestions => no_questions_gap(locale).to_owned(),
        Flaw::TooManyLessons(max) => too_many_lessons(locale, *max),
        Flaw::TooManyQuestions(max) => too_many_questions(locale, *max),
        Flaw::Draw(max) => draw_gap(locale, *max),
        Flaw::PassMark(max) => pass_mark_gap(locale, *max),
        Flaw::Attempts(max) => attempts_gap(locale, *max),
        Flaw::Name => name_gap(locale).to_owned(),
        Flaw::NameTaken => name_taken(locale).to_owned(),
        Flaw::UnknownLesson => unknown_lesson(locale).to_owned(),
        Flaw::Options(min, max) => options_gap(locale, *min, *max),
        Flaw::NoRightOption => no_right_option(locale).to_owned(),
        Flaw::SeveralRightOptions => several_right_options(locale).to_owned(),
        Flaw::SameOption(index) => same_option(locale, index + 1),
        Flaw::ImageWithoutText(tongue) => image_without_text(locale, language(*tongue)),
        Flaw::UnknownImage(tongue) => unknown_image(locale, language(*tongue)),
    }
}

fn part(locale: Locale, part: Part) -> String {
    match part {
        Part::Title => part_title(locale).to_owned(),
        Part::Body => part_body(locale).to_owned(),
        Part::Text => part_text(locale).to_owned(),
        Part::Explanation => part_explanation(locale).to_owned(),
        Part::Option(index) => part_option(locale, index + 1),
    }
}
