// A manager's own people, a friendly word to one of them, and the search that finds them.
import { addPerson, type Newcomer } from './people';
import { expect, signIn, test } from './server';

test('a manager sees how their people stand, and reminds one of them', async ({ page, demo }, info) => {
  const tag = info.project.name;
  const joerg: Newcomer = { name: `Jörg Büttner ${tag}`, email: `joerg.${tag}@privat.example`, kind: 'employee', country: 'DE', department: 'Vertrieb', startsIn: 3 };
  const person = await addPerson(page, demo, joerg);
  const card = page.locator('ul.team > li', { hasText: joerg.name });

  await test.step('HR says whom they report to', async () => {
    await page.goto(`${person}/edit`);
    await page.locator('#manager_email').fill('hr@demo.example');
    await page.locator('main form button').last().click();
    await expect(page.locator('.notice.success')).toBeVisible();
  });

  await test.step('the manager reminds them, once', async () => {
    await page.goto('/team');
    await expect(card).toContainText('Noch offen');
    await expect(card).toContainText('Vertraulichkeitsvereinbarung');
    await card.getByRole('button', { name: /^Freundlich erinnern/ }).click();
    await expect(page.locator('.notice.success')).toContainText(joerg.name);
    await expect(card).toContainText('erinnert');
    await expect(card.getByRole('button')).toHaveCount(0);
  });

  await test.step('somebody else has no team', async () => {
    await signIn(page, demo, 'auditor');
    expect((await page.goto('/team'))?.status()).toBe(404);
  });
});

test('people are found however they are written', async ({ page, demo }, info) => {
  const tag = info.project.name;
  const ute: Newcomer = { name: `Ute Schäfer ${tag}`, email: `ute.${tag}@privat.example`, kind: 'employee', country: 'AT', department: 'Lager', startsIn: 5 };
  await addPerson(page, demo, ute);
  if (info.project.name.endsWith('no-script')) {
    await page.getByRole('link', { name: 'Überall suchen' }).click();
  } else {
    await page.locator('h1').click();
    await page.keyboard.press('/');
  }
  await expect(page).toHaveURL(/\/search$/);
  await page.locator('#q').fill('schaeffer ute');
  await page.locator('#q').press('Enter');
  await expect(page.locator('#results')).toContainText(ute.name);
  await page.locator('#results').getByRole('link', { name: new RegExp(ute.name) }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(ute.name);
});
