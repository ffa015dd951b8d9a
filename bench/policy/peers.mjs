// SPDX-License-Identifier: AGPL-3.0-or-later
// Decisions a second of other engines on the twelve rules of twelve.yaml: node peers.mjs cedar|casbin
// Each in its fastest form: policies parsed beforehand, requests ready. Prints the rate; to standard error how
// many requests are allowed.
import {createRequire} from 'node:module';

const require = createRequire(import.meta.url);

function requests() {
	const stances = ['personal', 'organisation', 'hosted'];
	const origins = ['own_creation', 'organisation', 'partner', 'third_party'];
	const interests = ['project', 'org_favourite', 'personal_favourite', 'commercial'];
	const humans = [[], ['faces'], ['behind_the_scenes']];
	const out = [];
	for (let i = 0; i < 3 * 4 * 4 * 3 * 2 * 2 * 2; i++) {
		let k = i;
		const take = n => { const r = k % n; k = Math.floor(k / n); return r; };
		const request = {stance: stances[take(3)], origin: origins[take(4)], interest: interests[take(4)],
			human: humans[take(3)], consent: take(2) === 1, relation: take(2) ? ['paid'] : []};
		if (request.origin === 'own_creation')
			request.relation = [...request.relation, 'author'];
		request.relevance = take(2) ? 'private' : 'public';
		out.push(request);
	}
	return out;
}

function cedar() {
	const engine = require('@cedar-policy/cedar-wasm/nodejs');
	const rules = [
		['permit', 'context.stance == "personal"'],
		['permit', 'context.stance == "organisation" && context.interest == "project"'],
		['permit', 'context.stance == "organisation" && context.interest == "org_favourite"'],
		['forbid', 'context.stance == "organisation" && context.interest == "personal_favourite" && context.human.isEmpty()'],
		['forbid', 'context.stance == "organisation" && context.interest == "personal_favourite" && !context.human.isEmpty()'],
		['forbid', '["organisation", "hosted"].contains(context.stance) && context.origin == "own_creation" && context.interest != "project"'],
		['forbid', 'context.stance == "organisation" && context.origin == "own_creation" && context.interest == "project"'],
		['permit', 'context.stance == "hosted" && ["project", "org_favourite"].contains(context.interest)'],
		['forbid', 'context.stance == "hosted" && ["personal_favourite", "commercial"].contains(context.interest)'],
		['forbid', 'context.human.containsAny(["faces", "testimony"]) && !context.consent'],
		['forbid', 'context.relation.containsAny(["paid", "gifted"])'],
		['forbid', 'context.origin == "partner" && ["members", "private"].contains(context.relevance)'],
	];
	const text = rules.map(([effect, when]) => `${effect}(principal, action, resource) when { ${when} };`).join('\n');
	const parsed = engine.preparsePolicySet('twelve', {staticPolicies: text});
	if (parsed.type !== 'success')
		throw new Error(JSON.stringify(parsed));
	return request => {
		const answer = engine.statefulIsAuthorized({
			principal: {type: 'Person', id: 'marc'}, action: {type: 'Action', id: 'publish'},
			resource: {type: 'Account', id: 'a'}, context: request, preparsedPolicySetId: 'twelve', entities: []});
		if (answer.type !== 'success')
			throw new Error(JSON.stringify(answer));
		return answer.response.decision === 'allow';
	};
}

async function casbin() {
	const {newEnforcer, newModelFromString, StringAdapter} = require('casbin');
	const model = newModelFromString(`
[request_definition]
r = post
[policy_definition]
p = rule, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = eval(p.rule)
`);
	const rules = [
		['r.post.stance == "personal"', 'allow'],
		['r.post.stance == "organisation" && r.post.interest == "project"', 'allow'],
		['r.post.stance == "organisation" && r.post.interest == "org_favourite"', 'allow'],
		['r.post.stance == "organisation" && r.post.interest == "personal_favourite" && r.post.human.length == 0', 'deny'],
		['r.post.stance == "organisation" && r.post.interest == "personal_favourite" && r.post.human.length > 0', 'deny'],
		['(r.post.stance == "organisation" || r.post.stance == "hosted") && r.post.origin == "own_creation" && r.post.interest != "project"', 'deny'],
		['r.post.stance == "organisation" && r.post.origin == "own_creation" && r.post.interest == "project"', 'deny'],
		['r.post.stance == "hosted" && (r.post.interest == "project" || r.post.interest == "org_favourite")', 'allow'],
		['r.post.stance == "hosted" && (r.post.interest == "personal_favourite" || r.post.interest == "commercial")', 'deny'],
		['r.post.human[0] == "faces" && r.post.consent == false', 'deny'],
		['r.post.relation[0] == "paid"', 'deny'],
		['r.post.origin == "partner" && (r.post.relevance == "members" || r.post.relevance == "private")', 'deny'],
	];
	const enforcer = await newEnforcer(model);
	for (const rule of rules)
		await enforcer.addPolicy(...rule);
	return request => enforcer.enforceSync(request);
}

const decide = await {cedar, casbin}[process.argv[2]]();
const all = requests();
let allowed = 0;
for (const request of all)
	allowed += decide(request);
console.error(`allowed ${allowed} of ${all.length}`);
let best = 0;
for (let turn = 0; turn < 3; turn++) {
	const start = process.hrtime.bigint();
	let done = 0, seconds = 0;
	while (seconds < 1.5) {
		for (const request of all)
			decide(request);
		done += all.length;
		seconds = Number(process.hrtime.bigint() - start) / 1e9;
	}
	best = Math.max(best, done / seconds);
}
console.log(Math.round(best));
