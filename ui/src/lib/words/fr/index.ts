// SPDX-License-Identifier: AGPL-3.0-or-later
import { base } from './base'
import { house } from './house'
import { report } from './report'
import { writing } from './writing'

export const fr = { ...base, ...writing, ...house, ...report }
