/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* yaml2json FILE.yaml OUT.json: the API's description as its readers' tools like it. At build time. */
#include <libfyaml.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: yaml2json FILE.yaml OUT.json\n");
		return 2;
	}
	struct fy_document *document = fy_document_build_from_file(NULL, argv[1]);
	if (!document) {
		fprintf(stderr, "yaml2json: %s cannot be read\n", argv[1]);
		return 3;
	}
	char *text = fy_emit_document_to_string(document,
		FYECF_MODE_JSON_ONELINE | FYECF_WIDTH_INF | FYECF_STRIP_LABELS | FYECF_STRIP_TAGS);
	FILE *out = text ? fopen(argv[2], "w") : NULL;
	int code = out && fputs(text, out) >= 0 && fputc('\n', out) != EOF ? 0 : 3;
	if (out && fclose(out) != 0)
		code = 3;
	free(text);
	fy_document_destroy(document);
	return code;
}
