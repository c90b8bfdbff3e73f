// The pictures in README: PICTURES=1 npx playwright test pictures
import { expect, signIn, test, type Role } from './server';

/** Project, role, page, name, and where the picture is behind a link of that page, the link. */
const PICTURES: [string, Role, string, string, string?][] = [
  ['desktop', 'hr', '/hr', 'gate'],
  ['desktop', 'security', '/security', 'rates'],
  ['phone', 'employee', '/checklist', 'checklist'],
  ['phone', 'hr', '/checklist', 'difference', 'main a[href^="/checklist/policy/"]'],
];

for (const [project, role, path, name, link] of PICTURES) {
  test(`picture ${name}`, async ({ page, demo }, info) => {
    test.skip(info.project.name !== project || !process.env.PICTURES, 'made on demand, so that a test run changes no file');
    await signIn(page, demo, role);
    await page.goto(path);
    if (link) {
      await page.locator(link).first().click();
      await expect(page).not.toHaveURL(path);
    }
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.screenshot({ path: `pictures/${name}.png` });
  });
}
