// SPDX-License-Identifier: AGPL-3.0-or-later
import type { Catalogue } from '../index.svelte'
import { base } from './base'
import { house } from './house'
import { policy } from './policy'
import { report } from './report'
import { writing } from './writing'

export const en: Catalogue = { ...base, ...writing, ...house, ...policy, ...report }
