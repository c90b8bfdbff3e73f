// What JavaScript adds: filtering while typing, immediate feedback in the quiz, reading progress.
import { expect, signIn, test } from './server';

test('the board filters while one types', async ({ page, demo }) => {
  await signIn(page, demo, 'hr');
  await page.goto('/hr');
  const rows = page.locator('.gate > li');
  const all = await rows.count();
  expect(all).toBeGreaterThan(2);
  const name = (await rows.first().locator('a').first().innerText()).trim();
  await page.locator('input[name=q]').pressSequentially(name, { delay: 20 });
  await expect(rows).toHaveCount(1);
  await expect(page).toHaveURL(/q=/);
  await page.locator('input[name=q]').fill('niemand heißt so');
  await expect(rows).toHaveCount(0);
  await expect(page.locator('.empty')).toBeVisible();
});

test('the quiz answers at once, and the first answer counts', async ({ page, demo }) => {
  await signIn(page, demo, 'employee');
  await page.locator('main a[href^="/checklist/training/"]').first().click();
  await page.goto(`${new URL(page.url()).pathname}/quiz`);
  const question = page.locator('fieldset.question').first();
  await expect(page.locator('leptos-island').first()).toBeAttached();
  await page.waitForTimeout(500);
  await question.locator('label').first().click();
  await expect(question.locator('.notice')).toBeVisible();
  await expect(question.locator('.choice.correct')).toHaveCount(1);
  await page.reload();
  await expect(page.locator('fieldset.question').first().locator('.choice.correct')).toHaveCount(1);
});

test('a policy shows how far one has read', async ({ page, demo }) => {
  await signIn(page, demo, 'employee');
  await page.locator('main a[href^="/checklist/policy/"]').first().click();
  const progress = page.locator('leptos-island progress, leptos-island [role=progressbar]').first();
  await expect(progress).toBeAttached();
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await expect.poll(async () => progress.evaluate((node: HTMLProgressElement) => node.value / node.max)).toBeGreaterThan(0.9);
});
