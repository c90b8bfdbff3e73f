// Every role's pages: they render, in both languages, and say nothing wrong.
import { expect, signIn, test, type Role } from './server';

const PAGES: [Role, string[]][] = [
  ['employee', ['/checklist', '/record', '/account', '/account/password']],
  ['hr', ['/hr', '/hr?light=red', '/people', '/people/new', '/people/import', '/exceptions', '/content', '/checklist', '/record']],
  ['security', ['/security', '/security/items?show=overdue', '/security/password-manager', '/people', '/exceptions', '/content']],
  ['auditor', ['/security', '/people', '/exceptions']],
  ['admin', ['/admin/outbox', '/admin/events', '/content']],
];

for (const [role, paths] of PAGES) {
  test(`${role} finds their pages, in German and English`, async ({ page, demo }) => {
    await signIn(page, demo, role);
    for (const path of paths) {
      const answer = await page.goto(path);
      expect(answer?.status(), path).toBe(200);
      await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    }
    await page.locator('button[name=language][value=en]').click();
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await page.goto(paths[0]!);
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await page.locator('button[name=language][value=de]').click();
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  });
}

test('what somebody may not see answers like what does not exist', async ({ page, demo }) => {
  await signIn(page, demo, 'employee');
  const hidden = ['/hr', '/security', '/admin/outbox', '/people', '/people/00000000-0000-7000-8000-000000000000', '/exceptions', '/content', '/content/documents'];
  for (const path of [...hidden, '/nowhere']) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(404);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Diese Seite gibt es nicht');
  }
});

test('whoever is not signed in is led to sign in and back', async ({ page, demo }) => {
  await page.goto('/hr');
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  const hr = demo.accounts.find((account) => account.role === 'hr')!;
  await page.locator('#email').fill(hr.email);
  await page.locator('#password').fill('das falsche Passwort');
  await page.locator('main form button').first().click();
  await expect(page.locator('.notice.error')).toBeVisible();
  await expect(page.locator('#email')).toHaveValue(hr.email);
  await page.locator('#password').fill(hr.password);
  await page.locator('main form button').first().click();
  await expect(page).toHaveURL(/\/hr$/);
});
