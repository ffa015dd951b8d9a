/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The policy room from outside: a document (document.h) judges a case (case.h) and gives a
 * judgement (judge.h). Everything here is pure: no file, no clock, no network.
 */
#ifndef PV_POLICY_POLICY_H
#define PV_POLICY_POLICY_H

#include "policy/case.h"
#include "policy/document.h"
#include "policy/judge.h"
#include "policy/verdict.h"

#endif
