/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What stands around a text: past posts that fill a quota, a switch, an image nobody described. */
#include "policy/analysis/make.h"

struct pv_history_entry pv_like_this(const struct pv_built *post, int64_t at_us)
{
	const struct pv_case_declared *declared = &post->c.declared;
	return (struct pv_history_entry){.at_us = at_us,
		.kind = post->c.post.kind,
		.pinned = post->c.post.pinned,
		.origin = declared->origin,
		.interest = declared->interest,
		.axis = declared->axis,
		.relation = declared->relation,
		.human = declared->human,
		.topic = declared->topic,
		.n_topic = declared->n_topic,
		.sponsored = declared->sponsored};
}

static void add_past(struct pv_built *out, struct pv_history_entry entry, int64_t times, bool alike)
{
	if (times <= 0 || out->c.n_history == PV_BUILT_HISTORY_MAX)
		return;
	entry.times = times > 999999999 ? 999999999u : (uint32_t)times;
	out->alike[out->c.n_history] = alike;
	out->history[out->c.n_history++] = entry;
	out->c.history = out->history;
}

/* With the post itself, the fewest of `total` that are more than top/bottom of them. */
static int64_t fewest_over(int64_t top, int64_t bottom, int64_t total)
{
	int64_t n = (int64_t)((__int128)top * total / bottom) + 1;
	return n > total ? total : n;
}

static void fill_share(const struct pv_rule *rule, int64_t top, int64_t bottom, uint8_t option,
	int64_t at_us, struct pv_built *out)
{
	int64_t total = rule->min_posts > 1 ? rule->min_posts : 1;
	int64_t counted = option ? fewest_over(top, bottom, total) : total;
	add_past(out, pv_like_this(out, at_us), counted - 1, true);
	add_past(out, (struct pv_history_entry){.at_us = at_us}, total - counted, false);
}

static void fill_quota(const struct pv_rule *rule, uint8_t option, struct pv_built *out)
{
	/* within the shortest window there is */
	int64_t at_us = out->c.at_us;
	at_us -= rule->window.unit == PV_UNIT_MINUTES ? 0 : 30 * PV_MINUTE_US;
	if (rule->kind == PV_RULE_MIX) {
		int64_t top = 0, bottom = 100; /* any target's excess is an excess of none */
		for (size_t t = 0; t < rule->n_targets; t++)
			if (out->c.declared.axis.size &&
				pv_str_equal(out->c.declared.axis, pv_str(rule->targets[t].value)))
				top = rule->targets[t].top * rule->tolerance_bottom +
				      rule->tolerance_top * rule->targets[t].bottom,
				bottom = 100 * rule->targets[t].bottom * rule->tolerance_bottom;
		fill_share(rule, top, bottom, option, at_us, out);
	} else if (rule->at_most.share) {
		fill_share(rule, rule->at_most.top, rule->at_most.bottom, option, at_us, out);
	} else {
		add_past(out, pv_like_this(out, at_us), rule->at_most.top, true);
	}
}

static void add_hashtags(struct pv_buf *text, int n)
{
	for (int i = 1; i <= n; i++)
		pv_buf_printf(text, "%s#A%d", i == 1 ? "\n" : " ", i);
}

/* One of an `access` rule's parts: the option turns among those it asks. */
static void break_access(
	const struct pv_rule *rule, uint8_t option, struct pv_buf *text, struct pv_built *out)
{
	const bool asks[] = {rule->alt_text, rule->max_hashtags >= 0, rule->camel_hashtags >= 0};
	for (int turn = 0; turn < 3; turn++) {
		int part = (option + turn) % 3;
		if (!asks[part])
			continue;
		if (part == 0) {
			out->media = (struct pv_case_media){.type = pv_str("image")};
			out->c.post.media = &out->media;
			out->c.post.n_media = 1;
		} else if (part == 1) {
			add_hashtags(text, rule->max_hashtags + 1);
		} else {
			pv_buf_text(text, "\n#");
			for (int i = 0; i <= rule->camel_hashtags; i++)
				pv_buf_char(text, 'm');
		}
		return;
	}
}

bool pv_write_past(const struct pv_writing *writing, const struct pv_rule *rule, uint8_t option,
	struct pv_buf *text, struct pv_built *out)
{
	switch (rule->kind) {
	case PV_RULE_QUOTA:
	case PV_RULE_MIX: fill_quota(rule, option, out); break;
	case PV_RULE_ACCESS: break_access(rule, option, text, out); break;
	case PV_RULE_QUIET:
		if (!rule->switch_name || (rule->has_period && rule->from_us <= out->c.at_us &&
						  out->c.at_us < rule->to_us))
			break;
		struct pv_str *switches = talloc_realloc(writing->mem, NULL, struct pv_str, 1);
		if (!switches)
			return false;
		switches[0] = pv_str(rule->switch_name);
		out->c.switches = switches;
		out->c.n_switches = 1;
		break;
	default: break;
	}
	return true;
}
