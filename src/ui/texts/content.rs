//! The way to what is written here (policies, NDAs, courses, check profiles), and what their forms have in common.

texts! {
    title = "Inhalte" | "Content";
    lead = "Was auf den Checklisten zu lesen, zu lernen und zu unterschreiben ist." | "What there is to read, learn and sign on the checklists.";
    documents = "Richtlinien" | "Policies";
    documents_text = "Auf Deutsch und Englisch schreiben, Fassungen vergleichen, veröffentlichen." | "Write in German and English, compare versions, publish.";
    nda_templates = "NDA-Vorlagen" | "NDA templates";
    nda_templates_text = "Wer welche Vertraulichkeitsvereinbarung bekommt, und ihre Texte." | "Who gets which confidentiality agreement, and its texts.";
    courses = "Schulungen" | "Courses";
    courses_text = "Lektionen, Fragen und Bestehensgrenze." | "Lessons, questions and pass mark.";
    check_profiles = "Überprüfungen je Land" | "Checks by country";
    check_profiles_text = "Was in welchem Land rechtlich möglich ist, und der Satz, der es erklärt." | "What is lawful in which country, and the sentence that explains it.";
    title_de = "Titel auf Deutsch" | "Title in German";
    title_en = "Titel auf Englisch" | "Title in English";
    body_de = "Text auf Deutsch" | "Text in German";
    body_en = "Text auf Englisch" | "Text in English";
    preview_empty = "Noch kein Text." | "No text yet.";
}
