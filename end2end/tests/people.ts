// People of the stories: HR adds somebody, somebody opens their link, links are followed and files taken away as people do.
import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { expect, newestLink, signIn, signInAs, type Demo } from './server';

export const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** A picture of eight by eight points. */
export const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAgAAAAIAQAAAADsdIMmAAAADElEQVR42mNYxYACASqQBVHvL7SwAAAAAElFTkSuQmCC', 'base64');

const PASSWORD = 'vier zufällige gute Wörter';
const ZONES = { DE: 'Europe/Berlin', AT: 'Europe/Vienna', GB: 'Europe/London' };

export type Newcomer = {
  name: string;
  email: string;
  kind: 'employee' | 'contractor';
  country: keyof typeof ZONES;
  department: string;
  /** Days until the first day. */
  startsIn: number;
};

/** HR adds somebody, and the link goes out; the answer is the path of their page. */
export async function addPerson(page: Page, demo: Demo, person: Newcomer): Promise<string> {
  await signIn(page, demo, 'hr');
  await page.goto('/people/new');
  await page.locator('#name').fill(person.name);
  await page.locator('#private_email').fill(person.email);
  await page.locator('#kind').selectOption(person.kind);
  await page.locator('#country').fill(person.country);
  await page.locator('#department').fill(person.department);
  await page.locator('#job_title').fill('Redaktion');
  await page.locator('#start_date').fill(inDays(person.startsIn));
  await page.locator('#time_zone').fill(ZONES[person.country]);
  await page.locator('main form button').last().click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(person.name);
  await expect(page.locator('.notice.success')).toContainText(person.name);
  return new URL(page.url()).pathname;
}

/** Somebody opens their personal link, chooses a password and stands before their checklist. */
export async function arrive(page: Page, demo: Demo, { name }: Newcomer) {
  const link = await newestLink(page, demo, name);
  await page.goto(link);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(name);
  await page.locator('main form button').first().click();
  await expect(page).toHaveURL(/\/welcome$/);
  await page.locator('#password').fill(PASSWORD);
  await page.locator('#repeated').fill(PASSWORD);
  await page.locator('main form button').first().click();
  await expect(page).toHaveURL(/\/checklist$/);
}

/** Somebody who arrived comes back. */
export const comeBack = (page: Page, { email }: Newcomer) => signInAs(page, email, PASSWORD);

/** What a link gives to take away. */
export async function download(page: Page, link: Locator): Promise<{ name: string; bytes: Buffer }> {
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()]);
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

/** The entry of the navigation, and from there link after link. */
export async function follow(page: Page, ...names: (string | RegExp)[]) {
  const [entry, ...links] = names;
  await page.locator('.site-nav').getByRole('link', { name: entry, exact: typeof entry === 'string' }).click();
  for (const name of links) await page.locator('main').getByRole('link', { name }).first().click();
}

/** Whoever reads only has to go down. */
export async function expectNothingSideways(page: Page) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow, `${new URL(page.url()).pathname} scrolls sideways`).toBeLessThanOrEqual(0);
}
