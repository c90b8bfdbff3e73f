// Security events as the administrator reads them, and a form on another site that changes nothing.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, hasScript, signIn, test } from './server';

test('what was refused stands on the list', async ({ page, demo }) => {
  const hr = demo.accounts.find((account) => account.role === 'hr')!;
  await page.context().clearCookies();
  await page.goto('/sign-in');
  await page.locator('#email').fill(hr.email);
  await page.locator('#password').fill('nicht das richtige Passwort');
  await page.locator('main form').first().getByRole('button').click();
  await expect(page.locator('.notice.error')).toBeVisible();

  await signIn(page, demo, 'hr');
  await page.goto('/admin/events');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Diese Seite gibt es nicht');

  await signIn(page, demo, 'admin');
  await page.locator('.site-nav').getByRole('link', { name: 'Sicherheitsereignisse' }).click();
  const rows = page.locator('main tbody tr');
  await expect(rows.filter({ hasText: 'Anmeldung fehlgeschlagen' }).first()).toBeVisible();
  await expect(rows.filter({ hasText: 'Zugriff ohne Berechtigung abgewiesen' }).first()).toBeVisible();
  await page.locator('#kind').selectOption('sign_in.failed');
  await page.getByRole('button', { name: 'Anwenden' }).click();
  await expect(page).toHaveURL(/kind=sign_in\.failed/);
  await expect(rows.first()).toContainText('Anmeldung fehlgeschlagen');
  await expect(rows.filter({ hasNotText: 'Anmeldung fehlgeschlagen' })).toHaveCount(0);
  await expect(page.locator('main')).not.toContainText('127.0.0.1');
});

test('a page of another site changes nothing', async ({ page, demo }, info) => {
  const action = `${demo.url}/api/account/language`;
  const evil = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><form method="post" action="${action}"><input name="language" value="en"><button>Win</button></form>`);
  });
  await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
  const { port } = evil.address() as AddressInfo;
  try {
    await signIn(page, demo, 'hr');
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');

    // In a tab of its own, with the same cookies: there the browser may complain. One is another site, and one is of the same site, to
    // which the browser sends our cookies along: only its port is another.
    const stranger = await page.context().newPage();
    for (const host of ['127.0.0.1', 'localhost']) {
      const site = `http://${host}:${port}/`;
      await stranger.goto(site);
      const [answer] = await Promise.all([stranger.waitForResponse(action), stranger.getByRole('button').click()]);
      expect(answer.status()).toBe(403);

      if (!hasScript(info)) continue;
      await stranger.goto(site);
      for (const type of ['application/x-www-form-urlencoded', 'text/plain']) {
        const sent = await stranger.evaluate(
          ([url, type]) =>
            fetch(url!, { method: 'POST', mode: 'no-cors', credentials: 'include', headers: { 'content-type': type! }, body: 'language=en' }).then(
              (answer) => answer.type,
              () => 'nothing to read',
            ),
          [action, type],
        );
        expect(sent).toBe('nothing to read');
      }
    }
    await page.goto('/hr');
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  } finally {
    evil.close();
  }
});
