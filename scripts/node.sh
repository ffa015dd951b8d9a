# SPDX-License-Identifier: AGPL-3.0-or-later
# Node.js and npm projects (sourced after common.sh).
#
# Debian 12 has Node 18; Vite 7 and the test servers want 22 or newer. Where an older one stands, npm (Debian's if
# need be) fetches Node's own binary as a package, pinned by scripts/node/package-lock.json, once, into PV_CACHE.

PV_NODE_MIN=22

# pv_node: afterwards `node` (≥ PV_NODE_MIN) and `npm` are first on PATH.
pv_node() {
	[ -z "${PV_NODE_READY:-}" ] || return 0
	pv_node_path
	node -e "process.exit(+process.versions.node.split('.')[0] >= $PV_NODE_MIN ? 0 : 1)" ||
		pv_die 3 "node $(node --version) is too old: $PV_NODE_MIN or newer is needed"
	# Compiled modules must meet the headers of this very Node, whatever a user's settings name.
	pv_node_home=$(node -p 'require("path").dirname(require("path").dirname(require("fs").realpathSync(process.execPath)))')
	if [ -f "$pv_node_home/include/node/node.h" ]; then
		export npm_config_nodedir="$pv_node_home"
	fi
	export npm_config_audit=false npm_config_fund=false npm_config_update_notifier=false
	export npm_config_omit_lockfile_registry_resolved=true
	PV_NODE_READY=yes
	export PV_NODE_READY
}

pv_node_path() {
	pv_is_new_node && pv_has npm && return 0
	pv_node_dir=$PV_CACHE/node-$(pv_hash scripts/node/package-lock.json)
	if [ ! -x "$pv_node_dir/bin/node" ]; then
		pv_has npm || pv_need 'the interface and its tests' npm=npm
		pv_say "fetching Node.js $PV_NODE_MIN or newer through npm (once)"
		rm -rf "$pv_node_dir" "$pv_node_dir.new"
		mkdir -p "$pv_node_dir.new"
		cp scripts/node/package.json scripts/node/package-lock.json "$pv_node_dir.new/"
		(cd "$pv_node_dir.new" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) >&2 ||
			pv_die 3 'npm could not fetch Node.js'
		mkdir "$pv_node_dir.new/bin"
		for pv_binary in "$pv_node_dir.new"/node_modules/node-linux-*/bin/node; do
			ln -s "../${pv_binary#"$pv_node_dir.new/"}" "$pv_node_dir.new/bin/node"
		done
		ln -s ../node_modules/npm/bin/npm-cli.js "$pv_node_dir.new/bin/npm"
		ln -s ../node_modules/npm/bin/npx-cli.js "$pv_node_dir.new/bin/npx"
		mv "$pv_node_dir.new" "$pv_node_dir"
	fi
	PATH=$pv_node_dir/bin:$PATH
	export PATH
}

pv_is_new_node() {
	pv_has node || return 1
	pv_major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')
	[ "${pv_major:-0}" -ge "$PV_NODE_MIN" ]
}

# pv_npm FOLDER [OPTION…]: node_modules of an npm project as its lock file says; nothing to do when it already is.
pv_npm() {
	pv_project=$1
	shift
	pv_node
	if [ -f "$pv_project/package-lock.json" ]; then
		pv_stamp=$(pv_hash "$pv_project/package.json" "$pv_project/package-lock.json")-$(node --version)
		pv_verb=ci
	else
		pv_stamp=$(pv_hash "$pv_project/package.json")-$(node --version)
		pv_verb=install
	fi
	[ "$(cat "$pv_project/node_modules/.pv-stamp" 2>/dev/null)" != "$pv_stamp" ] || return 0
	pv_say "npm packages of $pv_project/"
	(cd "$pv_project" && npm "$pv_verb" --no-audit --no-fund --loglevel=error "$@") >&2 ||
		pv_die 3 "npm could not install the packages of $pv_project/"
	printf '%s\n' "$pv_stamp" >"$pv_project/node_modules/.pv-stamp"
}

# pv_ui_packages: ui/node_modules, and the types of the API made of its description.
pv_ui_packages() {
	pv_npm ui
	grep -q '"api"' ui/package.json && [ -f docs/openapi.yaml ] || return 0
	pv_api_hash=$(pv_hash docs/openapi.yaml ui/package.json)
	[ "$(cat ui/node_modules/.pv-api 2>/dev/null)" != "$pv_api_hash" ] || [ ! -f ui/src/lib/api/schema.d.ts ] || return 0
	(cd ui && npm run --silent api) >&2 || pv_die 1 'docs/openapi.yaml gives no types'
	printf '%s\n' "$pv_api_hash" >ui/node_modules/.pv-api
}

# pv_ui: ui/dist/ made of ui/, only when a source of it changed.
pv_ui() {
	[ -f ui/package.json ] || {
		pv_say 'ui/ holds no interface yet; the program is built without one'
		return 0
	}
	pv_ui_hash=$(pv_hash_tree ui docs/openapi.yaml)
	[ ! -f ui/dist/index.html ] || [ "$(cat ui/node_modules/.pv-ui 2>/dev/null)" != "$pv_ui_hash" ] || return 0
	pv_ui_packages
	pv_ui_hash=$(pv_hash_tree ui docs/openapi.yaml)
	pv_say 'building the interface'
	(cd ui && npm run --silent build) >&2 || pv_die 1 'the interface does not build'
	printf '%s\n' "$pv_ui_hash" >ui/node_modules/.pv-ui
}
