// Everybody's own record: what they signed, accepted and passed, to read and to take along.
import { download, follow } from './people';
import { expect, signIn, test } from './server';

test('a person reads their record and takes everything along', async ({ page, demo }) => {
  await signIn(page, demo, 'hr');
  await follow(page, 'Meine Nachweise');
  const section = (title: string) => page.locator('section', { has: page.getByRole('heading', { name: title }) });
  await expect(section('Vereinbarungen')).toContainText(/unterschrieben am .* · bestätigt am/);
  await expect(section('Richtlinien').locator('li')).toHaveCount(3);
  await expect(section('Weitere Punkte')).toContainText('Zur Hintergrundüberprüfung stehen hier nur Stand und Daten.');

  const archive = await download(page, page.getByRole('link', { name: 'Alles herunterladen' }));
  expect(archive.name).toMatch(/\.zip$/);
  expect(archive.bytes.subarray(0, 4)).toEqual(Buffer.from('PK\x03\x04', 'latin1'));
  const certificate = await download(page, section('Schulungen').getByRole('link', { name: 'Zertifikat (PDF)' }));
  const copy = await download(page, section('Vereinbarungen').getByRole('link', { name: /^PDF/ }));
  for (const file of [certificate, copy]) {
    expect(file.name).toMatch(/\.pdf$/);
    expect(file.bytes.subarray(0, 5).toString()).toBe('%PDF-');
  }
  await section('Richtlinien').getByRole('link', { name: /^Ansehen/ }).first().click();
  await expect(page.getByRole('heading', { name: 'Annahme' })).toBeVisible();
});
