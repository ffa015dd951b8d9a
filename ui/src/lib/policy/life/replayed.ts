// SPDX-License-Identifier: AGPL-3.0-or-later
/* What a replay came to, as src/policy/replay.h and the API have it; the description leaves its inside open. */
import type { Verdict, Words } from '../../api/types'

export type ReplaySummary = {
	cases: number
	changed: number
	errors?: number
	refused: number
	newly_refused?: number
	human_refused?: number
	matrix: Record<string, Record<string, number>>
	most_read?: { known: number; posts: number; at_least: number | null; human?: number; refused: number; refused_known?: number; refused_share: number | null; refused_human?: number }
	from?: string | null
	to?: string | null
}
export type ReplayedPost = {
	id: string
	was: Verdict
	is: Verdict
	decided_by: string[]
	account?: string
	words?: string
	at?: string | null
	permalink?: string | null
	reads?: number | null
	explanation?: Words
}
export type Replayed = { summary: ReplaySummary; changed: ReplayedPost[]; at?: string; digest?: string }
