// Exceptions: asked for by one person, decided by another, on the register and in its file, and over one day.
import { addPerson, download, follow, inDays, type Newcomer } from './people';
import { expect, signIn, test } from './server';

test('nobody decides alone, and every exception stands on the register', async ({ page, demo }, info) => {
  const tag = info.project.name;
  const rike: Newcomer = { name: `Rike Sand ${tag}`, email: `rike.${tag}@privat.example`, kind: 'employee', country: 'DE', department: 'Vertrieb', startsIn: 3 };
  const entry = page.locator('main li.card', { hasText: rike.name });
  const person = await addPerson(page, demo, rike);

  await test.step('HR asks for an exemption, and cannot decide it', async () => {
    await page.locator('tr', { hasText: 'Passwort-Manager' }).getByRole('link', { name: /^Ausnahme/ }).click();
    await page.locator('#reason').fill('Nur zwei Wochen da');
    await page.locator('#compensating_step').fill('Kein Zugang zu Systemen');
    await page.getByRole('button', { name: 'Antrag stellen' }).click();
    await expect(page.locator('.error-summary')).toContainText('Gilt bis');
    await expect(page.locator('#reason')).toHaveValue('Nur zwei Wochen da');
    await page.locator('#ends_on').fill(inDays(60));
    await page.getByRole('button', { name: 'Antrag stellen' }).click();
    await expect(page.locator('.notice.success')).toBeVisible();
    await follow(page, 'Ausnahmen');
    await expect(entry).toContainText('Ihr Antrag: Darüber entscheidet jemand anderes.');
    await expect(entry.getByRole('button')).toHaveCount(0);
  });

  await test.step('HR lets them start without an NDA, by name', async () => {
    await page.goto(person);
    await page.getByRole('link', { name: 'Start erlauben' }).click();
    await page.locator('#reason').fill('Post verspätet');
    await page.locator('#compensating_step').fill('Keine Unterlagen bis zur Unterschrift');
    await page.locator('#ends_on').fill(inDays(9));
    await page.getByRole('button', { name: 'Start erlauben' }).click();
    await expect(page.locator('.notice.success')).toBeVisible();
    await follow(page, 'Ausnahmen');
    await expect(entry).toHaveCount(2);
    const start = entry.filter({ hasText: 'Start ohne unterschriebenes NDA' });
    await expect(start).toContainText('In Kraft');
    await expect(start).toContainText('Keine Unterlagen bis zur Unterschrift');
  });

  await test.step('security approves, and the item is lifted', async () => {
    await signIn(page, demo, 'security');
    await follow(page, 'Ausnahmen', 'Zu entscheiden');
    await entry.getByRole('button', { name: /^Genehmigen/ }).click();
    await expect(page.locator('.notice.success')).toBeVisible();
    await page.goto(person);
    await expect(page.locator('tr', { hasText: 'Passwort-Manager' })).toContainText('Befreit');
  });

  await test.step('the file says what the register says', async () => {
    await follow(page, 'Ausnahmen');
    const { name, bytes } = await download(page, page.getByRole('link', { name: 'Als CSV herunterladen' }));
    expect(name).toBe('antritt-exceptions.csv');
    const lines = bytes.toString('utf8').split(/\r?\n/).filter((line) => line.includes(rike.name));
    expect(lines).toHaveLength(2);
    const exemption = lines.find((line) => line.includes('password_manager'))!;
    for (const part of ['in_force', 'Nur zwei Wochen da', 'Kein Zugang zu Systemen', inDays(60)]) expect(exemption).toContain(part);
  });

  await test.step('security ends it, and the item is to do again', async () => {
    await entry.filter({ hasText: 'Kein Zugang zu Systemen' }).getByRole('button', { name: /^Jetzt beenden/ }).click();
    await expect(page.locator('.notice.success')).toBeVisible();
    await follow(page, 'Ausnahmen');
    await expect(entry.filter({ hasText: 'Kein Zugang zu Systemen' })).toContainText('Beendet');
    await page.goto(person);
    await expect(page.locator('tr', { hasText: 'Passwort-Manager' })).toContainText('Offen');
  });
});
