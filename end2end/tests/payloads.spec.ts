// Script injection: hostile texts in every field of every form, then every page as everyone who may open it. They stay text.
//
// One round fills each field with a payload that it takes, each beginning elsewhere in the list. `PAYLOADS=all` makes as many rounds as
// there are payloads and asserts that each field was given each of them and took all that it can hold; that takes hours.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { codeAt } from './codes';
import { CALM, PAYLOADS, Watch, hostileEmail } from './hostile';
import { PNG, inDays } from './people';
import { expect, test, type Demo, type Role } from './server';

test.use({ company: 'payloads' });

const PASSWORD = 'sieben Schubladen voller Wolle';
/** Countries without a profile of their own; one for each round. */
const COUNTRIES = 'AE AR AU BE BG BR CA CL CN CO CR CY CZ DK EE EG ES FI FR GR HK HR HU ID IE IL IN IS IT JP KE KR LT LU LV MA MT MX MY NG NL NO NZ PE PH PK PL PT RO RS SE SG SI SK TH TN TR TW UA ZA'.split(' ');

const ROUTES = [...readFileSync(join(import.meta.dirname, '../../src/ui/app.rs'), 'utf8').matchAll(/path!\("([^"]+)"\)/g)].map((match) => match[1]!);
/** The pages that only stand between two steps of signing in, where nothing typed is shown. */
const BETWEEN = ['/', '/sign-in/second-step', '/reset-password/:token'];

const pathOf = (page: Page) => new URL(page.url()).pathname;
const isPage = (path: string) => !/\.(csv|pdf|zip|antritt-course)$|^\/files\//.test(path.split('?')[0]!);
const linksOf = (page: Page) => page.evaluate(() => [...document.links].filter((link) => link.origin === location.origin).map((link) => link.pathname + link.search));

/** The first link of the page that fits. */
async function link(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).first().getAttribute('href'))!;
}

/** A cell that a spreadsheet would calculate. */
function formulas(csv: string): string[] {
  const text = csv.replace(/^\uFEFF/, '');
  const by = /^[^\n"]*;/.test(text) ? ';' : ',';
  const cells = text.match(new RegExp(`"(?:[^"]|"")*"|[^${by}\\r\\n]+`, 'g')) ?? [];
  return cells.map((cell) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell)).filter((cell) => /^[=+\-@\t\r]/.test(cell));
}

type Cast = Record<Role | 'colleague', Page>;

/** Everyone, freshly signed in. */
async function cast(watch: Watch, demo: Demo): Promise<Cast> {
  const pages = await Promise.all(demo.accounts.map(async ({ role, email, password }) => [role, await watch.openAs(email, password)] as const));
  const colleague = await watch.openAs('admin2@demo.example', demo.accounts[0]!.password);
  return { ...(Object.fromEntries(pages) as Record<Role, Page>), colleague };
}

/** The country's words about checks, its NDA, a policy in two versions, and a course. */
async function writeTexts(watch: Watch, { hr, security, admin }: Cast, country: string): Promise<string[]> {
  await admin.goto('/content/check-profiles');
  await watch.fill(admin, 'form[action$="/check-profiles/add"]', { country });
  await watch.fill(admin, 'form[action$="/check-profiles/change"]', { needs_consent: 'off' });

  await hr.goto('/content/nda-templates/new');
  await watch.fill(hr, 'main form', { country, department: '' });
  const nda = pathOf(hr);
  await watch.fill(hr, 'form:has(#body_de)');
  await watch.visit(hr, `${nda}/publish`);
  await watch.fill(hr, 'form[action$="/documents/publish"]');
  await hr.goto(nda.replace('documents', 'nda-templates'));
  await watch.fill(hr, 'form[action$="/nda-templates/change"]', { country, department: '' });

  await security.goto('/content/documents/new');
  await watch.fill(security, 'main form');
  const policy = pathOf(security);
  for (const weight of ['material', 'minor']) {
    await security.goto(policy);
    await watch.fill(security, 'form:has(#body_de)');
    await watch.visit(security, `${policy}/publish`);
    await watch.fill(security, 'form[action$="/documents/publish"]', { weight });
  }
  // Another one waits, so that the page to publish it stays.
  await security.goto(policy);
  await watch.fill(security, 'form:has(#body_de)');

  await security.goto('/content/courses/new');
  await watch.fill(security, 'main form');
  const course = pathOf(security);
  await watch.fill(security, 'form[action$="/courses/add-lesson"]');
  const lesson = pathOf(security);
  const form = 'form[action$="/courses/save-question"]';
  const question = async () => {
    await security.goto(`${course}/questions`);
    return link(security, 'main a[href*="/questions/"]:not([href$="/new"])');
  };
  // First whatever a draft holds, then what can be published.
  for (const calm of [false, true]) {
    await security.goto(lesson);
    await watch.fill(security, 'form[action$="/courses/save-lesson"]', {}, { calm });
    await security.goto(calm ? await question() : `${course}/questions/new`);
    await watch.fill(security, form, { right: '0' }, { calm });
    await security.goto(course);
    await watch.fill(security, 'form[action$="/courses/save"]', { pass_mark: '1', draw: '1' }, { calm });
    await watch.visit(security, `${course}/publish`);
    await watch.visit(security, `${course}/quiz`);
  }
  await security.goto(lesson);
  await security.locator('#image').setInputFiles({ name: `${watch.next()}.png`, mimeType: 'image/png', buffer: PNG });
  await watch.fill(security, 'form[action$="/images"]', {}, { calm: true });
  await watch.visit(security, `${course}/publish`);
  await watch.press(security, 'form[action$="/courses/publish"] button');
  await security.goto(course);
  await watch.fill(security, 'form[action$="/courses/add-lesson"]');

  const words = () => ({ de: watch.next(), en: watch.next() });
  const content = { title: words(), pass_mark: 1, draw: 1, attempts_per_day: 5, lessons: [{ slug: 'x', title: words(), body: words() }], questions: [{ id: 'x', lesson: 'x', text: words(), options: [{ text: words(), correct: true }, { text: words(), correct: false }], explanation: words() }] };
  await watch.upload(security, '/content/courses/import', { name: watch.next(), content: JSON.stringify({ format: 'antritt-course', version: 1, course: { [watch.next()]: 1 } }) });
  const broken = pathOf(security);
  await watch.upload(security, '/content/courses/import', { name: watch.next(), content: JSON.stringify({ format: 'antritt-course', version: 1, course: content }) });
  return [nda, nda.replace('documents', 'nda-templates'), policy, `${policy}/publish`, course, `${course}/publish`, `${course}/quiz`, lesson, broken, pathOf(security)];
}

/** Confirms what a change of somebody does to their items, where it does anything. */
async function confirmChanges(page: Page) {
  const confirm = page.locator('main button[name=seen]');
  if ((await confirm.count()) > 0) await Promise.all([page.waitForEvent('load'), confirm.click()]);
}

/** Somebody whose record is full of it; the answer is their page. */
async function fillRecord(watch: Watch, { hr, security, admin }: Cast, country: string): Promise<{ person: string; invitation: string; paths: string[] }> {
  await hr.goto('/people/new');
  await watch.fill(hr, 'main form', { country, time_zone: 'Europe/Berlin', manager_email: '', kind: 'employee', start_date: inDays(6), invite: 'on' });
  const person = pathOf(hr);
  await hr.goto(`${person}/edit`);
  const address = await hr.locator('#private_email').inputValue();
  await watch.fill(hr, 'main form', { country, time_zone: 'Europe/Berlin', manager_email: '', private_email: address });
  await confirmChanges(hr);
  await hr.goto(`${person}/start-date`);
  await watch.fill(hr, 'main form', { start_date: inDays(8) });
  await confirmChanges(hr);

  await hr.goto(person);
  const check = await link(hr, 'main a[href*="/check/"]');
  await hr.goto(check);
  await hr.goto(await link(hr, 'main a[href*="choice="]'));
  await watch.fill(hr, 'main form:has(#note)');

  await hr.goto(person);
  const start = await link(hr, 'main a[href*="/start-without-nda/"]');
  await hr.goto(start);
  await watch.fill(hr, 'main form', { ends_on: inDays(9) });
  await hr.goto(person);
  const exemption = (await hr.locator('main a[href*="/exemption/"]').last().getAttribute('href'))!;
  await hr.goto(exemption);
  await watch.fill(hr, 'main form');
  await watch.visit(security, '/exceptions');
  await watch.press(security, 'form[action$="/exemptions/decide"] button[value=yes]');
  await watch.visit(admin, '/admin/outbox');
  const invitation = await link(admin, 'main a[href*="/invitation/"]');
  return { person, invitation: new URL(invitation, admin.url()).pathname, paths: [person, check, start, exemption] };
}

/** A task for everybody, and one for a group that nobody is in. */
async function fillRules(watch: Watch, { security }: Cast): Promise<string[]> {
  const group = (names: string[]) => Object.fromEntries(names.map((name) => [`groups[0][${name}]`, '']));
  for (const fixed of [group(['kind', 'countries', 'departments', 'titles', 'tags']), { ...group(['kind']), 'groups[0][countries]': 'DE, AT' }]) {
    await security.goto('/content/rules/new');
    await security.goto(await link(security, 'main a[href$="what=instruction"]'));
    await watch.fill(security, 'main form', fixed, { calm: true, button: 'button:not([name]):not([type=button])' });
    await watch.press(security, 'main form button[name=seen]');
  }
  await watch.visit(security, '/content/rules');
  const rule = await link(security, 'main li:last-child a[href^="/content/rules/"], main tr:last-child a[href^="/content/rules/"]');
  return [rule, `${rule}/end`];
}

/** They come, sign, accept, and name what they sign in with; the answer is their browser. */
async function arrive(watch: Watch, invitation: string): Promise<Page> {
  const marked = PAYLOADS.find((payload) => payload.includes('onerror') && /^[ -~]+$/.test(payload))!;
  const page = await watch.open({ userAgent: `Mozilla/5.0 ${marked} Chrome/140.0` });
  await watch.visit(page, invitation);
  await watch.press(page, 'form[action$="/invitations/accept"] button');
  await watch.visit(page, '/welcome');
  await watch.fill(page, 'form:has(#password)', { password: PASSWORD, repeated: PASSWORD });
  for (const kind of ['policy', 'training', 'check', 'password-manager', 'instruction', 'nda']) {
    await page.goto('/checklist');
    for (const path of [...new Set(await linksOf(page))].filter((path) => path.startsWith(`/checklist/${kind}/`))) await watch.visit(page, path);
  }
  await watch.fill(page, 'form.sign', { consents: 'on' }, { button: 'button:not([type])' });

  await page.goto('/account/factors');
  await watch.press(page, 'form[action$="/factors/begin-app"] button');
  await watch.settle(page);
  watch.paths.add('/account/factors/app');
  const secret = (await page.locator('code.secret').innerText()).replaceAll(' ', '');
  await watch.fill(page, 'form[action$="/factors/confirm-app"]', { code: codeAt(secret) });
  await watch.visit(page, '/account/factors/codes');
  await watch.press(page, 'form[action$="/factors/keep-codes"] button');
  await page.goto('/account/factors');
  await page.locator('details:has(form[action$="/factors/rename"]) summary').first().click();
  await watch.fill(page, 'form[action$="/factors/rename"]');
  return page;
}

/** What HR does with what was signed, and lists that come from elsewhere. */
async function fillLists(watch: Watch, { hr, security }: Cast, person: string): Promise<string[]> {
  await hr.goto(person);
  const withdraw = await (async () => {
    await hr.goto(await link(hr, 'main a[href^="/signed/"]'));
    return link(hr, 'main a[href*="/withdraw-nda/"]');
  })();
  await hr.goto(withdraw);
  await watch.fill(hr, 'main form');
  await hr.goto(person);
  const paper = await link(hr, 'main a[href*="/nda/"]');
  await hr.goto(paper);
  await hr.locator('#scan').setInputFiles({ name: `${watch.next()}.png`, mimeType: 'image/png', buffer: PNG });
  await watch.fill(hr, 'main form', { signed_on: inDays(-1) });

  const quoted = (cells: string[]) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(';');
  const header = 'Name;Private E-Mail;Dienstliche E-Mail;Art;Land;Abteilung;Position;E-Mail der Führungskraft;Startdatum;Zeitzone';
  const row = (...[kind, country, date, zone]: [string, string, string, string]) => quoted([watch.next(), hostileEmail(), '', kind, country, watch.next(), watch.next(), '', date, zone]);
  const wild = quoted(Array.from({ length: 10 }, () => watch.next()));
  await watch.upload(hr, '/people/import', { name: `${watch.next()}.csv`, content: [header, row('employee', 'DE', inDays(30), 'Europe/Berlin'), wild].join('\r\n') });
  const refused = pathOf(hr);
  const good = () => quoted([watch.nextCalm(), hostileEmail(), '', 'employee', 'DE', watch.nextCalm(), watch.nextCalm(), '', inDays(30), 'Europe/Berlin']);
  await watch.upload(hr, '/people/import', { name: `${watch.next()}.csv`, content: [header, good(), good(), good()].join('\r\n') });
  const taken = pathOf(hr);
  await watch.press(hr, 'form[action$="/imports/apply"] button:not([type=button])');

  await hr.goto(`${person}/reminders`);
  await watch.fill(hr, 'main form[action$="/reminders/pause"]');
  // Somebody of the list never comes, and then does.
  await hr.goto('/people?q=pwn');
  const other = (await linksOf(hr)).find((path) => /^\/people\/[0-9a-f-]{36}$/.test(path) && path !== person)!;
  await hr.goto(`${other}/last-day`);
  await watch.fill(hr, 'main form', { end_date: inDays(-1) });
  await hr.goto(`${other}/rehire`);
  await watch.fill(hr, 'main form', { start_date: inDays(40) });

  const member = (email: string) => [email, watch.next(), watch.next()].map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
  const stranger = hostileEmail();
  await watch.upload(security, '/security/password-manager', { name: `${watch.next()}.csv`, content: [member(watch.next()), member(stranger), member(hostileEmail())].join('\n') });
  const members = pathOf(security);
  await watch.visit(security, `${members}?vendor=other&email=0&status=1&two_step=2`);
  await watch.upload(security, '/security/password-manager', { name: `${watch.next()}.csv`, content: `Email,Status,Two-step login\n${stranger},Confirmed,Enabled\nhr@demo.example,Confirmed,Enabled\n` });
  const known = pathOf(security);
  await watch.press(security, 'form[action$="/members/apply"] button:not([type=button])');
  const match = `/security/password-manager/match?email=${encodeURIComponent(stranger)}`;
  await watch.visit(security, `${match}&q=${encodeURIComponent(watch.next())}`);
  return [paper, refused, taken, members, known, match, `${person}/reminders`, `${other}/rehire`];
}

/** Accounts and roles, with all that is said about them. */
async function fillAccounts(watch: Watch, { admin, colleague }: Cast): Promise<string[]> {
  await admin.goto('/admin/accounts/new');
  await watch.fill(admin, 'main form', { role: 'hr', ends_on: '' });
  const account = pathOf(admin);
  const grant = async (role: string) => {
    await admin.goto(`${account}/grant`);
    await watch.fill(admin, 'main form', { role, ends_on: role === 'auditor' ? inDays(30) : '' });
  };
  await grant('auditor');
  await grant('admin');
  const requests = async (page: Page) => {
    await watch.visit(page, '/admin/accounts');
    return (await linksOf(page)).filter((path) => path.startsWith('/admin/accounts/requests/'));
  };
  const refuse = 'form[action$="/roles/refuse"]';
  for (const waiting of await requests(colleague)) {
    await watch.visit(colleague, waiting);
    // Their own, they could only take back.
    if ((await colleague.locator(refuse).count()) > 0) await watch.fill(colleague, refuse);
  }
  await grant('admin');
  await admin.goto(`${account}/remove/auditor`);
  await watch.fill(admin, 'main form');
  for (const function_ of ['disable', 'enable']) {
    await admin.goto(`${account}/status`);
    await watch.fill(admin, `form[action$="/accounts/${function_}"]`);
  }
  await grant('auditor');
  return [account, `${account}/grant`, `${account}/status`, `${account}/factors`, `${account}/remove/auditor`, ...(await requests(admin))];
}

/** Searches, addresses and cookies that nobody's form made. */
async function knock(watch: Watch, { hr, security, admin, auditor }: Cast) {
  const ask = (page: Page, path: string) => watch.visit(page, path + encodeURIComponent(watch.next()));
  for (const path of ['/hr?q=', '/hr?light=', '/search?q=', '/people?q=', '/people?after=', '/people/', '/people/new?name=', '/security/password-manager?show=', '/account/prove?next=', '/account/prove?next=/']) await ask(hr, path);
  for (const path of ['/security/items?show=', '/security/items?department=', '/security/items?requirement=', '/exceptions?status=', '/security/password-manager/match?email=']) await ask(security, path);
  for (const path of ['/admin/accounts?q=', '/admin/accounts?role=', '/admin/events?kind=', '/admin/events?account=', '/content/check-profiles/', '/admin/accounts/']) await ask(admin, path);
  for (const path of ['/security/access?q=', '/exceptions?after=']) await ask(auditor, path);
  // What is typed into a live filter comes back without a new page.
  await hr.goto('/people');
  await hr.locator('input[type=search]').fill(watch.next());
  await expect(hr).toHaveURL(/q=/);
  await watch.settle(hr);

  const nobody = await watch.open();
  for (const path of ['/sign-in?next=', '/sign-in?next=/', '/sign-in?email=', '/invitation/', '/reset-password/', '/']) await ask(nobody, path);
  await watch.visit(nobody, '/sign-in');
  await watch.refuseForms(nobody);
  for (const said of [{ PersonAdded: { name: watch.next(), invited: true } }, { InvitationSent: { name: watch.next() } }]) await watch.showFlash(hr, '/hr', { Said: said });
  await watch.showFlash(nobody, '/sign-in', { Failed: { error: { Internal: { incident: watch.next() } }, action: watch.next(), typed: [[watch.next(), watch.next()]] } });
  for (const name of ['language', 'device', 'waiting', 'asked', 'antritt']) {
    // Characters that no cookie holds are left out by the browser.
    const value = watch.next().replace(/[^!#-+\--:<-[\]-~]/g, '');
    await nobody.context().addCookies([{ name, value, url: new URL(hr.url()).origin }]);
    await watch.visit(nobody, '/sign-in');
  }
  await nobody.context().close();
}

/** Every page that somebody is led to: one of each kind, and all that belong to what this round made. */
async function walk(watch: Watch, page: Page, made: string[]) {
  const ids = new Set(made.join(' ').match(/[0-9a-f-]{36}/g) ?? []);
  const kindOf = (path: string) => {
    const [name, query] = path.split('?');
    const kind = name!.replace(/[0-9a-f-]{36}/g, (id) => (ids.has(id) ? id : ':id')).replace(/(lesson|lessons|questions|versions|check-profiles|invitation|events)\/(?!new)[^/]+$/, '$1/:one');
    return kind + (query ? `?${[...new URLSearchParams(query).keys()].join('&')}` : '');
  };
  const queue = ['/', '/account', '/account/prove', '/account/sessions', '/account/factors', '/account/calendar', ...made];
  const seen = new Set<string>();
  while (queue.length > 0) {
    const path = queue.shift()!;
    const kind = kindOf(path);
    if (seen.has(kind) || !isPage(path)) continue;
    seen.add(kind);
    if (!(await watch.visit(page, path))) continue;
    queue.push(...(await linksOf(page)));
    await watch.refuseForms(page);
  }
}

test('hostile texts stay texts', async ({ browser, demo }, info) => {
  test.skip(info.project.name !== 'desktop', 'the same pages everywhere');
  const all = process.env.PAYLOADS === 'all';
  test.setTimeout(all ? 4 * 3_600_000 : 480_000);
  expect(new Set(PAYLOADS).size).toBe(60);
  const watch = new Watch(browser, demo);
  for (let round = 0; round < (all ? PAYLOADS.length : 1); round += 1) {
    watch.startRound(round);
    const country = COUNTRIES[round]!;
    const pages = await test.step('everyone signs in', () => cast(watch, demo));
    const texts = await test.step('texts', () => writeTexts(watch, pages, country));
    const rules = await test.step('rules', () => fillRules(watch, pages));
    const { person, invitation, paths } = await test.step('a record', () => fillRecord(watch, pages, country));
    const newcomer = await test.step('somebody arrives', () => arrive(watch, invitation));
    const lists = await test.step('lists', () => fillLists(watch, pages, person));
    const accounts = await test.step('accounts', () => fillAccounts(watch, pages));
    await test.step('addresses and cookies', () => knock(watch, pages));
    const made = [...texts, ...rules, ...paths, ...lists, ...accounts];
    await test.step('every page as everyone', () => {
      const { colleague: _, ...others } = pages;
      return Promise.all([...Object.values(others), newcomer].map((page) => walk(watch, page, made)));
    });
    await test.step('spreadsheets', async () => {
      for (const path of ['/exceptions.csv', '/security/access.csv']) {
        const csv = await (await pages.auditor.request.get(path)).text();
        expect(csv, path).toContain('pwn');
        expect(formulas(csv), path).toEqual([]);
      }
    });
    expect(watch.complaints).toEqual([]);
    for (const page of [...Object.values(pages), newcomer]) await page.context().close();
  }

  // What would show that all of this looked at nothing.
  const visited = (route: string) => [...watch.paths].some((path) => new RegExp(`^${route.replace(/:\w+/g, '[^/]+')}$`).test(path));
  expect.soft(ROUTES.filter((route) => !BETWEEN.includes(route) && !visited(route)), 'pages that were not opened').toEqual([]);
  // The long texts hold all of them in every round.
  expect.soft(CALM.filter((payload) => !watch.shown.has(payload)), 'payloads that no page showed as text').toEqual([]);
  const fields = [...watch.fields];
  expect.soft(fields.filter(([, { taken }]) => taken.size === 0).map(([field]) => field), 'fields that took no payload').toEqual([]);
  if (all) {
    const missing = fields.flatMap(([field, { offered, taken, fits }]) => {
      const given = CALM.filter((payload) => !offered.has(payload)).map((payload) => `${field} was never given ${payload}`);
      return [...given, ...CALM.filter((payload) => fits(payload) && !taken.has(payload)).map((payload) => `${field} never took ${payload}`)];
    });
    expect.soft(missing, 'payloads times fields').toEqual([]);
  }
});

test('the watch notices what it is there for', async ({ browser, demo }, info) => {
  test.skip(info.project.name !== 'desktop', 'the same pages everywhere');
  const watch = new Watch(browser, demo);
  const context = (await watch.open()).context();
  const missed: string[] = [];
  // `body` is only looked at in a whole document.
  const elements = PAYLOADS.filter((payload) => /<[^>]*\bpwn\b/.test(payload) && !payload.includes('<body'));
  expect(elements.length).toBeGreaterThan(40);
  for (const payload of elements) {
    // One of them leads its page away, which is what it is there for.
    const page = await context.newPage();
    await page.goto('/sign-in');
    await page.evaluate((payload) => document.querySelector('main')!.insertAdjacentHTML('beforeend', `${payload}<p>`), payload);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve))).catch(() => undefined);
    if (watch.complaints.length === 0) missed.push(payload);
    watch.complaints.length = 0;
    await page.close();
  }
  expect(missed).toEqual([]);
});
