// SPDX-License-Identifier: AGPL-3.0-or-later
import './style/fonts.css'
import './style/tokens.css'
import './style/base.css'
import './style/forms.css'
import { mount } from 'svelte'
import App from './App.svelte'

const place = document.getElementById('desk')
if (place) mount(App, { target: place })
