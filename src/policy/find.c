/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/findings.h"

enum pv_status pv_find(struct pv_facts *facts, const struct pv_rule *rule, struct pv_finding *out,
	struct pv_error *error)
{
	bool good = true;
	switch (rule->kind) {
	case PV_RULE_DISCLOSURE: good = pv_find_disclosure(facts, rule, out); break;
	case PV_RULE_MENTION: good = pv_find_mention(facts, rule, out); break;
	case PV_RULE_VOICE: pv_find_voice(facts, rule, out); break;
	case PV_RULE_INVITE: pv_find_invite(facts, rule, out); break;
	case PV_RULE_NEIGHBOURS: pv_find_neighbours(facts, rule, out); break;
	case PV_RULE_LINKS: pv_find_links(facts, rule, out); break;
	case PV_RULE_LANGUAGES: pv_find_languages(facts, rule, out); break;
	case PV_RULE_ACCESS: pv_find_access(facts, rule, out); break;
	case PV_RULE_QUOTA: return pv_find_quota(facts, rule, out, error);
	case PV_RULE_MIX: return pv_find_mix(facts, rule, out, error);
	case PV_RULE_QUIET: pv_find_quiet(facts, rule, out); break;
	case PV_RULE_EMBARGO: pv_find_embargo(facts, rule, out); break;
	default: break;
	}
	return good ? PV_OK : pv_fail_nomem(error);
}
