//! What the company's offices do: the administrator's NDAs, HR's records, the security lead's policies and decisions.

use super::{
    content::{self, CHANGE, TEMPLATES, UNFINISHED},
    pen,
    play::{Stage, sign_in},
    steps::{DAY, Moment, Step},
    stories::{HR, LEAVER, SECOND_VERSION_DUE, UNLISTED},
};
use crate::{
    domain::{
        Instant,
        document::Weight,
        evidence::CheckOutcome,
        exemption::Status,
        member::Remembered,
        person::{PersonForm, iso_date},
        requirement::RequirementKind,
    },
    server::{
        service::{
            Error, Result,
            checks::{OutcomeForm, RequestForm},
            drafts::DraftForm,
            exemptions::ExemptionForm,
            nda::{PaperForm, Upload},
            releases::ReleaseForm,
            rows::CheckFile,
        },
        zones,
    },
};

impl Stage<'_> {
    /// On the first day: an NDA for each group that needs one of its own.
    pub(super) async fn publish_ndas(&self, now: Instant) -> Result<()> {
        let (templates, documents) = (self.admin.nda_template_desk(self.app)?, self.admin.document_desk(self.app)?);
        let default = templates.list(now).await?.into_iter().next().ok_or(Error::NotFound)?;
        let default = documents.open(default.template.document).await?.texts();
        for template in &TEMPLATES {
            let id = templates.create(now, &template.audience).await?;
            documents.save(now, id, 0, content::form(&template.texts(&default))).await?;
            let seen = documents.open(id).await?.revision();
            documents.publish(now, id, seen, ReleaseForm::default()).await?;
        }
        Ok(())
    }

    pub(super) async fn publish_policy(&self, now: Instant) -> Result<()> {
        let desk = self.security.document_desk(self.app)?;
        let mut changed = None;
        for policy in desk.list(now).await? {
            let texts = desk.open(policy.id).await?.texts();
            changed = changed.or(content::second_version(&texts).map(|texts| (policy.id, texts)));
        }
        let (policy, texts) = changed.ok_or(Error::NotFound)?;
        desk.save(now, policy, 0, content::form(&texts)).await?;
        let seen = desk.open(policy).await?.revision();
        let form = ReleaseForm {
            weight: Weight::Material.as_str(),
            effective_on: &iso_date(self.date(SECOND_VERSION_DUE)),
            change_de: CHANGE[0],
            change_en: CHANGE[1],
        };
        desk.publish(now, policy, seen, form).await.map(drop)
    }

    pub(super) async fn draft_policy(&self, now: Instant) -> Result<()> {
        let desk = self.security.document_desk(self.app)?;
        let DraftForm { title_de, title_en, .. } = UNFINISHED;
        let id = desk.add_policy(now, title_de, title_en).await?;
        let seen = desk.open(id).await?.revision();
        desk.save(now, id, seen, UNFINISHED).await.map(drop)
    }

    /// HR compares with the password manager's list: most fits, two accounts are machines', some people are not in it, and
    /// somebody who left still is.
    pub(super) async fn import_members(&self, now: Instant, moment: Moment) -> Result<()> {
        let mut list = "Email,Name,Status,Role,Two-step Login,Account Recovery\n\
                        build@demo.example,Build,Confirmed,User,Disabled,Not Enrolled\n\
                        backup@demo.example,Backup,Confirmed,User,Enabled,Not Enrolled\n"
            .to_owned();
        let is_newest = !self.stories[HR]
            .steps
            .iter()
            .any(|(later, step)| *later > moment && *step == Step::CompareMembers);
        for (index, story) in self.stories.iter().enumerate() {
            let left = story.did(moment, |step| matches!(step, Step::Leave(last_day) if last_day * DAY < moment));
            let (status, two_step) = if left || story.did(moment, |step| *step == Step::ConfirmEnrolment) {
                ("Confirmed", "Enabled")
            } else if story.did(moment, |step| *step == Step::Declare) {
                ("Confirmed", "Disabled")
            } else {
                ("Invited", "Disabled")
            };
            let is_missing = (index + 1).is_multiple_of(20) || (index == UNLISTED && is_newest);
            let is_listed = if left { index == LEAVER } else { story.start * DAY <= moment && !is_missing };
            if is_listed {
                let email = Some(&story.form.work_email)
                    .filter(|email| !email.is_empty())
                    .unwrap_or(&story.form.private_email);
                let line = [email.as_str(), &story.form.name, status, "User", two_step, "Enrolled"].join(",");
                list.push_str(&line);
                list.push('\n');
            }
        }
        let hr = sign_in(self.app, self.hr()?.account()).await?;
        let desk = hr.enrolment_desk(self.app)?;
        let id = desk.upload_members(now, "bitwarden_org-members_export.csv", list.into_bytes()).await?;
        desk.apply_members(now, id, false).await?;
        desk.remember_member(now, "backup@demo.example", Remembered::NotOurs).await
    }

    /// What HR and the security lead do about one person.
    pub(super) async fn administer(&self, now: Instant, index: usize, step: Step) -> Result<()> {
        let hr = self.hr()?;
        match step {
            Step::ConfirmNda | Step::NdaOnPaper | Step::WithdrawNda | Step::AllowStart => self.administer_nda(now, index, step).await,
            Step::RequestCheck | Step::HandOverCheck | Step::CompleteCheck(_) => self.administer_check(now, index, step).await,
            Step::RequestExemption(plea) => {
                let id = self.item(now, index, plea.item, 0).await?;
                let form = ExemptionForm {
                    reason: plea.reason.to_owned(),
                    compensating_step: plea.instead.to_owned(),
                    ends_on: iso_date(self.date(plea.ends)),
                };
                hr.exemption_request_desk(self.app)?.request(now, id, &form).await.map(drop)
            }
            Step::ApproveExemption => {
                let waiting = self.security.exemption_desk(self.app)?.list(Some(Status::Requested), None).await?;
                let person = self.id(index)?;
                let exemption = waiting.rows.iter().find(|exemption| exemption.person == person).ok_or(Error::NotFound)?;
                let security = sign_in(self.app, self.security.account()).await?;
                security.exemption_decision_desk(self.app)?.decide(now, exemption.id, true).await
            }
            Step::ConfirmEnrolment => {
                let id = self.item(now, index, RequirementKind::PasswordManager, 0).await?;
                // Nobody confirms for themself.
                let by = if index == HR { &self.security } else { hr };
                by.enrolment_desk(self.app)?.confirm(now, id).await.map(drop)
            }
            Step::MoveStart(day) => {
                let desk = hr.people_editing_desk(self.app)?;
                let (person, day) = (self.id(index)?, iso_date(self.date(day)));
                let seen = desk.preview_move(now, person, &day).await?.map(|preview| preview.seal).unwrap_or_default();
                desk.move_start(now, person, &day, "Resturlaub beim bisherigen Arbeitgeber", &seen)
                    .await
                    .map(drop)
            }
            Step::Leave(day) => {
                let hr = sign_in(self.app, hr.account()).await?;
                let desk = hr.people_editing_desk(self.app)?;
                desk.record_last_day(now, self.id(index)?, &iso_date(self.date(day))).await
            }
            _ => Ok(()),
        }
    }

    async fn administer_nda(&self, now: Instant, index: usize, step: Step) -> Result<()> {
        let desk = self.hr()?.nda_desk(self.app)?;
        let id = self.item(now, index, RequirementKind::Nda, 0).await?;
        match step {
            Step::NdaOnPaper => {
                let name = &self.stories[index].form.name;
                // Now and then the scan is still missing.
                let scan = if index.is_multiple_of(4) { None } else { Some(pen::scan(name)) };
                let paper = PaperForm {
                    signed_on: &self.local_date(now, index),
                    note: "Original in der Personalakte",
                    scan: scan.as_deref().map(|content| Upload {
                        name: "Vertraulichkeitsvereinbarung.pdf",
                        content: Some(content),
                    }),
                };
                desk.record_on_paper(now, self.id(index)?, id, &paper).await
            }
            Step::WithdrawNda => desk.withdraw(now, id, "Der Text nennt noch den alten ersten Arbeitstag").await.map(drop),
            Step::AllowStart => {
                let form = ExemptionForm {
                    reason: "Eine Frage zum Text liegt bei der Rechtsabteilung".to_owned(),
                    compensating_step: "Kein Zugang zu Kundendaten bis zur Unterschrift".to_owned(),
                    ends_on: iso_date(self.date(10)),
                };
                let hr = sign_in(self.app, self.hr()?.account()).await?;
                hr.nda_desk(self.app)?.allow_start(now, id, &form).await.map(drop)
            }
            _ => desk.confirm(now, id).await.map(drop),
        }
    }

    async fn administer_check(&self, now: Instant, index: usize, step: Step) -> Result<()> {
        let desk = self.hr()?.check_desk(self.app)?;
        let id = self.item(now, index, RequirementKind::BackgroundCheck, 0).await?;
        let local_date = self.local_date(now, index);
        let done = match step {
            Step::CompleteCheck(outcome) => {
                let form = outcome_form(&desk.get(id).await?.file, outcome, local_date);
                desk.complete(now, id, &form).await
            }
            Step::HandOverCheck => desk.mark_with_provider(now, id, &local_date).await,
            _ => desk.request(now, id, &request_form(&self.stories[index].form, index, local_date)).await,
        };
        done.map(drop)
    }

    /// Today where somebody works, as forms have it.
    fn local_date(&self, now: Instant, index: usize) -> String {
        iso_date(zones::local_date(&self.stories[index].form.time_zone, now))
    }
}

fn request_form(form: &PersonForm, index: usize, requested_on: String) -> RequestForm {
    let (choice, provider) = match form.country.as_str() {
        "DE" | "AT" | "CH" => ("provider", "Hafenblick Auskunft"),
        "GB" => ("basic", "Harbourline Screening"),
        "US" => ("employment", "Northgate Screening"),
        _ => ("provider", "Harbourline Screening"),
    };
    RequestForm {
        choice: choice.to_owned(),
        provider: provider.to_owned(),
        reference: format!("BW-{:05}", 10_200 + index),
        requested_on,
        note: String::new(),
    }
}

/// What HR enters: what the provider said, or the first of the profile's choices that ends like this.
fn outcome_form(file: &CheckFile, outcome: CheckOutcome, completed_on: String) -> OutcomeForm {
    let choices = &file.profile.profile.choices;
    let own = choices.iter().find(|choice| choice.way.own_outcome() == Some(outcome));
    let requested = || file.check.as_ref().map(|check| check.legal_basis.clone()).unwrap_or_default();
    OutcomeForm {
        outcome: own.map_or(outcome.as_str(), |choice| &choice.key).to_owned(),
        completed_on,
        legal_basis: own.map_or_else(requested, |choice| choice.legal_basis.clone()),
        ..OutcomeForm::default()
    }
}
