// The whole way of one new hire, on phone and desktop, with and without JavaScript: added by HR, five items, confirmed, counted.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { addPerson, arrive, inDays } from './people';
import { choose, expect, newestLink, signIn, test } from './server';

type Question = { id: string; options: { correct: boolean }[] };
const seed = join(import.meta.dirname, '../../src/server/seed/course/course.json');
const questions = (JSON.parse(readFileSync(seed, 'utf8')) as { questions: Question[] }).questions;

/** How many items the lead sees done, counted from the list behind the figure. */
async function itemsDone(page: Page): Promise<number> {
  await page.goto('/security/items?show=done');
  let rows = 0;
  for (;;) {
    rows += await page.locator('tbody tr').count();
    const next = page.locator('.pager a[rel=next]');
    if ((await next.count()) === 0) return rows;
    await page.goto((await next.getAttribute('href'))!);
  }
}

/** Answers the questions that this attempt drew: one group each, whose id is the question's. */
async function answer(page: Page, right: boolean) {
  const drawn = await page.locator('fieldset.question').evaluateAll((groups) => groups.map((group) => group.id));
  expect(drawn).toHaveLength(10);
  for (const id of drawn) {
    const wanted = questions.find((question) => question.id === id)!.options.findIndex((option) => option.correct === right);
    await choose(page, `input[name="answers[${id}]"][value="${wanted}"]`);
  }
  await page.locator('form:has(input[type=radio]) button:not([type=button])').last().click();
}

test('a new hire does the five items, HR confirms, the lead counts', async ({ page, demo }, info) => {
  test.setTimeout(120_000);
  const name = `Mila Stern ${info.project.name}`;
  const mila = { name, email: `mila.${info.project.name}@privat.example`, kind: 'employee', country: 'DE', department: 'Redaktion', startsIn: 10 } as const;

  await signIn(page, demo, 'security');
  const before = await itemsDone(page);

  const personPath = await test.step('HR adds her and the link goes out', () => addPerson(page, demo, mila));

  await test.step('she opens her personal link, which works once', async () => {
    await arrive(page, demo, mila);
    await expect(page.locator('.progress').first()).toContainText('0 von 5');
  });

  await test.step('she signs the NDA', async () => {
    await page.locator('.next a.button').click();
    await page.locator('#typed_name').fill(name);
    await page.locator('#consents').check();
    await page.locator('form.sign button').last().click();
    await expect(page).toHaveURL(/\/checklist$/);
    await expect(page.locator('.notice.success')).toBeVisible();
  });

  await test.step('she accepts the policies', async () => {
    for (let policy = 0; policy < 3; policy += 1) {
      await page.locator('main a[href^="/checklist/policy/"]').first().click();
      await page.locator('#consents').check();
      await page.locator('form.sign button').last().click();
      await expect(page).toHaveURL(/\/checklist$/);
    }
  });

  await test.step('she fails the quiz, reads again and passes', async () => {
    await page.locator('main a[href^="/checklist/training/"]').first().click();
    const course = new URL(page.url()).pathname;
    await page.locator(`a[href^="${course}/lesson/"]`).first().click();
    await expect(page.locator('.document .prose').first()).toBeVisible();
    await page.goto(`${course}/quiz`);
    await answer(page, false);
    await expect(page).toHaveURL(/\/quiz$/);
    await expect(page.locator(`main a[href^="${course}/lesson/"]`).first()).toBeVisible();
    await answer(page, true);
    await expect(page).toHaveURL(/\/checklist$/);
  });

  await test.step('she says that she is enrolled in the password manager', async () => {
    await page.locator('main a[href^="/checklist/password-manager/"]').first().click();
    await page.locator('main form button').last().click();
    await expect(page).toHaveURL(/\/checklist$/);
    await expect(page.locator('.all-done')).toBeVisible();
  });

  await test.step('HR confirms the NDA on the board and records the check', async () => {
    await signIn(page, demo, 'hr');
    await page.goto(`/hr?q=${encodeURIComponent(name)}`);
    const row = page.locator('.gate > li', { hasText: name });
    await expect(row).toHaveClass(/amber/);
    await row.getByRole('button').click();
    await expect(page.locator('.notice.success')).toBeVisible();
    await page.goto(personPath);
    await page.locator('a[href*="/check/"]').first().click();
    // The country's profile offers the lawful ways as links; this one needs no provider.
    await page.locator('a[href*="choice=not_required"]').click();
    await page.locator('#completed_on').fill(inDays(0));
    await page.locator('#legal_basis').fill('Die Aufgabe verlangt kein Führungszeugnis.');
    await page.locator('form[action$="/checks/complete"] button').click();
    await expect(page.locator('.notice.success')).toBeVisible();
    await page.goto(`/hr?q=${encodeURIComponent(name)}`);
    await expect(page.locator('.gate > li', { hasText: name })).toHaveClass(/green/);
  });

  await test.step('the lead sees six more items done; the password manager still waits for a confirmation', async () => {
    await signIn(page, demo, 'security');
    expect(await itemsDone(page)).toBe(before + 6);
    await page.goto(personPath);
    await page.locator('form[action$="/password-manager/confirm"] button').click();
    await expect(page.locator('.notice.success')).toBeVisible();
    expect(await itemsDone(page)).toBe(before + 7);
  });
});

test('a personal link says when it was used, and how to get another', async ({ page, demo }, info) => {
  const name = `Juno Falk ${info.project.name}`;
  await addPerson(page, demo, { name, email: `juno.${info.project.name}@privat.example`, kind: 'contractor', country: 'AT', department: 'Technik', startsIn: 4 });
  const link = await newestLink(page, demo, name);
  await page.goto(link);
  await page.locator('main form button').first().click();
  await expect(page).toHaveURL(/\/welcome$/);
  await page.context().clearCookies();
  await page.goto(link);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('schon benutzt');
  await page.locator('main form button').first().click();
  await expect(page.locator('.notice')).toBeVisible();
});

test('a refused form keeps what was typed and says what to do', async ({ page, demo }) => {
  await signIn(page, demo, 'hr');
  await page.goto('/people/new');
  await page.locator('form').evaluateAll((forms) => forms.forEach((form) => form.setAttribute('novalidate', ''))).catch(() => undefined);
  await page.locator('#name').fill('Zoë <b>O’Brien</b> 👩‍🚀');
  await page.locator('#private_email').fill('zoe@privat.example');
  await page.locator('#kind').selectOption('employee');
  await page.locator('#country').fill('DE').catch(() => page.locator('#country').selectOption('DE'));
  await page.locator('#department').fill('Technik');
  await page.locator('#job_title').fill('Pilotin');
  await page.locator('#start_date').fill(inDays(20));
  await page.locator('#time_zone').fill('Europe/Nirgendwo');
  await page.locator('main form button').last().click();
  await expect(page.locator('.error-summary')).toContainText('Zeitzone');
  await expect(page.locator('#name')).toHaveValue('Zoë <b>O’Brien</b> 👩‍🚀');
  await expect(page.locator('#time_zone')).toHaveValue('Europe/Nirgendwo');
});
