// One's own sessions: both browsers stand on the list, and the one that is ended is out at its next click.
import { expect, hasScript, signIn, test } from './server';

test.use({ company: 'sessions' });

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0';

test('a session elsewhere is seen and ended', async ({ page, browser, demo }, info) => {
  const { viewport, isMobile, hasTouch } = info.project.use;
  const options = { viewport, isMobile, hasTouch, locale: 'de-DE', baseURL: demo.url, javaScriptEnabled: hasScript(info) };
  const elsewhere = await (await browser.newContext({ ...options, userAgent: FIREFOX })).newPage();
  await signIn(elsewhere, demo, 'hr');
  await elsewhere.goto('/people');
  await signIn(page, demo, 'hr');

  await test.step('the menu leads to both', async () => {
    await page.locator('button[popovertarget=account]').click();
    await page.locator('#account').getByRole('link', { name: 'Anmeldung und Sicherheit' }).click();
    await page.locator('main').getByRole('link', { name: /^Wo Sie angemeldet sind|^Sitzungen/ }).click();
    await expect(page).toHaveURL(/\/account\/sessions$/);
  });
  const other = page.locator('tbody tr', { hasText: 'Firefox' });
  const own = page.locator('tbody tr', { hasText: 'Diese Sitzung' });
  await expect(other).toHaveCount(1);
  await expect(own).toHaveCount(1);
  await expect(own).not.toContainText('Firefox');
  await expect(own.getByRole('button')).toHaveCount(0);

  await test.step('the other one is ended, this one stays', async () => {
    await other.getByRole('button').click();
    await expect(page.locator('.notice.success')).toContainText('beendet');
    await expect(other).toHaveCount(0);
    await expect(own).toHaveCount(1);
  });

  await test.step('there the next click leads to signing in', async () => {
    await elsewhere.locator('.site-nav').getByRole('link', { name: 'Ausnahmen' }).click();
    await expect(elsewhere).toHaveURL(/\/sign-in\?next=%2Fexceptions$|\/sign-in\?next=\/exceptions$/);
    await elsewhere.goto('/people');
    await expect(elsewhere).toHaveURL(/\/sign-in\?next=/);
  });
  await page.goto('/people');
  await expect(page).toHaveURL(/\/people$/);
  await elsewhere.context().close();
});

test('all other sessions are ended at once', async ({ page, browser, demo }, info) => {
  const options = { locale: 'de-DE', baseURL: demo.url, javaScriptEnabled: hasScript(info) };
  const others = await Promise.all([0, 1].map(async () => (await browser.newContext(options)).newPage()));
  for (const other of others) await signIn(other, demo, 'security');
  await signIn(page, demo, 'security');
  await page.goto('/account/sessions');
  await page.getByRole('button', { name: 'Alle anderen Sitzungen beenden' }).click();
  await expect(page.locator('.notice.success')).toBeVisible();
  await expect(page.locator('tbody tr')).toHaveCount(1);
  for (const other of others) {
    await other.goto('/security');
    await expect(other).toHaveURL(/\/sign-in\?next=/);
    await other.context().close();
  }
});
