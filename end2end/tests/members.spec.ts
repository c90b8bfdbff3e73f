// The password manager's list of members: read, compared, matched by hand, remembered; who is no longer in it is asked again.
import type { Page, TestInfo } from '@playwright/test';
import { follow } from './people';
import { expect, hasScript, signIn, test } from './server';

test.use({ company: 'members' });

const STRANGER = 'konto.317@anderswo.example';
const bitwarden = (members: [email: string, status: number, twoStep: boolean][]) =>
  JSON.stringify({ object: 'list', data: members.map(([email, status, twoFactorEnabled]) => ({ object: 'member', email, name: null, status, twoFactorEnabled })) });

async function upload(page: Page, info: TestInfo, name: string, content: string) {
  await follow(page, 'Passwort-Manager');
  await page.locator('#file').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(content) });
  if (!hasScript(info)) await page.getByRole('button', { name: 'Vorschau ansehen' }).click();
  await expect(page).toHaveURL(/\/lists\/[0-9a-f-]{36}/);
}

/** The figure on a tile. */
const tile = (page: Page, name: string) => page.locator('.tile', { hasText: name }).locator('.figure');

async function takeOver(page: Page) {
  await page.getByRole('button', { name: 'Liste übernehmen' }).click();
  await expect(page.locator('.notice.success')).toContainText('Übernommen');
}

test('security compares lists, matches by hand, and who left the list learns why they are asked again', async ({ page, demo }, info) => {
  test.setTimeout(90_000);
  const list = bitwarden([['hr@demo.example', 2, true], ['employee@demo.example', 0, false], [STRANGER, 2, true]]);
  await signIn(page, demo, 'security');

  await test.step('a Bitwarden list shows what it would do before it does it', async () => {
    await upload(page, info, 'members.json', list);
    await expect(page.locator('main')).toContainText('Bitwarden, members.json');
    await expect(tile(page, 'Bei uns unbekannt')).toHaveText('1');
    const lost = Number(await tile(page, 'Wird wieder offen').innerText());
    expect(lost).toBeGreaterThan(10);
    await expect(page.locator('.notice.warning')).toContainText(`${lost}`);
    await expect(page.locator('tbody tr', { hasText: 'nicht mehr in der Mitgliederliste' })).toHaveCount(lost);
    await takeOver(page);
    await expect(tile(page, 'Angemeldet')).toHaveText('1');
    await expect(tile(page, 'Nur eingeladen')).toHaveText('1');
    await expect(tile(page, 'Bei uns unbekannt')).toHaveText('1');
  });

  const person = await test.step('an account that fits nobody is matched by hand', async () => {
    await page.locator('.tile', { hasText: 'Nicht in der Liste' }).click();
    const name = await page.locator('tbody th a').first().innerText();
    await page.locator('.tile', { hasText: 'Bei uns unbekannt' }).click();
    await page.getByRole('link', { name: /^Zuordnen/ }).click();
    await page.locator('#q').fill(name);
    await page.getByRole('button', { name: 'Suche' }).click();
    await page.locator('label.choice', { hasText: name }).click();
    await page.getByRole('button', { name: 'Diese Person zuordnen' }).click();
    await expect(page.locator('.notice.success')).toHaveText('Das Konto ist zugeordnet.');
    await page.locator('.tile', { hasText: 'Angemeldet' }).click();
    const row = page.getByRole('row', { name });
    await expect(row).toContainText('von Hand zugeordnet');
    await expect(row).toContainText('starker Nachweis');
    return name;
  });

  await test.step('the same list again has nothing to do', async () => {
    await upload(page, info, 'members.json', list);
    await expect(page.locator('.notice.info')).toContainText('Nichts zu tun.');
    await expect(page.getByRole('button', { name: 'Liste übernehmen' })).toHaveCount(0);
  });

  const header = 'Login,Lage,Zweitfaktor';
  await test.step('an unknown list is asked about, once; HR is no longer in it', async () => {
    await upload(page, info, 'konten.csv', `${header}\n${STRANGER},da,App\nemployee@demo.example,offen,-\n`);
    await expect(page.getByRole('heading', { name: 'Spalten zuordnen' })).toBeVisible();
    await page.locator('#email').selectOption({ label: 'Login' });
    await page.locator('#status').selectOption({ label: 'Lage' });
    await page.locator('#two_step').selectOption({ label: 'Zweitfaktor' });
    await page.getByRole('button', { name: 'Weiter' }).click();
    await page.getByLabel('Stand „da“').selectOption({ label: 'aktiv' });
    await page.getByLabel('Zwei-Schritt-Anmeldung „App“').selectOption({ label: 'Zwei-Schritt-Anmeldung an' });
    await page.getByLabel('Zwei-Schritt-Anmeldung „-“').selectOption({ label: 'Zwei-Schritt-Anmeldung aus' });
    await page.getByRole('button', { name: 'Liste lesen' }).click();
    await expect(page.locator('main'), 'one value has no meaning yet').toContainText('Bitte wählen');
    await page.getByLabel('Stand „offen“').selectOption({ label: 'eingeladen' });
    await page.getByRole('button', { name: 'Liste lesen' }).click();
    await expect(tile(page, 'Wird wieder offen')).toHaveText('1');
    await expect(tile(page, 'Bei uns unbekannt'), 'the match is remembered').toHaveText('0');
    await takeOver(page);
    await page.locator('.tile', { hasText: 'Angemeldet' }).click();
    await expect(page.getByRole('row', { name: person })).toContainText('von Hand zugeordnet');
    await upload(page, info, 'konten-neu.csv', `${header}\n${STRANGER},da,App\n`);
    await expect(tile(page, 'Unverändert'), 'what the columns hold is remembered').toBeVisible();
  });

  await test.step('HR is asked again, and reads why', async () => {
    await signIn(page, demo, 'hr');
    await follow(page, 'Meine Checkliste', /^Passwort-Manager.*nicht mehr in der Mitgliederliste/);
    await expect(page.locator('.notice.warning')).toHaveText('Laut der Mitgliederliste des Anbieters: nicht mehr in der Mitgliederliste.');
    await expect(page.getByRole('button', { name: 'Ja, ich bin angemeldet' })).toBeVisible();
  });
});
