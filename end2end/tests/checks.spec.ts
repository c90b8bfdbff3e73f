// A background check: what the law says, consent in the app, asked, waiting, outcome; and the words that administrators own.
import { addPerson, arrive, comeBack, follow, inDays, type Newcomer } from './people';
import { expect, signIn, test } from './server';

test('a check runs from consent to outcome under the sentence that the administrator wrote', async ({ page, demo }, info) => {
  test.setTimeout(90_000);
  const tag = info.project.name;
  const ada: Newcomer = { name: `Ada Hill ${tag}`, email: `ada.${tag}@privat.example`, kind: 'employee', country: 'GB', department: 'Vertrieb', startsIn: 12 };
  const sentence = `Fragen Sie nur, was die Stelle verlangt. Keine Rechtsberatung. (${tag})`;
  const inEnglish = `Ask only what the job demands. No legal advice. (${tag})`;

  await test.step('the administrator words what applies in the country', async () => {
    await signIn(page, demo, 'admin');
    await follow(page, 'Inhalte', /^Überprüfungen je Land/, /^Vereinigtes Königreich/);
    await page.locator('#sentence_de').fill(sentence);
    await page.locator('#sentence_en').fill('');
    await page.getByRole('button', { name: 'Speichern' }).click();
    await expect(page.locator('.error-summary')).toContainText('Erklärung auf Englisch');
    await expect(page.locator('#sentence_de')).toHaveValue(sentence);
    await page.locator('#sentence_en').fill(inEnglish);
    await page.getByRole('button', { name: 'Speichern' }).click();
    await expect(page.locator('.notice.success')).toBeVisible();
  });

  const person = await addPerson(page, demo, ada);
  await test.step('HR reads it, and cannot ask a provider before there is consent', async () => {
    await page.getByRole('link', { name: 'Überprüfung anfordern' }).click();
    await expect(page.locator('main')).toContainText(sentence);
    await expect(page.locator('main')).toContainText('bis dahin darf kein Dienstleister gefragt werden');
    await expect(page.locator('a[href*="choice=basic"]')).toHaveCount(0);
    await expect(page.locator('a[href*="choice=references"]')).toBeVisible();
  });

  await test.step('the person reads it in their language, and consents', async () => {
    await arrive(page, demo, ada);
    await page.locator('main a[href^="/checklist/check/"]').first().click();
    await expect(page.locator('main')).toContainText(inEnglish);
    await page.locator('#consents').check();
    await page.getByRole('button', { name: 'Consent', exact: true }).click();
    await expect(page.locator('.notice.success')).toBeVisible();
    await page.goto('/checklist');
    await page.locator('main a[href^="/checklist/check/"]').first().click();
    await expect(page.locator('blockquote')).toContainText(inEnglish);
    await expect(page.getByRole('button', { name: 'Withdraw consent' })).toBeVisible();
  });

  await test.step('HR records request, waiting and outcome; a note with a number out of a report is refused', async () => {
    await signIn(page, demo, 'hr');
    await page.goto(person);
    await page.getByRole('link', { name: 'Überprüfung anfordern' }).click();
    await page.locator('a[href*="choice=basic"]').click();
    await page.locator('#provider').fill('Harbourline Screening');
    await page.locator('#reference').fill('BW-20001');
    await page.locator('#note').fill('Ausweis 123456789, geboren 01.02.1990');
    await page.getByRole('button', { name: 'Anforderung eintragen' }).click();
    await expect(page.locator('.error-summary')).toContainText('Notiz zum Ablauf');
    await expect(page.locator('#provider')).toHaveValue('Harbourline Screening');
    await page.locator('#note').fill('Angehörige der Filiale Leeds');
    await page.getByRole('button', { name: 'Anforderung eintragen' }).click();
    await expect(page.locator('.notice.success')).toBeVisible();
    await page.goto(person);
    await page.getByRole('link', { name: 'Ergebnis eintragen' }).click();
    await page.locator('form[action*="provider"] button').click();
    await expect(page.locator('.notice.success')).toBeVisible();
    await page.goto(person);
    await page.getByRole('link', { name: 'Ergebnis eintragen' }).click();
    await page.getByLabel(/^Bestanden/).check();
    await page.locator('#purge_on').fill(inDays(90));
    await page.getByRole('button', { name: 'Ergebnis eintragen' }).click();
    await expect(page.locator('.notice.success')).toBeVisible();
    await page.goto(person);
    await page.getByRole('link', { name: 'Überprüfung ansehen' }).click();
    await expect(page.locator('.timeline .done')).toHaveCount(4);
    await expect(page.locator('dl.facts')).toContainText('BW-20001');
  });

  await test.step('the person sees that it is finished, and nothing more', async () => {
    await comeBack(page, ada);
    await page.locator('main a[href^="/checklist/check/"]').first().click();
    await expect(page.locator('.notice.info')).toContainText('The check is finished.');
    await expect(page.locator('main')).not.toContainText('BW-20001');
  });
});
