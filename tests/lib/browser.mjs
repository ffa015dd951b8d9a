// SPDX-License-Identifier: AGPL-3.0-or-later
// Debian's Chromium for the stories, and what axe finds on a page.
//
//	const browser = await openBrowser();
//	const page = await browser.page({ width: 1280, height: 800, language: 'fr-CA', dark: false });
//	await page.goto(desk.base + '/');
//	await accessible(page, 'today');
//	const show = gallery('media', marc);	// marc: who sits there, by API (lib/desk.mjs)
//	await show(page, 'picture-added');	// by day and by night, in both languages, on a desk and on a phone
//	await browser.close();
import { AxeBuilder } from '@axe-core/playwright';
import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { root } from './desk.mjs';

export async function openBrowser() {
  const browser = await chromium.launch({
    executablePath: process.env.PV_CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  return {
    browser,
    // A page of its own session; what it complains about in the console, or fails to load, is in page.complaints.
    async page({ width = 1280, height = 800, language = 'fr-CA', dark = false, still = true, ...rest } = {}) {
      const context = await browser.newContext({
        viewport: { width, height },
        locale: language,
        timezoneId: 'America/Toronto',
        colorScheme: dark ? 'dark' : 'light',
        reducedMotion: still ? 'reduce' : 'no-preference',
        ...rest,
      });
      const page = await context.newPage();
      page.complaints = [];
      page.on('pageerror', (error) => page.complaints.push(`error: ${error.message}`));
      page.on('console', (message) => {
        if (message.type() === 'error') page.complaints.push(`console: ${message.text()}`);
      });
      return page;
    },
    close: () => browser.close(),
  };
}

// Throws with rule, place and help for each thing axe finds. The desk's pages hold no frame: asked in the page itself
// ("legacy"), the answer is the same in half the time.
export async function accessible(page, where) {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .setLegacyMode(true)
    .analyze();
  if (violations.length === 0) return;
  const told = violations.map((v) => `${v.id} (${v.impact}): ${v.help}\n` + v.nodes.slice(0, 5).map((n) => `    ${n.target.join(' ')}  ${n.failureSummary?.split('\n')[1]?.trim() ?? ''}`).join('\n'));
  throw new Error(`axe on ${where}:\n${told.join('\n')}`);
}

// As a person comes in, whatever the page's language.
export async function enter(page, base, login, password) {
  await page.goto(base + '/');
  await page.locator('input[type=email]').fill(login);
  await page.locator('input[type=password]').fill(password);
  await page.locator('button.main').click();
  await page.locator('.desk .home').first().waitFor();
}

// By day in French on a desk, by night in English on a phone; with PV_LOOKS=all also the two between, for the eye.
const looks = [
  { name: 'fr-day-desk', language: 'fr', theme: 'light', width: 1280, height: 900 },
  { name: 'en-night-phone', language: 'en', theme: 'dark', width: 390, height: 844 },
  ...(process.env.PV_LOOKS === 'all'
    ? [
        { name: 'fr-day-phone', language: 'fr', theme: 'light', width: 390, height: 844 },
        { name: 'en-night-desk', language: 'en', theme: 'dark', width: 1280, height: 900 },
      ]
    : []),
];

// Puts the page into a look without leaving what stands on it: the person's own choice, told by the live line; before
// anyone has come in (`who` null), the door's own buttons and the device's light.
async function wear(page, who, look) {
  await page.setViewportSize({ width: look.width, height: look.height });
  if (who) {
    await who.patch('/me', { language: look.language, theme: look.theme });
    await page.locator(`html[lang=${look.language}][data-theme=${look.theme}]`).waitFor({ state: 'attached' });
  } else {
    await page.emulateMedia({ colorScheme: look.theme });
    await page.locator(`footer button[lang=${look.language}]`).click();
  }
  await page.evaluate(() => document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))));
}

// show(page, name): a picture in var/screenshots/FOLDER for each look; axe finds nothing, nothing is wider than the
// screen. Ends in the first look.
export function gallery(folder, who) {
  const pictures = join(root, 'var/screenshots', folder);
  mkdirSync(pictures, { recursive: true });
  return async (page, name) => {
    for (const look of looks) {
      await wear(page, who, look);
      await page.evaluate(() => scrollTo(0, 0));
      await page.screenshot({ path: join(pictures, `${name}-${look.name}.png`), fullPage: true });
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `${name}, ${look.name} is ${over} px wider than the screen`);
      await accessible(page, `${name}, ${look.name}`);
    }
    await wear(page, who, looks[0]);
  };
}

// What the page complained about, but for the answers a desk gives on purpose.
export function complaints(...pages) {
  return pages.flatMap((page) => page.complaints).filter((c) => !/status of (4\d\d|503)/.test(c));
}
