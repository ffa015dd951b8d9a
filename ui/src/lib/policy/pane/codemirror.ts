// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * The text of a policy in CodeMirror, inside a shadow root: there its sheets are adopted, and the page's content
 * policy, which allows no inline style, stands as it is.
 *
 *	const text = openText(host, { text, label, words, ontext, onplace, onlayout })
 *	text.mark([{ id, from, to, kind: 'problem' }])      underlined, and a sign in the gutter
 *	text.stop()
 */
import { defaultKeymap, history, historyKeymap, redo, undo } from '@codemirror/commands'
import { HighlightStyle, indentService, StreamLanguage, syntaxHighlighting, type StreamParser } from '@codemirror/language'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { Annotation, Compartment, EditorState, RangeSet, StateEffect, StateField, type Text, Transaction } from '@codemirror/state'
import { Decoration, type DecorationSet, drawSelection, EditorView, gutter, GutterMarker, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { Tag, tags } from '@lezer/highlight'
import type { Change } from '../text/edit'

export type Mark = { id: string; from: number; to: number; kind: 'problem' | 'finding' }
export type Options = {
	text: string
	label: string
	readonly: boolean
	/** CodeMirror's own phrases, in the reader's language. */
	phrases: Record<string, string>
	ontext: (text: string) => void
	/** The cursor went to this offset by the writer's own hand. */
	onplace: (offset: number) => void
	/** Heights or marks may have moved. */
	onlayout: () => void
}

/* ---- colours of the format ------------------------------------------------------------------------------ */

const verdicts = ['allow', 'warn', 'disclose', 'approve', 'refuse'] as const
const verdictTags = Object.fromEntries(verdicts.map((name) => [name, Tag.define()])) as Record<(typeof verdicts)[number], Tag>

type Line = { then: boolean }
const format: StreamParser<Line> = {
	name: 'policy',
	startState: () => ({ then: false }),
	tokenTable: { key: tags.propertyName, ...Object.fromEntries(verdicts.map((v) => ['verdict-' + v, verdictTags[v]])) },
	token(stream, line) {
		if (stream.sol()) line.then = false
		if (stream.eatSpace()) return null
		if (stream.peek() === '#') {
			stream.skipToEnd()
			return 'comment'
		}
		if (stream.match(/^"[^"]*"?/)) return 'string'
		const key = stream.match(/^[^\s#:,{}[\]"]+(?=\s*:(\s|$))/) as RegExpMatchArray | null
		if (key) {
			line.then = key[0] === 'then' || key[0] === 'default'
			return 'key'
		}
		if (stream.match(/^-(?=\s|$)/) || stream.match(/^[:,{}[\]]/)) return 'punctuation'
		const word = stream.match(/^[^\s,{}[\]#"]+/) as RegExpMatchArray | null
		if (!word) {
			stream.next()
			return null
		}
		return line.then && (verdicts as readonly string[]).includes(word[0]) ? 'verdict-' + word[0] : null
	},
}
const colours = HighlightStyle.define([
	{ tag: tags.comment, color: 'var(--ink-3)', fontStyle: 'italic' },
	{ tag: tags.propertyName, color: 'var(--accent)' },
	{ tag: tags.string, color: 'var(--ink)' },
	{ tag: tags.punctuation, color: 'var(--ink-3)' },
	...verdicts.map((v) => ({ tag: verdictTags[v], color: `var(--${v})`, fontWeight: '650' })),
])

/* ---- marks ------------------------------------------------------------------------------------------------ */

const setMarks = StateEffect.define<Mark[]>()
const setLit = StateEffect.define<string>()
const setShown = StateEffect.define<{ from: number; to: number } | null>()

type Marked = { marks: { id: string; kind: Mark['kind']; from: number; to: number }[]; lit: string; set: DecorationSet }

function drawn(marks: Marked['marks'], lit: string, doc: Text): DecorationSet {
	const ranges = marks.flatMap((m) => {
		const from = Math.min(m.from, doc.length)
		const line = doc.lineAt(from)
		// A place without width is shown by what stands there, or by the end of the line before.
		const to = Math.max(Math.min(m.to, doc.length), Math.min(from + 1, line.to))
		const start = to > from ? from : Math.max(line.from, from - 1)
		if (to <= start) return []
		return [Decoration.mark({ class: `pv-${m.kind}${m.id === lit ? ' pv-lit' : ''}` }).range(start, to)]
	})
	return Decoration.set(ranges, true)
}
const marked = StateField.define<Marked>({
	create: () => ({ marks: [], lit: '', set: Decoration.none }),
	update(value, tr) {
		let { marks, lit } = value
		let changed = false
		if (tr.docChanged) {
			marks = marks.map((m) => ({ ...m, from: tr.changes.mapPos(m.from, 1), to: tr.changes.mapPos(m.to, -1) }))
			changed = true
		}
		for (const effect of tr.effects) {
			if (effect.is(setMarks)) marks = effect.value
			else if (effect.is(setLit)) lit = effect.value
			else continue
			changed = true
		}
		return changed ? { marks, lit, set: drawn(marks, lit, tr.state.doc) } : value
	},
	provide: (field) => EditorView.decorations.from(field, (value) => value.set),
})
const shown = StateField.define<DecorationSet>({
	create: () => Decoration.none,
	update(value, tr) {
		let next = value.map(tr.changes)
		for (const effect of tr.effects)
			if (effect.is(setShown)) next = effect.value ? lineSet(tr.state, effect.value) : Decoration.none
		return next
	},
	provide: (field) => EditorView.decorations.from(field),
})
function lineSet(state: EditorState, { from, to }: { from: number; to: number }): DecorationSet {
	const lines = []
	for (let at = state.doc.lineAt(Math.min(from, state.doc.length)); ; at = state.doc.line(at.number + 1)) {
		lines.push(Decoration.line({ class: 'pv-shown' }).range(at.from))
		if (at.to >= to || at.number === state.doc.lines) return Decoration.set(lines)
	}
}

class Sign extends GutterMarker {
	constructor(readonly kind: Mark['kind']) {
		super()
	}
	override eq(other: Sign) {
		return other.kind === this.kind
	}
	override toDOM() {
		const sign = document.createElement('span')
		sign.className = 'pv-sign pv-sign-' + this.kind
		sign.textContent = this.kind === 'problem' ? '▸' : '·'
		return sign
	}
}
const signs = gutter({
	class: 'pv-signs',
	markers: (view) => {
		const lines = new Map<number, Sign>()
		for (const m of view.state.field(marked).marks) {
			const line = view.state.doc.lineAt(Math.min(m.from, view.state.doc.length)).from
			if (m.kind === 'problem' || !lines.has(line)) lines.set(line, new Sign(m.kind))
		}
		return RangeSet.of([...lines].sort(([a], [b]) => a - b).map(([at, sign]) => sign.range(at)))
	},
	initialSpacer: () => new Sign('problem'),
})

/* ---- how it looks -------------------------------------------------------------------------------------------- */

const look = EditorView.theme({
	'&': { color: 'var(--ink)', background: 'transparent', fontSize: '13.5px' },
	'&.cm-focused': { outline: 'none' },
	'.cm-scroller': { fontFamily: 'ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace', lineHeight: '1.6' },
	'.cm-content': { padding: '8px 0 40px', caretColor: 'var(--accent)' },
	'.cm-line': { padding: '0 8px 0 6px' },
	'.cm-gutters': { background: 'transparent', border: '0', color: 'var(--ink-3)' },
	'.cm-lineNumbers .cm-gutterElement': { padding: '0 4px 0 0', fontSize: '11.5px', lineHeight: '21.6px', minWidth: '26px' },
	'.cm-activeLine': { background: 'color-mix(in oklab, var(--edge) 70%, transparent)' },
	'.cm-cursor': { borderLeftColor: 'var(--accent)', borderLeftWidth: '2px' },
	'&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { background: 'light-dark(#f3dfa8, #4f4a2c)' },
	'.cm-selectionMatch, .cm-searchMatch': { background: 'var(--accent-soft)' },
	'.cm-searchMatch-selected': { background: 'light-dark(#f3dfa8, #4f4a2c)' },
	'.pv-signs': { width: '14px' },
	'.pv-sign': { display: 'block', textAlign: 'center', fontWeight: '700' },
	'.pv-sign-problem': { color: 'var(--refuse)' },
	'.pv-sign-finding': { color: 'var(--approve)', fontSize: '22px' },
	'.pv-problem': { textDecoration: 'underline wavy 1px var(--refuse)', textUnderlineOffset: '4px', textDecorationSkipInk: 'none' },
	'.pv-problem.pv-lit': { background: 'var(--refuse-soft)' },
	'.pv-finding': { textDecoration: 'underline dashed 1px var(--approve)', textUnderlineOffset: '4px' },
	'.pv-finding.pv-lit': { background: 'var(--approve-soft)' },
	'.pv-shown': { background: 'var(--accent-soft)' },
	'.cm-panels': { background: 'var(--edge)', color: 'var(--ink)', borderColor: 'var(--rule)', fontFamily: 'var(--sans)', fontSize: '14px' },
	'.cm-panel.cm-search': { padding: '8px 28px 8px 8px' },
	'.cm-panel.cm-search label': { fontSize: '13px' },
	'.cm-panel.cm-search [name=close]': { color: 'var(--ink)', minWidth: '24px', minHeight: '24px' },
	'.cm-textfield': { background: 'var(--field)', color: 'var(--ink)', border: '1px solid var(--rule-firm)', borderRadius: '3px' },
	'.cm-button': { background: 'var(--field)', color: 'var(--ink)', border: '1px solid var(--rule-firm)', borderRadius: '3px' },
	':focus-visible': { outline: '2px solid var(--accent)', outlineOffset: '1px' },
	'.cm-content:focus-visible': { outline: 'none' },
})

/* A line begins where the one above does; two spaces further under a key that opens a group. */
const indents = indentService.of((context, at) => {
	const line = context.state.doc.lineAt(at)
	const above = line.from > 0 ? context.state.doc.lineAt(at === line.from ? line.from - 1 : at) : line
	const lead = /^ */.exec(above.text)?.[0].length ?? 0
	if (/:\s*(#.*)?$/.test(above.text)) return lead + (/^ *- /.test(above.text) ? 4 : 2)
	return /^ *- \S+:/.test(above.text) ? lead + 2 : lead
})

const fromForm = Annotation.define<boolean>()

export type TextHand = ReturnType<typeof openText>

export function openText(host: HTMLElement, options: Options) {
	const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' })
	const parent = document.createElement('div')
	root.replaceChildren(parent)
	const named = new Compartment()
	const wide = options.text.includes('\r\n')
	const written = (state: EditorState) => state.doc.sliceString(0, state.doc.length, wide ? '\r\n' : '\n')
	const naming = (label: string) => EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', autocapitalize: 'off' })
	const view = new EditorView({
		parent,
		root,
		state: EditorState.create({
			doc: options.text,
			extensions: [
				lineNumbers(),
				signs,
				history(),
				drawSelection(),
				highlightActiveLine(),
				highlightSelectionMatches(),
				search({ top: true }),
				StreamLanguage.define(format),
				syntaxHighlighting(colours),
				indents,
				marked,
				shown,
				look,
				EditorView.lineWrapping,
				EditorState.readOnly.of(options.readonly),
				EditorView.editable.of(!options.readonly),
				EditorState.phrases.of(options.phrases),
				named.of(naming(options.label)),
				keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap]),
				EditorView.updateListener.of((update) => {
					if (update.docChanged) options.ontext(written(update.state))
					if (update.geometryChanged || update.viewportChanged || update.docChanged) options.onlayout()
					const byHand = update.transactions.some((tr) => !tr.annotation(fromForm) && tr.annotation(Transaction.userEvent))
					if (byHand && (update.selectionSet || update.docChanged)) options.onplace(update.state.selection.main.head)
				}),
			],
		}),
	})
	/* Offsets of the text count each line's end as it is written; CodeMirror's count one. */
	const inner = (at: number) => (wide ? at - written(view.state).slice(0, at).split('\r\n').length + 1 : at)
	const clamp = (at: number) => Math.max(0, Math.min(inner(at), view.state.doc.length))

	return {
		patch(changes: Change[]) {
			view.dispatch({
				changes: changes.map((c) => ({ from: clamp(c.from), to: clamp(c.to), insert: c.insert })),
				annotations: fromForm.of(true),
				userEvent: 'input.form',
			})
		},
		replace(text: string) {
			if (text === written(view.state)) return
			view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, annotations: fromForm.of(true) })
		},
		mark(marks: Mark[]) {
			view.dispatch({ effects: setMarks.of(marks.map((m) => ({ ...m, from: clamp(m.from), to: clamp(m.to) }))) })
		},
		light(id: string) {
			view.dispatch({ effects: setLit.of(id) })
		},
		/** Brings a part of the text to sight and tints its lines; `focus`: the cursor goes there. */
		show(place: { from: number; to: number } | null, focus = false, scroll = true) {
			const at = place && { from: clamp(place.from), to: clamp(place.to) }
			view.dispatch({
				effects: [setShown.of(at), ...(at && scroll ? [EditorView.scrollIntoView(at.from, { y: 'center' })] : [])],
				...(at && focus && { selection: { anchor: at.from, head: at.to } }),
				annotations: fromForm.of(true),
			})
			if (focus) view.focus()
		},
		/** Where each mark stands now: its line's top and the end of its words, from the pane's own corner. */
		places(): Map<string, { top: number; x: number; bottom: number }> {
			const origin = view.dom.getBoundingClientRect()
			const found = new Map<string, { top: number; x: number; bottom: number }>()
			for (const m of view.state.field(marked).marks) {
				const at = Math.min(m.to, view.state.doc.length)
				const block = view.lineBlockAt(Math.min(m.from, view.state.doc.length))
				const seen = view.coordsAtPos(at, -1)
				const top = view.documentTop - origin.top + block.top
				found.set(m.id, seen ? { top: seen.top - origin.top, x: seen.right - origin.left, bottom: seen.bottom - origin.top } : { top, x: 60, bottom: top + 20 })
			}
			return found
		},
		name(label: string) {
			view.dispatch({ effects: named.reconfigure(naming(label)) })
		},
		undo: () => undo(view),
		redo: () => redo(view),
		focus: () => view.focus(),
		stop: () => view.destroy(),
	}
}
