// A policy from the draft to the copy: written in both languages, its effect counted, published, accepted again, kept.
import { download, follow } from './people';
import { expect, hasScript, signIn, test } from './server';

test.use({ company: 'policies' });

const DE = 'Wechseldatenträger aus unbekannter Quelle geben Sie der IT.';
const EN = 'Hand removable media of unknown origin to IT.';

/** The number in a sentence, as the person reads it. */
const figure = (text: string) => Number(/(\d+)\s\S+\.$/.exec(text)![1]);

test('security changes a policy, and who had accepted reads the difference and accepts again', async ({ page, demo }, info) => {
  await signIn(page, demo, 'security');
  await follow(page, 'Inhalte', /^Richtlinien/);
  const row = page.locator('tbody tr').first();
  const [, everybody] = /(\d+) von (\d+)/.exec(await row.innerText())!.slice(1).map(Number);
  await row.getByRole('link').click();
  const title = await page.getByRole('heading', { level: 1 }).innerText();
  const written = new URL(page.url()).pathname;

  await test.step('the draft stands in German and English side by side, with its preview', async () => {
    for (const [language, sentence] of [['de', DE], ['en', EN]] as const) {
      const body = page.locator(`#body_${language}`);
      const text = (await body.inputValue()).trimEnd();
      const last = text.lastIndexOf('\n');
      // The last paragraph goes, another one comes.
      await expect(async () => {
        await body.fill('');
        await body.fill(`${text.slice(0, last)}\n\n**${sentence}**`);
        if (hasScript(info)) await expect(page.locator(`#preview-${language} strong`, { hasText: sentence })).toBeVisible({ timeout: 2_000 });
      }).toPass();
    }
    await page.getByRole('button', { name: 'Entwurf speichern und Vorschau zeigen' }).click();
    await expect(page.locator('.notice.success')).toBeVisible();
    await expect(page.locator('#preview-de strong', { hasText: DE })).toBeVisible();
    await expect(page.locator('#preview-en strong', { hasText: EN })).toBeVisible();
  });

  await test.step('publishing says what it will do to how many people, and then does that', async () => {
    await page.getByRole('link', { name: 'Weiter zur Veröffentlichung' }).click();
    for (const sentence of [DE, EN]) await expect(page.locator('ins', { hasText: sentence })).toBeVisible();
    await expect(page.locator('del')).not.toHaveCount(0);
    const again = figure(await page.getByText('Nehmen noch einmal an, wenn die Änderung wesentlich ist').innerText());
    const open = figure(await page.getByText('Haben noch nicht angenommen').innerText());
    expect(again).toBeGreaterThan(10);
    expect(again + open).toBe(everybody);
    await page.locator('#change_de').fill('Fundsachen gehören zur IT.');
    await page.locator('#change_en').fill('What you find belongs with IT.');
    await page.getByRole('button', { name: 'Verbindlich veröffentlichen' }).click();
    await expect(page.locator('.error-summary')).toContainText('Wie wichtig ist die Änderung?');
    await expect(page.locator('#change_de')).toHaveValue('Fundsachen gehören zur IT.');
    await page.getByLabel('Wesentliche Änderung').check();
    await page.getByRole('button', { name: 'Verbindlich veröffentlichen' }).click();
    await expect(page.locator('.notice.success')).toBeVisible();
    await follow(page, 'Inhalte', /^Richtlinien/);
    await expect(page.getByRole('row', { name: title })).toContainText(`0 von ${again + open}`);
  });

  await test.step('what is published stays as it is while the next draft is written', async () => {
    await page.goto(written);
    await page.locator('#body_de').fill('Etwas ganz anderes.');
    await page.getByRole('button', { name: 'Entwurf speichern und Vorschau zeigen' }).click();
    await expect(page.locator('#preview-de')).toHaveText('Etwas ganz anderes.');
    await page.getByRole('link', { name: /^Fassung\s2/ }).click();
    await expect(page.locator('article').first()).toContainText(DE);
    await expect(page.locator('main')).not.toContainText('Etwas ganz anderes');
    await expect(page.locator('main').locator('textarea, input, button')).toHaveCount(0);
  });

  await test.step('HR, who had accepted, reads what changed in both languages, and the whole', async () => {
    await signIn(page, demo, 'hr');
    await follow(page, 'Meine Checkliste', title);
    await expect(page.getByRole('heading', { name: 'Was sich geändert hat' })).toBeVisible();
    await expect(page.locator('.diff ins')).toContainText(DE);
    await expect(page.locator('.diff del')).not.toHaveCount(0);
    await expect(page.locator('main')).toContainText('Fundsachen gehören zur IT.');
    await page.getByRole('button', { name: 'English' }).click();
    await expect(page.locator('.diff ins')).toContainText(EN);
    await expect(page.locator('main')).toContainText('What you find belongs with IT.');
    await page.getByRole('button', { name: 'Deutsch' }).click();
    await page.getByText('Ganzen Text lesen').click();
    await expect(page.locator('article.document')).toContainText(DE);
  });

  await test.step('they accept, and keep a signed copy', async () => {
    await page.locator('#consents').check();
    await page.getByRole('button', { name: 'Annehmen' }).click();
    await expect(page).toHaveURL(/\/checklist$/);
    await expect(page.locator('.notice.success')).toBeVisible();
    await page.locator('main').getByRole('link', { name: title }).click();
    await expect(page.locator('article.document')).toContainText(DE);
    const record = page.locator('section', { has: page.getByRole('heading', { name: 'Annahme' }) });
    await expect(record).toContainText(/Fassung\s2/);
    await expect(record.locator('.hash')).toHaveText(/^[0-9a-f]{64}$/);
    const copy = await download(page, page.getByRole('link', { name: 'Als PDF herunterladen' }));
    expect(copy.name).toMatch(/\.pdf$/);
    expect(copy.bytes.subarray(0, 5).toString()).toBe('%PDF-');
  });
});
