// axe finds nothing serious on any page, light and dark.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, signIn, test, type Role } from './server';

async function check(page: Page, path: string) {
  await page.goto(path);
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
  const serious = violations.filter((violation) => ['serious', 'critical'].includes(violation.impact ?? ''));
  expect(serious.map((violation) => `${path}: ${violation.id} ${violation.nodes.map((node) => node.target).join(' ')}`)).toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow, `${path} scrolls sideways`).toBeLessThanOrEqual(0);
}

const first = (page: Page, selector: string) => page.locator(selector).first().getAttribute('href');

for (const scheme of ['light', 'dark'] as const) {
  test(`accessible in ${scheme}`, async ({ page, demo }) => {
    test.setTimeout(180_000);
    await page.emulateMedia({ colorScheme: scheme });
    await check(page, '/sign-in');
    await check(page, '/nowhere');
    const visit = async (role: Role, paths: string[]) => {
      await signIn(page, demo, role);
      for (const path of paths) await check(page, path);
    };
    await visit('employee', ['/checklist']);
    for (const kind of ['nda', 'check', 'policy', 'training', 'password-manager']) {
      await page.goto('/checklist');
      const path = await first(page, `main a[href^="/checklist/${kind}/"]`);
      if (path) await check(page, path);
      if (path && kind === 'training') {
        await check(page, `${path}/quiz`);
        await check(page, `${path}/lesson/phishing`);
      }
    }
    await visit('hr', ['/hr', '/people', '/people/new', '/people/import']);
    await page.goto('/hr');
    const person = (await first(page, '.gate a[href^="/people/"]'))!.match(/\/people\/[0-9a-f-]{36}/)![0];
    for (const path of [person, `${person}/edit`, `${person}/start-date`, `${person}/last-day`]) await check(page, path);
    await visit('security', ['/security', '/security/items?show=overdue', '/security/password-manager', '/security/password-manager?show=enrolled', '/security/password-manager/match?email=build@demo.example']);
    await visit('admin', ['/admin/outbox', '/content/check-profiles', '/content/check-profiles/US']);
    await visit('security', ['/content/courses', '/content/courses/new', '/content/courses/import']);
    await page.goto('/content/courses');
    const course = (await first(page, '.tasks a[href^="/content/courses/"]'))!;
    for (const path of ['', '/lessons/phishing', '/questions', '/questions/new', '/questions/phishing-1', '/quiz']) await check(page, course + path);
  });
}
