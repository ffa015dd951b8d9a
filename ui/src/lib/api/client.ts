// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * One way to the desk's API, typed by docs/openapi.yaml: cookie session, CSRF header on every change, an
 * Idempotency-Key on every POST (a request that is sent again does the thing once), the reader's language,
 * and whatever goes wrong thrown as a Problem.
 *
 *	const post = await ok(desk.GET('/posts/{post}', { params: { path: { post: id } } }))
 */
import createClient from 'openapi-fetch'
import { Problem } from './problem'
import type { paths } from './schema'

let csrf = ''
let language = 'fr'
let onSignedOut: () => void = () => {}

export function setCsrf(token: string): void {
	csrf = token
}
export function setApiLanguage(code: string): void {
	language = code
}
export function whenSignedOut(then: () => void): void {
	onSignedOut = then
}

export const desk = createClient<paths>({ baseUrl: '/api/v1', credentials: 'same-origin' })

desk.use({
	onRequest({ request }) {
		request.headers.set('accept-language', language)
		if (request.method !== 'GET' && csrf) request.headers.set('x-csrf-token', csrf)
		if (request.method === 'POST') request.headers.set('idempotency-key', key())
		return request
	},
	onError({ error }) {
		if (error instanceof DOMException && error.name === 'AbortError') return error
		return new Problem(0, '', '', [])
	},
})

/* randomUUID is only there on https and on this machine; a desk on a local network may be plain http. */
function key(): string {
	const bytes = crypto.getRandomValues(new Uint8Array(16))
	return [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('')
}

type Answer<D> = { data?: D; error?: unknown; response: Response }

/** The answer's data, or a Problem. `quiet`: a 401 is expected and shows no sign-in page. */
export async function ok<D>(asked: Promise<Answer<D>>, quiet = false): Promise<D> {
	const { data, error, response } = await asked
	if (response.ok) return data as D
	const said = (typeof error === 'object' && error ? error : {}) as {
		title?: string
		detail?: string
		errors?: { pointer: string; message: string }[]
	}
	if (response.status === 401 && !quiet) onSignedOut()
	throw new Problem(response.status, said.title ?? '', said.detail ?? '', said.errors ?? [], said as Record<string, unknown>)
}
