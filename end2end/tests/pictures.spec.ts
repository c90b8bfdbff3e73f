// The pictures in README: PICTURES=1 npx playwright test pictures
import { expect, signIn, test, type Role } from './server';

const PICTURES: [string, Role, string, string][] = [
  ['desktop', 'hr', '/hr', 'gate'],
  ['desktop', 'security', '/security', 'rates'],
  ['phone', 'employee', '/checklist', 'checklist'],
];

for (const [project, role, path, name] of PICTURES) {
  test(`picture ${name}`, async ({ page, demo }, info) => {
    test.skip(info.project.name !== project || !process.env.PICTURES, 'made on demand, so that a test run changes no file');
    await signIn(page, demo, role);
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.screenshot({ path: `pictures/${name}.png` });
  });
}
