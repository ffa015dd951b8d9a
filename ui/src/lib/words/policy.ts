// SPDX-License-Identifier: AGPL-3.0-or-later
/* To be imported by the places of the policy, which are loaded when one goes there. */
import { policy as english } from './en/policy'
import { policy as french } from './fr/policy'
import { learn } from './index.svelte'

learn(french, english)
