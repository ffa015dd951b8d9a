// SPDX-License-Identifier: AGPL-3.0-or-later
/* What a replay came to (the API's Replay). It is kept with the version, whose description leaves its inside open. */
import type { Verdict, Words } from '../../api/types'

export type ReplaySummary = {
	cases: number
	changed: number
	refused: number
	newly_refused: number
	human_refused: number
	matrix: Record<string, Record<string, number>>
	most_read: { known: number; posts: number; at_least: number | null; refused: number; refused_known: number; refused_share: number | null }
	from: string | null
	to: string | null
}
export type ReplayedPost = {
	id: string
	variant: string | null
	account: { slug: string; name: string | null; network: string | null }
	text: string
	at: string
	was: Verdict
	is: Verdict
	decided_by: string[]
	reads: number | null
	permalink: string | null
}
export type Replayed = {
	summary: ReplaySummary
	changed: ReplayedPost[]
	changed_left_out: number
	older: boolean
	problems: { id: string | null; line: number | null; column: number | null; message: Words }[]
}
