// SPDX-License-Identifier: AGPL-3.0-or-later
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

/* The units stand with all other tests, in tests/ui. */
export default defineConfig({
	plugins: [svelte()],
	test: { root: '..', include: ['tests/ui/**/*.test.ts'], environment: 'node' },
})
