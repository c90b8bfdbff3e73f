// A rule from its first draft to its end: what it would do is shown before it does it, and evidence outlasts it.
import { addPerson, arrive, type Newcomer } from './people';
import { expect, signIn, test } from './server';

test('security asks a department for a task, and ends that again', async ({ page, demo }, info) => {
  const tag = info.project.name;
  const title = `Brandschutz ${tag}`;
  const jan: Newcomer = { name: `Jan Hobel ${tag}`, email: `jan.${tag}@privat.example`, kind: 'employee', country: 'DE', department: `Tischlerei ${tag}`, startsIn: 3 };
  const person = await addPerson(page, demo, jan);
  const rule = page.locator('main tr, main li', { hasText: title }).first();

  await test.step('what it would do is shown, and nothing is done yet', async () => {
    await signIn(page, demo, 'security');
    await page.goto('/content/rules');
    await page.getByRole('link', { name: 'Neue Regel' }).click();
    await page.locator('main').getByRole('link', { name: /^Aufgabe/ }).click();
    await page.getByRole('button', { name: 'Wirkung ansehen' }).click();
    await expect(page.locator('.error-summary')).toContainText('Titel');
    await page.locator('#title_de').fill(title);
    await page.locator('#title_en').fill(`Fire safety ${tag}`);
    await page.locator('#body_de').fill('Sehen Sie sich an, wo die Feuerlöscher hängen.');
    await page.locator('#body_en').fill('Find out where the extinguishers are.');
    await page.locator('[name="groups[0][departments]"]').fill(jan.department);
    await page.getByRole('button', { name: 'Wirkung ansehen' }).click();
    await expect(page.locator('main')).toContainText(/bekommen den Punkt neu: 1.Person/);
    await expect(page.locator('#title_de')).toHaveValue(title);
  });

  await test.step('saved, it asks whom it said', async () => {
    await page.getByRole('button', { name: 'Regel so speichern' }).click();
    await expect(page.locator('.notice.success')).toContainText(/Neu verlangt von: 1.Person/);
    await expect(rule).toContainText(jan.department);
  });

  await test.step('they do it', async () => {
    await page.context().clearCookies();
    await arrive(page, demo, jan);
    await page.getByRole('link', { name: new RegExp(title) }).first().click();
    await expect(page.locator('main')).toContainText('wo die Feuerlöscher hängen');
    await page.getByRole('button', { name: 'Als erledigt melden' }).click();
    await expect(page.locator('.error-summary')).toBeVisible();
    await page.locator('#confirms').check();
    await page.getByRole('button', { name: 'Als erledigt melden' }).click();
    await expect(page).toHaveURL(/\/checklist$/);
    await expect(page.locator('.notice.success')).toBeVisible();
  });

  await test.step('ended, it leaves the evidence', async () => {
    await signIn(page, demo, 'security');
    await page.goto('/content/rules');
    await rule.getByRole('link', { name: /^Beenden/ }).click();
    await expect(page.locator('main')).toContainText(/behalten ihren Nachweis: 1.Person/);
    await page.getByRole('button', { name: 'Regel beenden' }).click();
    await expect(page.locator('.notice.success')).toBeVisible();
    await expect(rule.getByRole('link', { name: /^Beenden/ })).toHaveCount(0);
    await page.goto(person);
    await expect(page.locator('tr', { hasText: title })).toContainText('Erledigt');
  });
});
