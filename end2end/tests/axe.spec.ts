// axe finds nothing serious on any page, in light and dark.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { PNG, addPerson, expectNothingSideways, inDays } from './people';
import { expect, signIn, test, type Role } from './server';

// Without motion a colour is there at once: axe would see one on its way.
test.use({ company: 'axe', contextOptions: { reducedMotion: 'reduce' } });

/** Changes the colours and waits until they are painted. */
async function show(page: Page, colorScheme: 'light' | 'dark') {
  await page.emulateMedia({ colorScheme });
  await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
}

/** Looks at a page, or at the one that is open: at everything in light, and in dark at what the colours change. */
async function check(page: Page, path?: string) {
  if (path) await page.goto(path);
  path = new URL(page.url()).pathname;
  const expectNothing = async (scheme: string, axe: AxeBuilder) => {
    const { violations } = await axe.analyze();
    const serious = violations.filter((violation) => ['serious', 'critical'].includes(violation.impact ?? ''));
    expect(serious.map((violation) => `${path} in ${scheme}: ${violation.id} ${violation.nodes.map((node) => node.target).join(' ')}`)).toEqual([]);
  };
  await expectNothing('light', new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']));
  await show(page, 'dark');
  await expectNothing('dark', new AxeBuilder({ page }).withRules(['color-contrast', 'link-in-text-block']));
  await show(page, 'light');
  await expectNothingSideways(page);
}

/** Follows a link on the page and looks at where it leads. */
async function open(page: Page, link: string) {
  const found = page.locator('main').locator(link).first();
  const href = await found.getAttribute('href');
  await found.click();
  await expect(page).toHaveURL(({ pathname, search }) => pathname + search === href);
  await check(page);
}

const first = (page: Page, selector: string) => page.locator(selector).first().getAttribute('href');

test('accessible', async ({ page, demo }) => {
  test.setTimeout(300_000);
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
  await visit('admin', ['/admin/events']);
  await open(page, 'a[href^="/admin/events/"]');
  await visit('auditor', ['/security/access']);
  await visit('admin', ['/admin/accounts', '/admin/accounts/new']);
  await open(page, 'a.back');
  await open(page, 'a[href^="/admin/accounts/requests/"]');
  await page.goto('/admin/accounts?role=auditor');
  const auditor = (await first(page, 'main tbody a'))!;
  for (const path of ['', '/grant', '/status', '/factors', '/remove/auditor']) await check(page, auditor + path);
  await visit('security', ['/content/courses', '/content/courses/new', '/content/courses/import']);
  await page.goto('/content/courses');
  const course = (await first(page, '.tasks a[href^="/content/courses/"]'))!;
  for (const path of ['', '/lessons/phishing', '/questions', '/questions/new', '/questions/phishing-1', '/quiz']) await check(page, course + path);
});

test('texts, courses and lists are accessible', async ({ page, demo }) => {
  test.setTimeout(300_000);
  await signIn(page, demo, 'security');
  await check(page, '/content');
  for (const path of ['/content/documents/new', '/content/documents']) await check(page, path);
  await page.locator('tbody a').first().click();
  for (const language of ['de', 'en']) await page.locator(`#body_${language}`).pressSequentially(' (neu)');
  await page.locator('form:has(#body_de) button').click();
  await check(page);
  await open(page, 'a[href$="/publish"]');
  await page.locator('input[value=material]').check();
  await page.locator('form:has(input[value=material]) button').click();
  await open(page, 'a[href*="/versions/"]');

  await page.goto('/content/courses/new');
  await page.locator('#title_de').fill('Neuer Kurs');
  await page.locator('#title_en').fill('New course');
  await page.locator('main form button').click();
  await check(page);
  await open(page, 'a[href$="/publish"]');
  await page.goto('/content/courses/import');
  await page.locator('#file').setInputFiles({ name: 'kurs.antritt-course', mimeType: 'application/json', buffer: Buffer.from('{') });
  await page.locator('main form button').click();
  await expect(page).toHaveURL(/import\/[0-9a-f-]{36}/);
  await check(page);

  await page.goto('/security/password-manager');
  await open(page, 'a[href*="/lists/"]');
  await page.goto('/security/password-manager');
  await page.locator('#file').setInputFiles({ name: 'konten.csv', mimeType: 'text/csv', buffer: Buffer.from('Konto,Lage\na@b.example,da\n') });
  await expect(page).toHaveURL(/lists\/[0-9a-f-]{36}/);
  await page.locator('select#email').selectOption('0');
  await page.locator('select#status').selectOption('1');
  await page.locator('form[method=get] button').click();
  await check(page);

  await signIn(page, demo, 'hr');
  await page.goto('/checklist');
  await open(page, 'a[href^="/checklist/policy/"]');
  await expect(page.locator('ins').first()).toBeVisible();
});

test('evidence and exceptions are accessible', async ({ page, demo }) => {
  test.setTimeout(300_000);
  const name = 'Ria Voss';
  const person = await addPerson(page, demo, { name, email: 'ria@privat.example', kind: 'employee', country: 'DE', department: 'Technik', startsIn: 6 });
  await open(page, 'a[href*="/check/"]');
  await open(page, 'a[href*="choice=provider"]');
  await page.goto(person);
  await open(page, 'a[href*="/start-without-nda/"]');
  await page.goto(person);
  await open(page, 'a[href*="/exemption/"]');
  await page.locator('main form button').click();
  await check(page);
  await page.locator('#reason').fill('Nur kurz da');
  await page.locator('#compensating_step').fill('Kein Zugang');
  await page.locator('#ends_on').fill(inDays(30));
  await page.locator('main form button').click();
  await check(page, '/exceptions');
  await page.goto(person);
  await open(page, 'a[href*="/nda/"]');
  await page.locator('#signed_on').fill(inDays(-1));
  await page.locator('#scan').setInputFiles({ name: 'scan.png', mimeType: 'image/png', buffer: PNG });
  await page.locator('main form button').click();
  await open(page, 'a[href^="/signed/"]');
  await open(page, 'a[href*="/nda/"]');

  await check(page, '/record');
  await open(page, 'a[href^="/signed/"]');
  await open(page, 'a[href*="/withdraw-nda/"]');
  await page.goto('/checklist');
  await open(page, 'a[href^="/checklist/check/"]');

  for (const path of ['/content/nda-templates', '/content/nda-templates/new']) await check(page, path);
  await page.locator('#name').fill('Neue Vorlage');
  await page.locator('#country').fill('NL');
  await page.locator('main form button').first().click();
  await check(page);
  await check(page, '/content/nda-templates');
});
