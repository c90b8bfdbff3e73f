// Somebody moves to another department: what becomes of their items is shown before it is done.
import { addPerson, type Newcomer } from './people';
import { expect, signIn, test } from './server';

test('HR moves somebody to another department, and sees first what that changes', async ({ page, demo }, info) => {
  const tag = info.project.name;
  const title = `Kassenbuch ${tag}`;
  const department = `Vertrieb ${tag}`;
  const ida: Newcomer = { name: `Ida Umzug ${tag}`, email: `ida.${tag}@privat.example`, kind: 'employee', country: 'DE', department: `Lager ${tag}`, startsIn: 4 };
  const person = await addPerson(page, demo, ida);

  await test.step('the other department has a task of its own', async () => {
    await signIn(page, demo, 'security');
    await page.goto('/content/rules/new?what=instruction');
    await page.locator('#title_de').fill(title);
    await page.locator('#title_en').fill(`Cash book ${tag}`);
    await page.locator('#body_de').fill('Lesen Sie, wie das Kassenbuch geführt wird.');
    await page.locator('#body_en').fill('Read how the cash book is kept.');
    await page.locator('[name="groups[0][departments]"]').fill(department);
    await page.getByRole('button', { name: 'Wirkung ansehen' }).click();
    await page.getByRole('button', { name: 'Regel so speichern' }).click();
    await expect(page.locator('.notice.success')).toBeVisible();
  });

  await test.step('what changes is shown, and nothing is done yet', async () => {
    await signIn(page, demo, 'hr');
    await page.goto(`${person}/edit`);
    await page.locator('#department').fill(department);
    await page.getByRole('button', { name: 'Speichern', exact: true }).click();
    await expect(page.locator('#changes')).toContainText(`${title}: kommt hinzu`);
    await expect(page.locator('#department')).toHaveValue(department);
  });

  await test.step('saved, it is as it was shown', async () => {
    await page.getByRole('button', { name: 'So speichern' }).click();
    await expect(page.locator('.notice.success')).toBeVisible();
    await expect(page.locator('tr', { hasText: title })).toHaveCount(1);
  });

  await test.step('a start that moves shows where the deadlines move', async () => {
    await page.goto(`${person}/start-date`);
    await page.locator('#start_date').fill('2027-11-02');
    await page.locator('#reason').fill('Umzug');
    await page.getByRole('button', { name: 'Verschieben', exact: true }).click();
    await expect(page.locator('#changes')).toContainText('Frist bisher');
    await page.getByRole('button', { name: 'So speichern' }).click();
    await expect(page.locator('.notice.success')).toBeVisible();
  });
});
