// SPDX-License-Identifier: AGPL-3.0-or-later
// Debian's Chromium for the stories, and what axe finds on a page.
//
//	const browser = await openBrowser();
//	const page = await browser.page({ width: 1280, height: 800, language: 'fr-CA', dark: false });
//	await page.goto(desk.base + '/');
//	await accessible(page, 'today');
//	await browser.close();
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';

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

// Throws with rule, place and help for each thing axe finds.
export async function accessible(page, where) {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
  if (violations.length === 0) return;
  const told = violations.map((v) => `${v.id} (${v.impact}): ${v.help}\n` + v.nodes.slice(0, 5).map((n) => `    ${n.target.join(' ')}  ${n.failureSummary?.split('\n')[1]?.trim() ?? ''}`).join('\n'));
  throw new Error(`axe on ${where}:\n${told.join('\n')}`);
}
