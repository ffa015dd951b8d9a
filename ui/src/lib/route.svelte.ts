// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * Places by their hash: #/review/01j…?from=today. The path's first word is the place, the second a thing.
 *
 *	route().place, route().id, route().query.get('token')
 *	go('write', post.id)            href('review', id) for links
 */
export type Route = { place: string; id: string; query: URLSearchParams; full: string }

function read(): Route {
	const full = location.hash.replace(/^#\/?/, '')
	const [path = '', search = ''] = full.split('?', 2)
	const [place = '', id = ''] = path.split('/').map(decodeURIComponent)
	return { place: place || 'today', id, query: new URLSearchParams(search), full }
}

let current = $state.raw<Route>(read())
let guards: (() => void)[] = []

addEventListener('hashchange', () => {
	const was = current
	current = read()
	if (was.place !== current.place || was.id !== current.id) {
		for (const leave of guards) leave()
		window.scrollTo({ top: 0 })
	}
})

export function route(): Route {
	return current
}
export function href(place: string, id = '', query: Record<string, string> = {}): string {
	const search = new URLSearchParams(query).toString()
	return `#/${place}${id ? '/' + encodeURIComponent(id) : ''}${search ? '?' + search : ''}`
}
export function go(place: string, id = '', query: Record<string, string> = {}): void {
	location.hash = href(place, id, query)
}
/** The address changes, the page stays: a page that has just been given its name. */
export function rename(place: string, id: string): void {
	history.replaceState(null, '', href(place, id))
	current = read()
}
/** Called when the place is left. Gives back how to stop. */
export function onLeave(then: () => void): () => void {
	guards.push(then)
	return () => {
		guards = guards.filter((g) => g !== then)
	}
}
