// The NDA: a template for a group, the exact text, the signature, the copy for ever; taken back, asked again; and on paper.
import type { Page, TestInfo } from '@playwright/test';
import { PNG, addPerson, arrive, comeBack, download, follow, inDays, type Newcomer } from './people';
import { expect, hasScript, signIn, test } from './server';

const newcomer = (name: string, info: TestInfo, kind: Newcomer['kind'], department: string): Newcomer => ({
  name: `${name} ${info.project.name}`,
  email: `${name.split(' ')[0]!.toLowerCase()}.${info.project.name}@privat.example`,
  kind,
  country: 'DE',
  department,
  startsIn: 10,
});

/** Signs what the checklist asks to sign. */
async function sign(page: Page, name: string) {
  await page.getByRole('link', { name: 'Lesen und unterschreiben' }).click();
  await page.locator('#consents').check();
  await page.locator('#typed_name').fill(name);
  await page.getByRole('button', { name: 'Verbindlich unterschreiben' }).click();
  await expect(page).toHaveURL(/\/checklist$/);
}

test('a contractor gets the text of their group, signs it, and keeps the copy after it is taken back', async ({ page, demo }, info) => {
  test.setTimeout(120_000);
  const noa = newcomer('Noa Blum', info, 'contractor', 'Werkstatt');
  await test.step('HR writes a template for contractors of one department', async () => {
    await signIn(page, demo, 'hr');
    await follow(page, 'Inhalte', /^NDA-Vorlagen/, 'Neue Vorlage');
    await page.locator('#name').fill('Freie in der Werkstatt');
    await page.locator('#kind').selectOption('contractor');
    await page.locator('#department').fill('Werkstatt');
    await page.getByRole('button', { name: 'Vorlage anlegen' }).click();
    await page.locator('#title_de').fill('Werkstatt-NDA');
    await page.locator('#title_en').fill('Workshop NDA');
    await page.locator('#body_de').fill('Zwischen {{company}} und {{name}}, ab {{begin}}: Was in der Werkstatt zu sehen ist, bleibt dort.');
    await page.locator('#body_en').fill('Between {{company}} and {{name}}, from {{start_date}}: what is seen in the workshop stays there.');
    await page.getByRole('button', { name: 'Entwurf speichern und Vorschau zeigen' }).click();
    await page.getByRole('link', { name: 'Weiter zur Veröffentlichung' }).click();
    await expect(page.locator('main'), 'a placeholder that nobody fills in').toContainText('{{begin}}');
    await page.getByRole('link', { name: 'Zum Entwurf' }).click();
    await page.locator('#body_de').fill((await page.locator('#body_de').inputValue()).replace('{{begin}}', '{{start_date}}'));
    await page.getByRole('button', { name: 'Entwurf speichern und Vorschau zeigen' }).click();
    await page.getByRole('link', { name: 'Weiter zur Veröffentlichung' }).click();
    await page.getByRole('button', { name: 'Verbindlich veröffentlichen' }).click();
    await expect(page.locator('.notice.success')).toBeVisible();
  });
  const person = await addPerson(page, demo, noa);
  const start = new Date(inDays(noa.startsIn)).toLocaleDateString('de-DE', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
  const filled = `Zwischen Beispielwerk GmbH und ${noa.name}, ab ${start}: Was in der Werkstatt zu sehen ist, bleibt dort.`;

  await test.step('they read it filled in, and sign', async () => {
    await arrive(page, demo, noa);
    await page.getByRole('link', { name: 'Lesen und unterschreiben' }).click();
    await expect(page.locator('article.document')).toContainText(filled);
    await page.locator('#consents').check();
    await page.locator('#typed_name').fill(noa.name);
    const pad = page.locator('.signature-pad');
    if (hasScript(info)) {
      await pad.scrollIntoViewIfNeeded();
      const { x, y, width, height } = (await pad.boundingBox())!;
      await page.mouse.move(x + width / 4, y + height / 3);
      await page.mouse.down();
      await page.mouse.move(x + width / 2, y + height / 1.5, { steps: 4 });
      await page.mouse.up();
      await expect(pad.locator('path')).toHaveAttribute('d', /L/);
    } else {
      await expect(pad).toBeHidden();
    }
    await page.getByRole('button', { name: 'Verbindlich unterschreiben' }).click();
    await expect(page).toHaveURL(/\/checklist$/);
  });

  const signed = await test.step('they see and take away what they signed', async () => {
    await page.locator('main a[href^="/signed/"]').click();
    await expect(page.locator('article.document')).toContainText(filled);
    await expect(page.locator('dl.facts')).toContainText(noa.name);
    await expect(page.locator('dl.facts .drawing')).toHaveCount(hasScript(info) ? 1 : 0);
    return new URL(page.url()).pathname;
  });
  const theirs = await download(page, page.getByRole('link', { name: 'Als PDF herunterladen' }));
  expect(theirs.bytes.subarray(0, 5).toString()).toBe('%PDF-');

  await test.step('HR takes away the same bytes, and takes the signature back with a reason', async () => {
    await signIn(page, demo, 'hr');
    await page.goto(person);
    await page.locator(`a[href="${signed}"]`).click();
    const copy = await download(page, page.getByRole('link', { name: 'Als PDF herunterladen' }));
    expect(copy.bytes.equals(theirs.bytes)).toBe(true);
    await page.getByRole('link', { name: 'Zurücknehmen' }).click();
    await page.getByRole('button', { name: 'Zurücknehmen und neu anfordern' }).click();
    await expect(page.locator('.error-summary')).toContainText('Grund');
    await page.locator('#reason').fill('Falsche Vorlage');
    await page.getByRole('button', { name: 'Zurücknehmen und neu anfordern' }).click();
    await expect(page.locator('.notice.success')).toBeVisible();
    await expect(page.locator('.timeline')).toContainText('Falsche Vorlage');
  });

  await test.step('they sign again; what they signed first still opens', async () => {
    await comeBack(page, noa);
    await page.goto('/checklist');
    await sign(page, noa.name);
    await follow(page, 'Meine Nachweise');
    const entries = page.locator('main li', { has: page.locator('a[href^="/signed/"]') });
    await expect(entries).toHaveCount(2);
    await page.locator(`main a[href="${signed}"]`).click();
    await expect(page.locator('.notice.warning')).toContainText('Zurückgenommen am');
    await expect(page.locator('article.document')).toContainText(filled);
    const again = await download(page, page.getByRole('link', { name: 'Als PDF herunterladen' }));
    expect(again.bytes.equals(theirs.bytes)).toBe(true);
  });
});

test('an NDA on paper keeps its date and its scan, and a page that calls itself a PDF is refused', async ({ page, demo }, info) => {
  const kim = newcomer('Kim Roth', info, 'employee', 'Vertrieb');
  const person = await addPerson(page, demo, kim);
  await page.getByRole('link', { name: /^Papier eintragen/ }).click();
  await page.locator('#signed_on').fill(inDays(-2));
  await page.locator('#note').fill('Original im Schrank 3');
  const html = { name: 'nda.pdf', mimeType: 'application/pdf', buffer: Buffer.from('<!doctype html><script>alert(1)</script>') };
  await page.locator('#scan').setInputFiles(html);
  await page.locator('main form button').last().click();
  await expect(page.locator('.error-summary')).toContainText('PDF');
  await expect(page.locator('#signed_on')).toHaveValue(inDays(-2));
  await expect(page.locator('#note')).toHaveValue('Original im Schrank 3');
  await page.locator('#scan').setInputFiles({ name: 'scan.png', mimeType: 'image/png', buffer: PNG });
  await page.locator('main form button').last().click();
  await expect(page).toHaveURL(new RegExp(`${person}$`));
  await expect(page.locator('.notice.success')).toBeVisible();
  await page.getByRole('link', { name: /^Kopie ansehen/ }).click();
  await expect(page.locator('dl.facts')).toContainText('Original im Schrank 3');
  const scan = await download(page, page.getByRole('link', { name: /^scan\.png herunterladen/ }));
  expect(scan.bytes.equals(PNG)).toBe(true);
});
