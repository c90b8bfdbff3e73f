// Phone and desktop, with and without JavaScript, in Debian's Chromium. Each worker starts a demo of its own (server.ts).
import { defineConfig, devices } from '@playwright/test';

const chromium = {
  launchOptions: {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  },
};
const phone = { ...devices['Pixel 7'], viewport: { width: 390, height: 844 }, ...chromium };
const desktop = { viewport: { width: 1440, height: 900 }, ...chromium };

export default defineConfig({
  testDir: 'tests',
  timeout: 60_000,
  workers: 2,
  fullyParallel: false,
  forbidOnly: !!process.env.CI,
  reporter: [['list']],
  use: { locale: 'de-DE', timezoneId: 'Europe/Berlin', actionTimeout: 15_000, trace: 'retain-on-failure' },
  projects: [
    { name: 'phone', use: phone, testIgnore: /payloads\.spec/ },
    { name: 'desktop', use: desktop },
    { name: 'phone-no-script', use: { ...phone, javaScriptEnabled: false }, testIgnore: /(islands|axe|payloads|pictures)\.spec/ },
    // Without script, pages differ from the phone's by their layout alone.
    { name: 'desktop-no-script', use: { ...desktop, javaScriptEnabled: false }, testMatch: /(hire|nda|pages)\.spec/ },
  ],
});
