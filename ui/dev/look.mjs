// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * Pictures of pages: node dev/look.mjs [--lang fr,en] [--theme light,dark] [--width 390,1440] PLACE…
 * PLACE is a hash route (today, write?item=…); @first opens the first link of the page.
 */
import { mkdirSync } from 'node:fs'
import { chromium } from 'playwright-core'

const args = process.argv.slice(2)
const option = (name, usual) => {
	const at = args.indexOf('--' + name)
	return (at < 0 ? usual : args.splice(at, 2)[1]).split(',')
}
const langs = option('lang', 'fr')
const themes = option('theme', 'light')
const widths = option('width', '1440').map(Number)
const base = option('base', 'http://127.0.0.1:5173')[0]
const full = option('full', 'no')[0] === 'yes'
const out = new URL('../../var/screenshots/', import.meta.url).pathname
mkdirSync(out, { recursive: true })

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--no-first-run'] })
for (const width of widths)
	for (const theme of themes)
		for (const lang of langs) {
			const context = await browser.newContext({ viewport: { width, height: width < 700 ? 844 : 900 }, colorScheme: theme, locale: lang, timezoneId: 'America/Toronto', hasTouch: width < 700 })
			await context.addInitScript(([l]) => (localStorage.setItem('portevoix.language', l), localStorage.setItem('portevoix.seated', '1')), [lang])
			const page = await context.newPage()
			page.on('console', (m) => ['error', 'warning'].includes(m.type()) && console.error(m.text()))
			page.on('pageerror', (e) => console.error(e.stack ?? e.message))
			for (const place of args) {
				const [hash, ...steps] = place.split('@')
				await page.goto(`${base}/#/${hash}`)
				await page.reload()
				await page.waitForTimeout(700)
				for (const step of steps) {
					await page.locator(step).first().click()
					await page.waitForTimeout(500)
				}
				const name = `${place.replace(/[^a-z0-9]+/gi, '-').slice(0, 40)}-${lang}-${theme}-${width}.png`
				await page.screenshot({ path: out + name, fullPage: full })
				console.log(out + name)
			}
			await context.close()
		}
await browser.close()
