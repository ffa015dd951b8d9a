/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The JSON writer beside jansson, the live-change hub without a server, jobs done aside. */
#include "base/json.h"
#include "base/mem.h"
#include "web/aside.h"
#include "web/events.h"
#include "web/out.h"
#include "web/problem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

/* ---- writing ----------------------------------------------------------------------------------- */

static const char *const texts[] = {"", "a", "\"", "\\", "\n\r\t", "\x01\x1f\x7f", "é « » 日本 🎉",
	"</script>", "a\"b\\c\nd", "\xe2\x80\xa8 line separator"};

static void write_texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < PV_COUNT(texts); i++) {
		PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
		struct pv_buf buf = PV_BUF(mem, 1 << 16);
		struct pv_out out = PV_OUT(&buf);
		PV_JSON json_t *read = NULL;
		pv_out_open(&out, NULL, '[');
		pv_out_text(&out, NULL, texts[i]);
		pv_out_text_or_null(&out, NULL, texts[i]);
		pv_out_close(&out, ']');
		assert_int_equal(pv_json_parse(pv_buf_end(&buf), buf.size, &read, NULL), PV_OK);
		assert_string_equal(json_string_value(json_array_get(read, 0)), texts[i]);
		assert_true(*texts[i] ? json_is_string(json_array_get(read, 1))
				      : json_is_null(json_array_get(read, 1)));
	}
}

static void write_all(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
	struct pv_buf buf = PV_BUF(mem, 1 << 16);
	struct pv_out out = PV_OUT(&buf);
	pv_out_open(&out, NULL, '{');
	pv_out_int(&out, "least", INT64_MIN);
	pv_out_int(&out, "most", INT64_MAX);
	pv_out_int(&out, "zero", 0);
	pv_out_bool(&out, "yes", true);
	pv_out_bool(&out, "no", false);
	pv_out_time(&out, "at", INT64_C(1772470800123456));
	pv_out_time(&out, "never", PV_TIME_NONE);
	pv_out_words(&out, "words", &(struct pv_words){"oui", "yes"});
	pv_out_words(&out, "none", NULL);
	pv_out_raw(&out, "raw", "[1]", "null");
	pv_out_raw(&out, "empty", "", "[]");
	pv_out_open(&out, "list", '[');
	pv_out_open(&out, NULL, '{');
	pv_out_close(&out, '}');
	pv_out_null(&out, NULL);
	pv_out_close(&out, ']');
	pv_out_close(&out, '}');
	assert_string_equal(pv_buf_end(&buf),
		"{\"least\":-9223372036854775808,\"most\":9223372036854775807,\"zero\":0,"
		"\"yes\":true,\"no\":false,\"at\":\"2026-03-02T17:00:00.123Z\",\"never\":null,"
		"\"words\":{\"fr\":\"oui\",\"en\":\"yes\"},\"none\":null,\"raw\":[1],\"empty\":[],"
		"\"list\":[{},null]}");
}

static void write_times(void **state)
{
	(void)state;
	for (int64_t at_us = -PV_DAY_US * 800; at_us < PV_DAY_US * 40000; at_us += 86399123457) {
		PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
		struct pv_buf buf = PV_BUF(mem, 100);
		struct pv_out out = PV_OUT(&buf);
		char expected[PV_TIME_TEXT_SIZE];
		pv_out_time(&out, NULL, at_us);
		const char *text = pv_buf_end(&buf);
		pv_time_format(at_us, expected);
		assert_memory_equal(text + 1, expected, strlen(expected));
	}
}

static void stop_at_the_limit(void **state)
{
	(void)state;
	for (size_t limit = 0; limit < 40; limit++) {
		PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
		struct pv_buf buf = PV_BUF(mem, limit);
		struct pv_out out = PV_OUT(&buf);
		pv_out_open(&out, NULL, '{');
		pv_out_text(&out, "name", "a text of some length");
		pv_out_close(&out, '}');
		assert_true(buf.size <= limit);
		assert_int_equal(pv_buf_end(&buf) != NULL, limit >= 32);
	}
}

/* ---- problems ---------------------------------------------------------------------------------- */

static void tell_problems(void **state)
{
	(void)state;
	for (int status = PV_INVALID; status <= PV_INTERNAL; status++)
		for (int french = 0; french < 2; french++) {
			PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
			struct pv_error error = PV_ERROR_IN(mem);
			struct pv_web_response response = {0};
			PV_JSON json_t *read = NULL;
			pv_fail(&error, (enum pv_status)status, "en français", "in English");
			pv_fail_field(&error, "/a", "ici", "here");
			error.status = (enum pv_status)status;
			pv_web_problem(mem, &response, &error, 0, french != 0, NULL);
			assert_int_equal(
				pv_json_parse(response.body, response.size, &read, NULL), PV_OK);
			assert_int_equal(pv_json_int(read, "status", 0), response.status);
			assert_true(response.status >= 400 && response.status < 600);
			assert_string_equal(pv_json_text(read, "detail"),
				french ? "en français" : "in English");
			assert_true(*pv_json_text(read, "title"));
			assert_int_equal(json_array_size(json_object_get(read, "errors")), 1);
		}
}

/* ---- the hub ----------------------------------------------------------------------------------- */

struct sleeper {
	int sleeps, wakes;
};

static void to_sleep(void *connection)
{
	((struct sleeper *)connection)->sleeps++;
}

static void to_wake(void *connection)
{
	((struct sleeper *)connection)->wakes++;
}

static const char *take(struct pv_web_stream *stream, char out[8192])
{
	size_t size = pv_web_stream_take(stream, out, 8191);
	if (size == PV_WEB_STREAM_END)
		return "(end)";
	out[size] = '\0';
	return out;
}

static void live_changes(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
	struct pv_env *env = NULL;
	struct pv_web_hub *hub = NULL;
	struct pv_web_stream *stream = NULL;
	struct sleeper sleeper = {0};
	const char *const seats[] = {"01jnb3g0000000000000000001"};
	char out[8192];
	assert_int_equal(pv_env_sim(mem, 1, 0, NULL, NULL, &env, NULL), PV_OK);
	assert_int_equal(pv_web_hub_create(mem, env, &hub, NULL), PV_OK);
	assert_int_equal(pv_web_stream_open(hub, "me", seats, 1, &stream, NULL), PV_OK);
	pv_web_stream_bind(stream, &sleeper, to_sleep, to_wake);
	assert_non_null(strstr(take(stream, out), "event: hello"));
	assert_string_equal(take(stream, out), "");
	assert_int_equal(sleeper.sleeps, 1);
	/* another house's change wakes nobody */
	pv_web_hub_tell(hub, &(struct pv_change){"variant", "01jnb3g0000000000000000009", "x"});
	assert_int_equal(sleeper.wakes, 0);
	pv_web_hub_tell(hub, &(struct pv_change){"variant", seats[0], "v1"});
	pv_web_hub_tell(hub, &(struct pv_change){"item", "", "i\"1\n"});
	assert_int_equal(sleeper.wakes, 1);
	assert_string_equal(take(stream, out),
		"event: change\ndata: {\"kind\":\"variant\",\"organization\":"
		"\"01jnb3g0000000000000000001\",\"id\":\"v1\"}\n\n"
		"event: change\ndata: {\"kind\":\"item\",\"organization\":\"\",\"id\":\"i1\"}\n\n");
	/* how far some work is: what was not sent yet gives way to what is said now */
	for (int i = 1; i <= PV_WEB_STREAM_PENDING * 2; i++)
		pv_web_hub_tell(hub, &(struct pv_change){"replay", seats[0], "p1", i, 200});
	assert_string_equal(take(stream, out),
		"event: change\ndata: {\"kind\":\"replay\",\"organization\":"
		"\"01jnb3g0000000000000000001\",\"id\":\"p1\",\"done\":128,\"total\":200}\n\n");
	assert_string_equal(take(stream, out), "");
	/* more than it can hold: told to look again at everything, once */
	for (int i = 0; i <= PV_WEB_STREAM_PENDING; i++)
		pv_web_hub_tell(hub, &(struct pv_change){"variant", seats[0], "v"});
	assert_string_equal(take(stream, out), "event: resync\ndata: {}\n\n");
	assert_string_equal(take(stream, out), "");
	pv_web_hub_beat(hub);
	assert_string_equal(take(stream, out), ":\n\n");
	/* who belongs where may have changed: told, and ended */
	pv_web_hub_tell(hub, &(struct pv_change){"people", seats[0], "p"});
	assert_non_null(strstr(take(stream, out), "people"));
	assert_string_equal(take(stream, out), "(end)");
	pv_web_stream_free(stream);
	assert_int_equal(pv_web_hub_streams(hub), 0);
}

static void streams_grow_old(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
	struct pv_env *env = NULL;
	struct pv_web_hub *hub = NULL;
	struct pv_web_stream *streams[PV_WEB_STREAMS_MAX], *more = NULL;
	struct sleeper sleeper = {0};
	char out[8192];
	assert_int_equal(pv_env_sim(mem, 1, 0, NULL, NULL, &env, NULL), PV_OK);
	assert_int_equal(pv_web_hub_create(mem, env, &hub, NULL), PV_OK);
	for (int i = 0; i < PV_WEB_STREAMS_MAX; i++) {
		assert_int_equal(pv_web_stream_open(hub, "me", NULL, 0, &streams[i], NULL), PV_OK);
		pv_web_stream_bind(streams[i], &sleeper, to_sleep, to_wake);
	}
	assert_int_equal(pv_web_stream_open(hub, "me", NULL, 0, &more, NULL), PV_THROTTLED);
	take(streams[0], out);
	pv_env_sim_advance(env, PV_WEB_STREAM_S * PV_SECOND_US);
	pv_web_hub_beat(hub);
	assert_string_equal(take(streams[0], out), ":\n\n");
	assert_string_equal(take(streams[0], out), "(end)");
	for (int i = 0; i < PV_WEB_STREAMS_MAX; i++)
		pv_web_stream_free(streams[i]);
	pv_web_hub_close(hub);
	assert_int_equal(pv_web_stream_open(hub, "me", NULL, 0, &more, NULL), PV_THROTTLED);
}

/* ---- aside ------------------------------------------------------------------------------------- */

static atomic_int done;
static atomic_bool gate;

static void job(void *argument)
{
	(void)argument;
	while (!atomic_load(&gate))
		usleep(100);
	atomic_fetch_add(&done, 1);
}

static void jobs_aside(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
	struct pv_aside *aside = NULL;
	int taken = 0;
	assert_int_equal(pv_aside_start(mem, 2, 5, 64 << 10, &aside, NULL), PV_OK);
	for (int i = 0; i < 50; i++)
		taken += pv_aside_push(aside, job, NULL);
	/* two at work at most, five waiting; the rest was refused, not lost silently */
	assert_true(taken >= 5 && taken <= 7);
	atomic_store(&gate, true);
	pv_aside_close(aside);
	assert_int_equal(atomic_load(&done), taken);
	/* closed, and still there to say no */
	assert_false(pv_aside_push(aside, job, NULL));
	pv_aside_stop(aside);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(write_texts),
		cmocka_unit_test(write_all),
		cmocka_unit_test(write_times),
		cmocka_unit_test(stop_at_the_limit),
		cmocka_unit_test(tell_problems),
		cmocka_unit_test(live_changes),
		cmocka_unit_test(streams_grow_old),
		cmocka_unit_test(jobs_aside),
	};
	return cmocka_run_group_tests_name("web: out", tests, NULL, NULL);
}
