// SPDX-License-Identifier: AGPL-3.0-or-later
/* A handful of the seed policy's rules, roughly, so that the margin can be drawn. The real judge is in C. */
import type { Account, DeclaredIn, Judgement, Measure, Verdict } from '../src/lib/api/types'

const pts = (t: string, units: number) => [...t.slice(0, units)].length
const order: Verdict[] = ['allow', 'warn', 'disclose', 'approve', 'refuse']

export function measureOf(text: string, account: Account): Measure {
	const found = (re: RegExp) => [...text.matchAll(re)].map((m) => ({ text: m[0], start: pts(text, m.index), end: pts(text, m.index + m[0].length) }))
	const length = [...new Intl.Segmenter().segment(text)].length
	return { length, limit: account.limits.text_max, valid: length <= account.limits.text_max, bytes: text.length, links: found(/https?:\/\/[^\s]+/g), mentions: [], hashtags: found(/#\p{L}+/gu) }
}

export function judgeOf(text: string, account: Account, declared: DeclaredIn, due: string | null): Judgement {
	const remarks: Judgement['remarks'] = []
	const remedies: Judgement['remedies'] = []
	const add = (rule: string, kind: string, said: Verdict, label: [string, string], reason: [string, string], match: RegExpExecArray | null) =>
		remarks.push({
			rule, kind, said, status: 'decides', firm: false, line: 80, label: { fr: label[0], en: label[1] }, reason: { fr: reason[0], en: reason[1] },
			evidence: match
				? [{ kind: 'link', words: { fr: match[0], en: match[0] }, span: { start: pts(text, match.index), end: pts(text, match.index + match[0].length) }, written: match[0] }]
				: [],
		})
	const remedy = (act: string, rule: string, fr: string, en: string, more: object = {}) => remedies.push({ act, rule, words: { fr, en }, ...more })
	const mine = /https?:\/\/carnetdemarc\.example\S*/.exec(text)
	const house = account.organization.name
	const org = account.stance !== 'personal'
	const said = 'écrit par notre gestionnaire de communauté'
	if (!org) {
		remarks.push({ rule: 'own-platform', kind: 'category', said: 'allow', status: 'decides', firm: false, line: 70, label: { fr: "Sur nos propres plateformes, l'autopromotion est légitime.", en: 'On our own platforms, self-promotion is legitimate.' }, reason: { fr: 'C’est votre compte.', en: 'It is your account.' }, evidence: [] })
	} else {
		if (mine && declared.interest !== 'project') {
			add('own-creation', 'category', 'refuse', ['Le statut de gestionnaire ne sert pas à promouvoir ses propres créations, même pertinentes.', 'The manager’s status is not for promoting his own creations, however relevant.'],
				['Le lien mène à carnetdemarc.example, inscrit à votre registre comme votre création. La pertinence du contenu n’est pas en cause.', 'The link leads to carnetdemarc.example, entered in your register as your own creation. Its relevance is not in question.'], mine)
			remedy('publish_on_own_account', 'own-creation', 'Vous pouvez le publier sur votre compte.', 'You may publish it on your own account.')
			remedy('declare', 'own-creation', `S’il sert un projet de ${house}, déclarez-le : une autre personne confirmera.`, `If it serves a project of ${house}, declare it: another person will confirm.`, { field: 'interest', value: 'project' })
			remedy('remove_link', 'own-creation', 'Ou retirez ce lien.', 'Or remove this link.')
		} else if (mine) {
			add('own-creation-project', 'category', 'approve', ["Ma création sert un projet de l'organisation : une autre personne le confirme.", 'My creation serves an organisational project: another person confirms it.'],
				['Le lien mène à votre création; vous déclarez un projet. Léa peut approuver.', 'The link leads to your creation; you declare a project. Léa can approve.'], mine)
			remedy('ask_approval', 'own-creation-project', 'Léa Gagnon peut approuver.', 'Léa Gagnon can approve.', { people: ['lea'] })
		}
		if (mine && !text.toLowerCase().includes(said)) {
			add('plain-link', 'disclosure', 'disclose', ['Le lien entre le gestionnaire et ce qu’il partage est dit clairement.', 'The tie between the manager and what he shares is made plain.'],
				['Le texte ne dit pas encore que vous en êtes l’auteur.', 'The text does not say yet that you are the author.'], null)
			remedy('insert_disclosure', 'plain-link', `Écrivez « ${said} » dans les 300 premiers caractères.`, 'Write “written by our community manager” in the first 300 characters.', { text: said, position: 'before_fold', fold: 300, lang: 'fr' })
		}
		if (declared.interest === 'personal_favourite' && !(declared.human ?? []).length) {
			add('personal-favourite', 'category', 'refuse', ['Coup de cœur purement personnel : je m’abstiens.', 'Purely personal favourite: abstain.'], ['Vous déclarez un coup de cœur personnel, sans caractère humain.', 'You declare a personal favourite, without human character.'], null)
			remedy('publish_on_own_account', 'personal-favourite', 'Votre propre compte l’accueille.', 'Your own account takes it.')
		}
		const voice = /\b(j'|je|mon|ma|mes)\b/i.exec(text)
		if (voice) {
			add('effaced', 'voice', 'warn', ['Le gestionnaire est effacé : il parle au nom de l’organisation.', 'The manager is effaced: he speaks for the organisation.'], [`Le texte dit « ${voice[0]} ».`, `The text says “${voice[0]}”.`], voice)
			remedy('rephrase_voice', 'effaced', `Dites « nous », ou laissez parler ${house}.`, `Say “we”, or let ${house} speak.`)
		}
		if (['sharing', 'human'].includes(declared.axis ?? '') && !text.includes('?')) {
			add('open-discussion', 'invite', 'warn', ['Un partage invite à la discussion.', 'Sharing invites discussion.'], ['Le texte ne pose aucune question.', 'The text asks no question.'], null)
			remedy('invite', 'open-discussion', 'Finissez par « Et vous, qu’en pensez-vous? ».', 'End on “What do you think?”.', { text: "Et vous, qu'en pensez-vous?" })
		}
		if (!remarks.length && (declared.interest ?? 'unknown') === 'unknown')
			add('default', 'default', 'warn', ['', ''], ['Aucune règle ne parle de cette publication : déclarez pourquoi elle paraît.', 'No rule speaks of this post: declare why it appears.'], null)
		else if (declared.interest === 'project' || declared.interest === 'org_favourite')
			remarks.push({ rule: 'org-project', kind: 'category', said: 'allow', status: remarks.length ? 'allows' : 'decides', firm: false, line: 72, label: { fr: 'Projet de l’organisation : j’y vais.', en: 'Organisational project: go ahead.' }, reason: { fr: 'Vous déclarez un projet.', en: 'You declare a project.' }, evidence: [] })
	}
	const verdict = order[Math.max(0, ...remarks.map((r) => order.indexOf(r.said)))] as Verdict
	for (const r of remarks) if (r.said !== verdict && r.said !== 'allow') r.status = 'also'
	const first = remarks.find((r) => r.said === verdict)
	return {
		verdict, decided_by: remarks.filter((r) => r.said === verdict).map((r) => r.rule), also: [], satisfied: [], lifted: [], overridden: [], remarks, remedies,
		explanation: { fr: first?.reason.fr ?? 'Rien ne s’y oppose.', en: first?.reason.en ?? 'Nothing stands against it.' },
		policy: { id: '01jnb3g0000000000000000040', version: 1 }, judged_at: due ?? new Date().toISOString(),
	}
}
