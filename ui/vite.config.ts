// SPDX-License-Identifier: AGPL-3.0-or-later
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig, type PluginOption } from 'vite'

/*
 * The desk serves these files under a strict Content-Security-Policy: no inline script or style, nothing
 * from elsewhere. Hence no module preload snippet, no assets inlined as data: addresses.
 *
 * `npm run dev` speaks to a desk at PV_DESK (http://127.0.0.1:8080); PV_FAKE=1 puts a small stateful
 * imitation of its API in the way, for drawing screens only (dev/fake.ts, never built, never tested against).
 */
export default defineConfig(async ({ command }) => {
	const plugins: PluginOption[] = [svelte()]
	if (command === 'serve' && process.env['PV_FAKE']) {
		const { fakeDesk } = await import('./dev/fake.ts')
		plugins.push(fakeDesk())
	}
	const desk = process.env['PV_DESK'] ?? 'http://127.0.0.1:8080'
	return {
		plugins,
		build: {
			target: 'es2022',
			cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
			assetsInlineLimit: 0,
			modulePreload: { polyfill: false },
			// The journal's sheet has a name that stays: pages made by the desk link to it.
			rolldownOptions: {
				input: { index: 'index.html', journal: 'public-journal.css' },
				output: {
					assetFileNames: (asset: { names: string[] }) =>
						asset.names.includes('journal.css') ? 'assets/journal.css' : 'assets/[name]-[hash][extname]',
				},
			},
			reportCompressedSize: true,
		},
		server: { port: 5173, proxy: { '/api': desk, '/j/': desk, '/healthz': desk } },
	}
})
