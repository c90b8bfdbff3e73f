import { chromium } from '@playwright/test';
import { readFileSync } from 'node:fs';
const demo = JSON.parse(readFileSync(process.argv[2] , 'utf8'));
const wanted = process.argv.slice(3); // role:path:name
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox','--disable-gpu','--disable-background-networking','--disable-component-update','--disable-sync'] });
for (const [tag, vp, scheme] of [['p', {width:390,height:844}, 'light'], ['d', {width:1440,height:900}, 'light'], ['k', {width:390,height:844}, 'dark'], ['n', {width:1440,height:900}, 'dark']]) {
  if (process.env.ONLY && !process.env.ONLY.includes(tag)) continue;
  const roles = {};
  for (const w of wanted) {
    let [role, path, name] = w.split(':');
    if (!roles[role]) {
      const context = await browser.newContext({ viewport: vp, colorScheme: scheme, locale: process.env.LANG2 ?? 'de-DE', baseURL: demo.url });
      const page = await context.newPage();
      page.on('console', m => { if (['error','warning'].includes(m.type())) console.log(role, page.url(), m.text()); });
      page.on('pageerror', e => console.log('pageerror', String(e)));
      if (role !== 'anon') {
        const a = demo.accounts.find(a => a.role === role);
        await page.goto('/sign-in');
        await page.fill('#email', a.email); await page.fill('#password', a.password);
        await page.locator('main form').first().getByRole('button').click();
        await page.waitForURL(u => !u.pathname.includes('sign-in'));
      }
      roles[role] = page;
    }
    const page = roles[role];
    const link = path.startsWith('>') ? path.slice(1).split('>') : null;
    if (link) { await page.goto(link[0]); for (const sel of link.slice(1)) { const h = await page.locator(sel).first().getAttribute('href'); await page.goto(h); } }
    else { const r = await page.goto(path); if (r.status() !== 200) console.log(role, path, r.status()); }
    await page.waitForTimeout(250);
    await page.screenshot({ path: `/tmp/shots/${name}-${tag}.png`, fullPage: true });
  }
}
await browser.close();
