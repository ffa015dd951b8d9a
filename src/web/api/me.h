/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The person who asks, as the API tells them. */
#ifndef PV_WEB_API_ME_H
#define PV_WEB_API_ME_H

#include "web/route.h"

/* {"csrf","person"} with 200: the API's Session. */
enum pv_status pv_api_answer_session(struct pv_web_call *call, struct pv_error *error);

#endif
