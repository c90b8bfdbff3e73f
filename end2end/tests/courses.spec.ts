// A course from its title to its file: lessons, an image, questions, tried, published, saved and taken over again.
import { PNG, download, expectNothingSideways, follow } from './people';
import { expect, hasScript, signIn, test } from './server';

test.use({ company: 'courses' });

const TITLE = 'Besuch im Haus';

test('security writes a course, tries it, publishes it, and takes it over from its own file', async ({ page, demo }, info) => {
  test.setTimeout(90_000);
  await signIn(page, demo, 'security');
  await follow(page, 'Inhalte', /^Schulungen/, 'Neuer Kurs');
  await page.locator('#title_de').fill(TITLE);
  await page.locator('#title_en').fill('Visitors');
  await page.getByRole('button', { name: 'Kurs anlegen' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(TITLE);
  const missing = page.locator('.notice.warning');
  await expect(missing).toContainText('Es gibt keine Lektion.');

  await test.step('a lesson, as it will look', async () => {
    await page.locator('#lesson_de').fill('An der Tür');
    await page.locator('#lesson_en').fill('At the door');
    await page.getByRole('button', { name: 'Lektion anlegen' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Lektion: An der Tür');
    await page.locator('#body_en').fill('Walk visitors to their host.');
    await expect(async () => {
      await page.locator('#body_de').fill('');
      await page.locator('#body_de').fill('## Empfang\n\nBegleiten Sie **jeden Besuch**.');
      if (hasScript(info)) await expect(page.locator('#preview-de strong')).toHaveText('jeden Besuch', { timeout: 2_000 });
    }).toPass();
    await page.getByRole('button', { name: 'Speichern und ansehen' }).click();
    await expect(page.locator('.notice.success')).toBeVisible();
    await expect(page.locator('#preview-de strong')).toHaveText('jeden Besuch');
  });

  await test.step('an image, with words for those who cannot see it', async () => {
    const image = { name: 'tuer.png', mimeType: 'image/png', buffer: PNG };
    await page.locator('#image').setInputFiles({ ...image, buffer: Buffer.from('<svg onload="alert(1)"/>') });
    await page.locator('#text_de').fill('Eine offene Tür');
    await page.locator('#text_en').fill('An open door');
    await page.getByRole('button', { name: 'Bild einfügen' }).click();
    await expect(page.locator('.error-summary')).toContainText('PNG');
    await expect(page.locator('#text_de')).toHaveValue('Eine offene Tür');
    await page.locator('#image').setInputFiles(image);
    await page.getByRole('button', { name: 'Bild einfügen' }).click();
    const shown = page.locator('#preview-de').getByRole('img', { name: 'Eine offene Tür' });
    await shown.scrollIntoViewIfNeeded();
    await expect.poll(() => shown.evaluate((node) => (node as HTMLImageElement).naturalWidth)).toBe(8);
    await expect(page.locator('#preview-en').getByRole('img', { name: 'An open door' })).toBeVisible();
  });

  await test.step('a question', async () => {
    await page.locator('main a.back').click();
    await page.getByRole('link', { name: 'Frage anlegen' }).click();
    await page.locator('#lesson').selectOption({ label: 'An der Tür' });
    const texts = {
      text_de: 'Wer begleitet Besuch?',
      text_en: 'Who walks with visitors?',
      'option_de[0]': 'Niemand',
      'option_en[0]': 'Nobody',
      'option_de[1]': 'Wer eingeladen hat',
      'option_en[1]': 'The host',
      explanation_de: 'Wer einlädt, begleitet.',
      explanation_en: 'Hosts walk along.',
    };
    for (const [field, text] of Object.entries(texts)) await page.locator(`[name="${field}"]`).fill(text);
    await page.getByLabel('Antwort 2 ist richtig').check();
    await page.getByRole('button', { name: 'Speichern' }).click();
    await expect(page.locator('main')).toContainText('Wer begleitet Besuch?');
  });

  await test.step('what is missing is named until it is there', async () => {
    await page.locator('main a.back').click();
    await expect(missing).toHaveCount(0);
    for (const [mark, flaws] of [['2', 1], ['1', 0]] as const) {
      await page.locator('#pass_mark').fill(mark);
      await page.locator('#settings').getByRole('button', { name: 'Speichern' }).click();
      await expect(page.locator('.notice.success')).toBeVisible();
      await expect(missing.filter({ hasText: 'Zum Bestehen' })).toHaveCount(flaws);
    }
  });

  await test.step('the author tries the quiz', async () => {
    await page.getByRole('link', { name: 'Quiz ausprobieren' }).click();
    await page.getByText('Niemand', { exact: true }).click();
    await page.getByRole('button', { name: 'Auswerten' }).click();
    await expect(page.locator('main')).toContainText('Nicht bestanden: 0 von 1 richtig.');
    await expect(page.locator('main')).toContainText('Wer einlädt, begleitet.');
    await page.getByText('Wer eingeladen hat', { exact: true }).click();
    await page.getByRole('button', { name: 'Auswerten' }).click();
    await expect(page.locator('.notice.success')).toContainText('Bestanden: 1 von 1 richtig.');
    await page.locator('main a.back').click();
  });

  const file = await download(page, page.getByRole('link', { name: 'Als Datei sichern' }));
  expect(file.name).toMatch(/\.antritt-course$/);

  await test.step('publishing says for how many people it becomes mandatory', async () => {
    await page.getByRole('link', { name: 'Veröffentlichen', exact: true }).click();
    await expect(page.locator('main')).toContainText(/Der Kurs wird Pflicht für alle: \d\d\sPersonen jetzt, fällig frühestens am/);
    await page.getByRole('button', { name: 'Veröffentlichen' }).click();
    await expect(page.locator('.notice.success')).toBeVisible();
    await expect(page.locator('main')).toContainText(/Fassung\s1 vom/);
  });

  await test.step('the file is checked, shown and taken over as a draft of its own', async () => {
    await follow(page, 'Inhalte', /^Schulungen/, 'Aus einer Datei übernehmen');
    await page.locator('#file').setInputFiles({ name: 'kaputt.antritt-course', mimeType: 'application/json', buffer: file.bytes.subarray(0, 100) });
    await page.getByRole('button', { name: 'Prüfen und ansehen' }).click();
    await expect(page.locator('.notice.error')).toContainText('kann so nicht übernommen werden');
    await page.locator('main .actions').getByRole('link', { name: 'Andere Datei wählen' }).click();
    await page.locator('#file').setInputFiles({ name: file.name, mimeType: 'application/json', buffer: file.bytes });
    await page.getByRole('button', { name: 'Prüfen und ansehen' }).click();
    await expect(page.locator('main')).toContainText('Die Datei ist in Ordnung.');
    await page.getByRole('button', { name: 'Als Entwurf übernehmen' }).click();
    await expect(page.locator('main')).toContainText('Noch nie veröffentlicht');
    await page.getByRole('link', { name: 'An der Tür' }).click();
    await expect(page.locator('#preview-de strong')).toHaveText('jeden Besuch');
    await expect(page.locator('#preview-de').getByRole('img', { name: 'Eine offene Tür' })).toBeVisible();
  });

  await test.step('the employee has the course on their checklist', async () => {
    await signIn(page, demo, 'employee');
    await page.locator('main').getByRole('link', { name: TITLE }).click();
    await expect(page.locator('main')).toContainText('An der Tür');
  });
});

test('no lesson and no question of the shipped course scrolls sideways, on the narrowest phone', async ({ page, demo }, info) => {
  test.skip(info.project.name !== 'phone', 'what fits there fits elsewhere');
  test.setTimeout(90_000);
  await page.setViewportSize({ width: 320, height: 640 });
  await signIn(page, demo, 'security');
  await follow(page, 'Inhalte', /^Schulungen/);
  const course = (await page.locator('.tasks a', { hasText: '40' }).first().getAttribute('href'))!;
  const paths: string[] = [];
  for (const list of [course, `${course}/questions`]) {
    await page.goto(list);
    await expectNothingSideways(page);
    const links = page.locator('main').locator('table a[href*="/lessons/"], .tasks a[href*="/questions/"]');
    paths.push(...(await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')!))));
  }
  expect(paths).toHaveLength(8 + 40);
  for (const path of paths) {
    await page.goto(path, { waitUntil: 'domcontentloaded' });
    await expectNothingSideways(page);
  }
  // As they are asked and answered: attempts draw until every question was there.
  const asked = new Set<string>();
  await page.goto(`${course}/quiz`);
  for (let attempt = 1; asked.size < 40 && attempt < 12; attempt += 1) {
    for (const question of await page.locator('.question').all()) {
      const option = question.locator('input').last();
      asked.add((await option.getAttribute('name'))!);
      await option.check();
    }
    await page.getByRole('button', { name: 'Auswerten' }).click();
    await expect(page.locator('.choice.correct')).toHaveCount(10);
    await expectNothingSideways(page);
    await page.getByRole('link', { name: 'Andere Fragen ziehen' }).click();
    await expect(page).toHaveURL(new RegExp(`attempt=${attempt}$`));
  }
  expect(asked.size).toBe(40);
});
