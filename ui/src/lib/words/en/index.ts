// SPDX-License-Identifier: AGPL-3.0-or-later
import type { fr } from '../fr'
import { base } from './base'
import { house } from './house'
import { report } from './report'
import { writing } from './writing'

export const en: typeof fr = { ...base, ...writing, ...house, ...report }
