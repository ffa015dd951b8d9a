// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * The API's nouns as the screens name them. They come from docs/openapi.yaml through schema.d.ts, which
 * `npm run api` makes; the few shapes the description leaves open are completed here.
 */
import type { components } from './schema'

type S = components['schemas']

export type Language = S['Language']
export type Words = S['Words']
export type Theme = S['Theme']
export type Verdict = S['Verdict']
export type Stage = S['Stage']
export type Role = S['Role']
export type Power = S['Power']
export type Late = S['Late']
export type Relation = S['Relation']
export type Stance = S['Stance']
export type Scope = S['Scope']
export type PublicationState = S['PublicationState']
export type ItemState = S['ItemState']
export type ConversationState = S['ConversationState']

export type PersonRef = S['PersonRef']
export type OrganizationRef = S['OrganizationRef']
export type Session = S['Session']
export type Me = S['Me']
export type Membership = S['Membership']
export type MySession = S['MySession']
export type ApiToken = S['ApiToken']
export type Invitation = S['Invitation']
export type Member = S['Member']
export type Report = S['Report']
export type ReportException = S['ReportException']
export type Today = S['Today']
export type TodayItem = S['TodayItem']
export type Organization = S['Organization']
export type Interest = S['Interest']
export type InterestIn = S['InterestIn']
export type Policy = S['Policy']
export type PolicyVersion = S['PolicyVersion']
export type TextProblem = S['TextProblem']
export type PolicyState = S['PolicyState']
export type PolicyCheck = S['PolicyCheck']
export type Replay = S['Replay']
export type KeptReplay = S['KeptReplay']
export type ReplaySummary = S['ReplaySummary']
export type Guarantee = S['Guarantee']
export type CaseAtAGlance = S['CaseAtAGlance']
export type Exception = S['Exception']
export type Network = S['Network']
export type Account = S['Account']
export type AccountRef = S['AccountRef']
export type Typed = S['Typed']
export type Source = S['Source']
export type Item = S['Item']
export type Declared = S['Declared']
export type DeclaredIn = S['DeclaredIn']
export type MediaUse = S['MediaUse']
export type Media = S['Media']
export type LocalTime = S['LocalTime']
export type VariantIn = S['VariantIn']
export type VariantPatch = S['VariantPatch']
export type VariantRow = S['VariantRow']
export type Variant = S['Variant']
export type Post = S['Post']
export type Judgement = S['Judgement']
export type TextSpan = S['Span']
export type Measure = S['Measure']
export type Review = S['Review']
export type Publication = S['Publication']
export type Conversation = S['Conversation']
export type ConversationRow = S['ConversationRow']
export type Message = S['Message']
export type Remark = S['Remark']
export type Evidence = S['Evidence']
export type RemarkStatus = Remark['status']
export type Difference = NonNullable<Variant['differences']>[number]
export type Waiting = { variant: Variant; may_review: boolean; why_not: Words | null }
export type PolicySample = { name: string; title: Words; text: string }

/* The acts the policy room knows (src/policy/judge.h says what each carries). */
export type RemedyAct =
	| 'insert_disclosure'
	| 'move_disclosure'
	| 'add_link'
	| 'ask_approval'
	| 'publish_on_own_account'
	| 'publish_elsewhere'
	| 'declare'
	| 'change_time'
	| 'add_alt_text'
	| 'remove_link'
	| 'replace_link'
	| 'remove_words'
	| 'rephrase_voice'
	| 'invite'
	| 'add_translation'
	| 'rewrite_hashtag'
	| 'fewer_hashtags'
	| 'switch_off'
	| 'record_consent'
	| 'others_first'
	| 'exception'
export type Remedy = {
	act: RemedyAct
	rule: string
	words: Words
	text?: string
	lang?: string
	position?: string
	fold?: number
	field?: string
	value?: string
	roles?: string[]
	people?: string[]
	count?: number
	not_before?: string
	span?: TextSpan
	/** It stands in the description of this media, from 1. */
	media?: number
}

/* Policy.document, as src/policy/document.h writes it. */
export type Condition = Record<string, string[]>
export type PolicyRule = {
	id: string
	kind: string
	label: Words
	then: Verdict
	firm: boolean
	line: number
	when?: Condition
	unless?: Condition[]
	overrides?: string[]
	approval?: Approvals
	options?: Record<string, unknown>
}
export type Approvals = { by?: string[]; count?: number; never?: string[]; valid?: string | number }
type Lists = Partial<Record<Language, string[]>>
export type PolicyDocument = {
	policy: string
	version: number
	title: Words
	timezone: string
	default: Verdict
	fold?: Record<string, number>
	shorteners?: string[]
	organisations?: { id: string; names?: string[]; axes?: string[]; domains?: string[]; handles?: string[]; partners?: string[] }[]
	accounts?: { id: string; owner: string; stance: Stance; platform: string }[]
	approvals?: Approvals
	disclosures?: { id: string; position: string; wordings: Lists }[]
	topics?: { id: string; words: Lists | null }[]
	rules: PolicyRule[]
	exceptions?: { id: string; lifts: string[]; from: string; until: string; granted_by: string; reason: Words; line: number; when?: Condition }[]
}

/** `done` and `total`: of work under way, which has changed nothing yet. */
export type Change = { kind: string; organization: string; id: string; done?: number; total?: number }
