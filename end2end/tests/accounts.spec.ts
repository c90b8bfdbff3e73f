// Accounts and roles: two administrators, a request and its approval, an external auditor, and who reviews access.
import { download, follow, inDays } from './people';
import { expect, signIn, signInAs, test, type Demo } from './server';
import type { Page } from '@playwright/test';

test.use({ company: 'accounts' });

/** The second administrator of the demo has the password that everybody has there. */
const signInAsSecond = (page: Page, demo: Demo) => signInAs(page, 'admin2@demo.example', demo.accounts[0]!.password);

test('a role that does more than read takes two administrators', async ({ page, demo }, info) => {
  const tag = info.project.name;
  const name = `Lea Sand ${tag}`;

  await test.step('the first adds an account, and its role waits', async () => {
    await signIn(page, demo, 'admin');
    await follow(page, 'Konten', 'Konto anlegen');
    await page.getByRole('main').getByRole('button', { name: 'Konto anlegen' }).click();
    await expect(page.locator('.error-summary')).toContainText('Rolle');
    await page.locator('#email').fill(`lea.${tag}@firma.example`);
    await page.locator('#name').fill(name);
    await page.locator('#role').selectOption('hr');
    await page.locator('#reason').fill('Neu in der Personalabteilung');
    await page.getByRole('main').getByRole('button', { name: 'Konto anlegen' }).click();
    await expect(page.locator('.notice.success')).toContainText('sobald jemand anderes');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
    await follow(page, 'Konten', `Personal für ${name}`);
    await expect(page.locator('main')).toContainText('Ihr Antrag');
    await expect(page.getByRole('button', { name: 'Genehmigen' })).toHaveCount(0);
  });

  await test.step('the second approves it', async () => {
    await signInAsSecond(page, demo);
    await follow(page, 'Konten', `Personal für ${name}`);
    await expect(page.locator('.facts')).toContainText('Neu in der Personalabteilung');
    await page.getByRole('button', { name: 'Genehmigen' }).click();
    await expect(page.locator('.notice.success')).toContainText('Die Rolle gilt jetzt');
    await page.locator('#q').fill(name);
    await page.getByRole('button', { name: 'Suchen' }).click();
    await page.locator('main').getByRole('link', { name }).click();
    await expect(page.locator('main')).toContainText('genehmigt von Konrad Roth');
  });

  await test.step('it is removed at once, with a reason', async () => {
    await page.getByRole('link', { name: /^Entziehen/ }).click();
    await page.locator('#reason').fill('Doch nicht');
    await page.getByRole('button', { name: 'Rolle entziehen' }).click();
    await expect(page.locator('main')).toContainText('Keine besonderen Rechte.');
    await expect(page.locator('.timeline')).toContainText('Doch nicht');
  });

  await test.step('and the account is disabled', async () => {
    await page.getByRole('link', { name: 'Konto sperren' }).click();
    await page.locator('#reason').fill('Kam nicht');
    await page.getByRole('button', { name: 'Konto sperren' }).click();
    await expect(page.locator('.notice.warning')).toContainText('Kam nicht');
    await expect(page.getByRole('link', { name: 'Rolle vergeben' })).toHaveCount(0);
  });
});

test('an external auditor comes with an end, and whoever reviews access sees it', async ({ page, demo }, info) => {
  const name = `Ivo Prüfer ${info.project.name}`;
  await signIn(page, demo, 'admin');
  await page.goto('/admin/accounts/new');
  await page.locator('#email').fill(`ivo.${info.project.name}@pruefung.example`);
  await page.locator('#name').fill(name);
  await page.locator('#role').selectOption('auditor');
  await page.locator('#reason').fill('Prüfung');
  await page.getByRole('main').getByRole('button', { name: 'Konto anlegen' }).click();
  await expect(page.locator('.error-summary')).toContainText('Letzter Tag');
  await page.locator('#ends_on').fill(inDays(60));
  await page.getByRole('main').getByRole('button', { name: 'Konto anlegen' }).click();
  await expect(page.locator('.notice.success')).toContainText('die Rolle ist vergeben');
  await signIn(page, demo, 'auditor');
  await follow(page, 'Zugriffsrechte');
  await expect(page.locator('tr', { hasText: name })).toContainText('vergeben von Miriam Voss');
  const { name: file, bytes } = await download(page, page.getByRole('link', { name: 'Als CSV herunterladen' }));
  expect(file).toBe('antritt-access.csv');
  const line = bytes.toString('utf8').split(/\r?\n/).find((row) => row.includes(name));
  expect(line).toContain(inDays(60));
});
