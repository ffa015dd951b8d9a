/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Who is who: organisations, people and their memberships, sign-in. Three headers under one name.
 *
 * What a person typed comes in as a JSON object, the body of the request as it is: the verb reads
 * its members, and answers PV_INVALID with a problem at each member's JSON pointer ("/login").
 * A member that the verb does not know is a problem too. Rows come out (store/…), below `mem`.
 */
#ifndef PV_DESK_IDENTITY_H
#define PV_DESK_IDENTITY_H

#include "desk/organizations.h"
#include "desk/people.h"
#include "desk/sessions.h"

#endif
