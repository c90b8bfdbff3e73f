// A fresh demo per worker, and what the stories share: signing in, watching the console.
import { test as base, expect, type Page, type TestInfo } from '@playwright/test';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export type Role = 'employee' | 'hr' | 'security' | 'auditor' | 'admin';
/** `totp`: the secret of their authenticator app, in a strict demo. */
type Account = { role: Role; email: string; password: string; totp?: string };
export type Demo = { url: string; accounts: Account[] };

const BINARY = process.env.ANTRITT ?? join(import.meta.dirname, '../../target/release/antritt');

async function startDemo(company: string, strict: boolean): Promise<{ demo: Demo; stop: () => Promise<void> }> {
  const data = mkdtempSync(join(tmpdir(), `antritt-e2e-${company}-`));
  const child = spawn(BINARY, ['demo', '--listen', '127.0.0.1:0', '--data', join(data, 'demo'), '--people', '60', '--seed', '1', '--json', ...(strict ? ['--strict'] : [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ANTRITT_LOG: 'warn' },
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`the demo ended with ${code} before it served`)));
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
  return { demo: JSON.parse(line) as Demo, stop };
}

export const test = base.extend<{ quiet: void }, { company: string; strict: boolean; demo: Demo }>({
  // Stories that change something for everybody name a company of their own, and get a demo to themselves.
  company: ['shared', { option: true, scope: 'worker' }],
  // Whether rights ask for a second factor, as in an installation.
  strict: [false, { option: true, scope: 'worker' }],
  demo: [
    async ({ company, strict }, use) => {
      const { demo, stop } = await startDemo(company, strict);
      await use(demo);
      await stop();
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ demo }, use) => use(demo.url),
  // Fails a story in which the browser complained about anything.
  quiet: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on('console', (message) => {
        // Chromium reports a page that was meant to be missing as an error of its own, and without script it loads the client in vain.
        const expected = ['status of 404', 'preloaded using link preload'].some((words) => message.text().includes(words));
        if (['error', 'warning'].includes(message.type()) && !expected) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(String(error)));
      await use();
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Whether the browser of this project runs scripts. */
export const hasScript = (info: TestInfo) => !info.project.name.endsWith('no-script');

type Further = { secondStep?: () => Promise<void> };

export async function signIn(page: Page, demo: Demo, role: Role, further: Further = {}) {
  const account = demo.accounts.find((candidate) => candidate.role === role);
  if (!account) throw new Error(`the demo has no ${role}`);
  await signInAs(page, account.email, account.password, further);
}

export async function signInAs(page: Page, email: string, password: string, { secondStep }: Further = {}) {
  await page.context().clearCookies();
  await page.goto('/sign-in');
  await page.locator('#email').fill(email);
  await page.locator('#password').fill(password);
  await page.locator('main form').first().getByRole('button').click();
  await secondStep?.();
  await expect(page).not.toHaveURL(/sign-in/);
}

/** The newest personal link to somebody, as the administrator reads it in the outbox. */
export async function newestLink(page: Page, demo: Demo, name: string): Promise<string> {
  await signIn(page, demo, 'admin');
  await page.goto('/admin/outbox');
  const html = await page.content();
  const mail = html.split('/invitation/').length;
  expect(mail, 'a mail with a link').toBeGreaterThan(1);
  const at = html.indexOf(name);
  const link = /\/invitation\/[\w-]+/.exec(html.slice(at))?.[0];
  if (!link) throw new Error(`no link for ${name} in the outbox`);
  await page.context().clearCookies();
  return link;
}

/** Chooses a radio card by its label, as people do; again if the page moved under the finger because an answer came in above. */
export async function choose(page: Page, selector: string) {
  const input = page.locator(selector);
  await expect(async () => {
    await page.locator('label').filter({ has: input }).click({ timeout: 2_000 });
    await expect(input).toBeChecked({ timeout: 500 });
  }).toPass({ timeout: 15_000 });
}
