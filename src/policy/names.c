/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/case.h"

const char *const pv_stance_names[PV_STANCES] = {
	[PV_STANCE_ORGANISATION] = "organisation",
	[PV_STANCE_PERSONAL] = "personal",
	[PV_STANCE_HOSTED] = "hosted",
};

const char *const pv_post_kind_names[PV_POST_KINDS] = {
	[PV_POST] = "post",
	[PV_SHARE] = "share",
	[PV_REPLY] = "reply",
};

const char *const pv_origin_names[PV_ORIGINS] = {
	[PV_ORIGIN_UNKNOWN] = "unknown",
	[PV_ORIGIN_OWN_CREATION] = "own_creation",
	[PV_ORIGIN_ORGANISATION] = "organisation",
	[PV_ORIGIN_CLIENT] = "client",
	[PV_ORIGIN_PARTNER] = "partner",
	[PV_ORIGIN_THIRD_PARTY] = "third_party",
};

const char *const pv_interest_names[PV_INTERESTS] = {
	[PV_INTEREST_UNKNOWN] = "unknown",
	[PV_INTEREST_PROJECT] = "project",
	[PV_INTEREST_ORG_FAVOURITE] = "org_favourite",
	[PV_INTEREST_PERSONAL_FAVOURITE] = "personal_favourite",
	[PV_INTEREST_COMMERCIAL] = "commercial",
};

const char *const pv_relation_names[PV_RELATIONS] = {
	[PV_RELATION_AUTHOR] = "author",
	[PV_RELATION_OWNER] = "owner",
	[PV_RELATION_EMPLOYEE] = "employee",
	[PV_RELATION_CLIENT] = "client",
	[PV_RELATION_FAMILY] = "family",
	[PV_RELATION_PAID] = "paid",
	[PV_RELATION_GIFTED] = "gifted",
};

const char *const pv_human_names[PV_HUMANS] = {
	[PV_HUMAN_FACES] = "faces",
	[PV_HUMAN_BEHIND_THE_SCENES] = "behind_the_scenes",
	[PV_HUMAN_TESTIMONY] = "testimony",
};

const char *const pv_relevance_names[PV_RELEVANCES] = {
	[PV_RELEVANCE_UNKNOWN] = "unknown",
	[PV_RELEVANCE_PUBLIC] = "public",
	[PV_RELEVANCE_MEMBERS] = "members",
	[PV_RELEVANCE_PRIVATE] = "private",
};

int pv_name_index(const char *const *names, int n, struct pv_str word)
{
	for (int i = 0; i < n; i++)
		if (names[i] && strncmp(names[i], word.bytes ? word.bytes : "", word.size) == 0 &&
			names[i][word.size] == '\0')
			return i;
	return -1;
}
