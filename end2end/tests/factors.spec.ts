// Second factors in a browser: a passkey by Chromium’s virtual authenticator, an app, and what a strict installation asks.
import type { Page } from '@playwright/test';
import { codeAt } from './codes';
import { expect, hasScript, signIn, test, type Demo, type Role } from './server';

test.use({ company: 'factors', strict: true });

const secretOf = (demo: Demo, role: Role) => {
  const secret = demo.accounts.find((account) => account.role === role)?.totp;
  if (!secret) throw new Error(`the demo has no secret for ${role}`);
  return secret;
};

/** Waits for a code that was not used before: each counts once. */
const used = new Map<string, string>();
async function freshCode(page: Page, secret: string): Promise<string> {
  while (used.get(secret) === codeAt(secret)) await page.waitForTimeout(1_000);
  const code = codeAt(secret);
  used.set(secret, code);
  return code;
}

async function takeSecondStep(page: Page, demo: Demo, role: Role) {
  await expect(page).toHaveURL(/\/sign-in\/second-step/);
  await page.locator('#code').fill(await freshCode(page, secretOf(demo, role)));
  await page.locator('form:has(#code)').getByRole('button').click();
}

/** Sees to it that the browser has a device of its own that knows its user. */
async function addDevice(page: Page) {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
}

test('a password alone shows nothing; the second step does', async ({ page, demo }) => {
  test.setTimeout(90_000);
  await page.goto('/sign-in');
  const admin = demo.accounts.find((account) => account.role === 'admin')!;
  await page.locator('#email').fill(admin.email);
  await page.locator('#password').fill(admin.password);
  await page.locator('main form').first().getByRole('button').click();
  await page.goto('/admin/outbox');
  await expect(page).toHaveURL(/\/sign-in\/second-step/);
  await page.locator('#code').fill('000000');
  await page.locator('form:has(#code)').getByRole('button').click();
  await expect(page.locator('#code-error')).toBeVisible();
  await expect(page.locator('#code')).toBeFocused();
  await takeSecondStep(page, demo, 'admin');
  await page.goto('/admin/outbox');
  await expect(page).toHaveURL(/\/admin\/outbox$/);
});

test('a passkey is added, signs in alone, is the second step after a password, and proves anew', async ({ page, demo, browserName }, info) => {
  test.skip(!hasScript(info) || browserName !== 'chromium', 'passkeys need a script, and this device is Chromium’s');
  test.setTimeout(90_000);
  await addDevice(page);
  await signIn(page, demo, 'security', { secondStep: () => takeSecondStep(page, demo, 'security') });
  await page.goto('/account/factors');
  await page.locator('#passkey_name').fill('Prüfgerät');
  await page.getByRole('button', { name: /Passkey anlegen|Create a passkey/ }).click();
  await expect(page.getByRole('heading', { name: 'Prüfgerät' })).toBeVisible();

  await page.context().clearCookies();
  await page.goto('/sign-in');
  await page.getByRole('button', { name: /Mit Passkey anmelden|Sign in with a passkey/ }).click();
  await expect(page).not.toHaveURL(/sign-in/);
  await page.goto('/security');
  await expect(page).toHaveURL(/\/security$/);

  const usePasskey = page.getByRole('button', { name: /Passkey benutzen|Use a passkey/ });
  await signIn(page, demo, 'security', {
    secondStep: async () => {
      await expect(page).toHaveURL(/\/sign-in\/second-step/);
      await usePasskey.click();
      await expect(page).not.toHaveURL(/second-step/);
    },
  });
  await page.goto('/account/prove?next=/account/factors');
  await usePasskey.click();
  await expect(page).toHaveURL(/\/account\/factors$/);
});

test('an app is added by its first code, and recovery codes are shown until they are kept', async ({ page, demo }) => {
  test.setTimeout(90_000);
  await signIn(page, demo, 'employee', { secondStep: () => takeSecondStep(page, demo, 'employee') });
  await page.goto('/account/factors');
  await page.getByRole('button', { name: /App einrichten|Set up an app/ }).click();
  await expect(page.locator('.qr-code svg')).toBeVisible();
  const secret = (await page.locator('code.secret').innerText()).replaceAll(' ', '');
  await page.locator('#code').fill(await freshCode(page, secret));
  await page.locator('#name').fill('Zweites Telefon');
  await page.getByRole('button', { name: /App hinzufügen|Add the app/ }).click();
  await expect(page.getByRole('heading', { name: 'Zweites Telefon' })).toBeVisible();
  await page.getByRole('button', { name: /Neue Codes erzeugen|Make new codes/ }).click();
  await expect(page.locator('.recovery-codes code')).toHaveCount(10);
  const code = await page.locator('.recovery-codes code').first().innerText();
  await page.getByRole('button', { name: /aufbewahrt|have kept/ }).click();
  await page.goto('/account/factors/codes');
  await expect(page).toHaveURL(/\/account\/factors$/);

  await signIn(page, demo, 'employee', {
    secondStep: async () => {
      await page.locator('#code').fill(code.toUpperCase());
      await page.locator('form:has(#code)').getByRole('button').click();
    },
  });
  await page.goto('/checklist');
  await expect(page).toHaveURL(/\/checklist$/);
});
