// One's own account: another password, with and without script, and what becomes of the old one.
import { addPerson, arrive, comeBack, type Newcomer } from './people';
import { expect, hasScript, signInAs, test } from './server';

test.use({ company: 'account' });

const NEW = 'ringelblume kaktus leiter';

test('somebody changes their password by the menu, and signs in with the new one', async ({ page, demo }, info) => {
  const newcomer: Newcomer = {
    name: `Frieda Konto-${info.project.name}`,
    email: `frieda.${info.project.name}@postfach.example`,
    kind: 'employee',
    country: 'DE',
    department: 'Redaktion',
    startsIn: 20,
  };
  await addPerson(page, demo, newcomer);
  await arrive(page, demo, newcomer);

  await test.step('the menu leads there', async () => {
    await page.locator('button[popovertarget=account]').click();
    await page.locator('#account').getByRole('link', { name: 'Anmeldung und Sicherheit' }).click();
    await expect(page).toHaveURL(/\/account$/);
    await page.locator('main').getByRole('link', { name: /^Passwort/ }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Passwort ändern');
  });

  await test.step('while one types, a sentence says how good it is', async () => {
    if (!hasScript(info)) return;
    await expect(async () => {
      await page.locator('#password').fill('');
      await page.locator('#password').fill('Willkommen2026!!');
      await expect(page.locator('#strength')).toContainText('häufiges Passwort', { timeout: 3_000 });
    }).toPass();
    await page.locator('#password').fill('Frieda Konto 2026');
    await expect(page.locator('#strength')).toContainText('Ihr Name');
    await page.locator('#password').fill(NEW);
    await expect(page.locator('#strength')).toContainText('schwer zu erraten');
    await expect(page.locator('#strength meter')).toHaveJSProperty('value', 4);
  });

  await test.step('what is wrong stands beside its field, and nothing typed comes back', async () => {
    await page.locator('#old_password').fill('nicht das jetzige Passwort');
    await page.locator('#password').fill('Willkommen2026!!');
    await page.locator('#repeated').fill('etwas anderes');
    await page.getByRole('button', { name: 'Passwort ändern' }).click();
    await expect(page.locator('.error-summary')).toBeFocused();
    await expect(page).toHaveTitle(/^Fehler: Passwort ändern/);
    await expect(page.locator('#old_password-error')).toContainText('nicht Ihr jetziges');
    await expect(page.locator('#password-error')).toContainText('häufiges Passwort');
    await expect(page.locator('#repeated-error')).toBeVisible();
    for (const field of ['#old_password', '#password', '#repeated']) await expect(page.locator(field)).toHaveValue('');
  });

  await test.step('the right ones are taken', async () => {
    await page.locator('#old_password').fill('vier zufällige gute Wörter');
    await page.locator('#password').fill(NEW);
    await page.locator('#repeated').fill(NEW);
    await page.getByRole('button', { name: 'Passwort ändern' }).click();
    await expect(page).toHaveURL(/\/account$/);
    await expect(page.locator('.notice.success')).toContainText('geändert');
    await page.goto('/checklist');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  });

  await test.step('the old one opens nothing any more, the new one does', async () => {
    await expect(comeBack(page, newcomer)).rejects.toThrow();
    await expect(page.locator('.notice.error')).toBeVisible();
    await signInAs(page, newcomer.email, NEW);
    await expect(page).toHaveURL(/\/checklist$/);
  });
});

test('a link for a new password that nobody sent says so, and where to ask', async ({ page }) => {
  const answer = await page.goto('/reset-password/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA');
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Dieser Link gilt nicht');
  await page.getByRole('link', { name: 'Neuen Link anfordern' }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await page.getByText('Passwort vergessen').click();
  await page.locator('#link-email').fill('niemand@postfach.example');
  await page.getByRole('button', { name: 'Link anfordern' }).click();
  await expect(page.locator('.notice.success')).toBeVisible();
});
