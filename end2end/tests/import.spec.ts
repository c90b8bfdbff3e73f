// HR imports its own list: bad rows are named, good ones taken over, twice changes nothing.
import { expect, signIn, test } from './server';

const HEADER = 'Name;Private E-Mail;Dienstliche E-Mail;Art;Land;Abteilung;Position;E-Mail der Führungskraft;Startdatum;Zeitzone';
const list = (tag: string, date: string) =>
  Buffer.from(
    [HEADER, `Käthe Müller ${tag};kaethe.${tag}@privat.example;;employee;DE;Vertrieb;Leitung;;${date};Europe/Berlin`,
      `Ben Öz ${tag};ben.${tag}@privat.example;;contractor;US;Vertrieb;Berater;kaethe.${tag}@privat.example;01.12.2027;America/Los_Angeles`].join('\r\n'),
    'latin1',
  );

test('a list with a bad row changes nothing; mended it is taken over; again it changes nothing', async ({ page, demo }, info) => {
  const tag = info.project.name;
  await signIn(page, demo, 'hr');
  const upload = async (content: Buffer) => {
    await page.goto('/people/import');
    await page.locator('input[type=file]').setInputFiles({ name: 'liste.csv', mimeType: 'text/csv', buffer: content });
    if (tag.endsWith('no-script')) await page.locator('form[enctype] button').click();
    await expect(page).toHaveURL(/\/people\/import\/[0-9a-f-]{36}$/);
  };

  await upload(list(tag, '30.02.2027'));
  await expect(page.locator('tr.error')).toHaveCount(1);
  await expect(page.locator('tr.error')).toContainText('2');
  await expect(page.locator('tr.error')).toContainText('30.02.2027');
  await expect(page.locator('form[action$="/imports/apply"]')).toHaveCount(0);

  await upload(list(tag, '2027-12-01'));
  await expect(page.locator('tr.new')).toHaveCount(2);
  await page.locator('form[action$="/imports/apply"] button').click();
  await expect(page.locator('.notice.success')).toContainText('2 neu');
  await page.goto(`/people?q=${encodeURIComponent(`Müller ${tag}`)}`);
  await expect(page.locator('tbody tr')).toHaveCount(1);

  await upload(list(tag, '2027-12-01'));
  await expect(page.locator('tr.new, tr.changed, tr.error')).toHaveCount(0);
});

test('a file that is no list is refused with a sentence', async ({ page, demo }, info) => {
  await signIn(page, demo, 'hr');
  await page.goto('/people/import');
  await page.locator('input[type=file]').setInputFiles({ name: 'leer.csv', mimeType: 'text/csv', buffer: Buffer.from('') });
  if (info.project.name.endsWith('no-script')) await page.locator('form[enctype] button').click();
  await expect(page.locator('main')).toContainText('Die Datei ist leer.');
});
