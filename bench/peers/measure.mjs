// SPDX-License-Identifier: AGPL-3.0-or-later
// What `portevoix measure` does, done by the networks' own npm packages: node measure.mjs NETWORK FILE
// Prints posts a second on one thread, JSON in and out included, after one turn to warm up.
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';

const require = createRequire(import.meta.url);
const [network, file] = process.argv.slice(2);
const lines = readFileSync(file, 'utf8').trimEnd().split('\n');

function twitterText() {
	const twitter = require('twitter-text');
	return ({id, text}) => {
		const {weightedLength, valid} = twitter.parseTweet(text);
		return {id, length: weightedLength, limit: 280, valid,
			links: twitter.extractUrlsWithIndices(text),
			mentions: twitter.extractMentionsWithIndices(text),
			hashtags: twitter.extractHashtagsWithIndices(text),
			cashtags: twitter.extractCashtagsWithIndices(text)};
	};
}

function atproto() {
	const {RichText} = require('@atproto/api');
	return ({id, text}) => {
		const rich = new RichText({text});
		rich.detectFacetsWithoutResolution();
		const length = rich.graphemeLength;
		return {id, length, limit: 300, valid: length <= 300 && rich.length <= 3000, facets: rich.facets};
	};
}

const measure = {x: twitterText, bluesky: atproto}[network]();
let sink = 0;
function turn() {
	const start = process.hrtime.bigint();
	for (const line of lines)
		sink += JSON.stringify(measure(JSON.parse(line))).length;
	return Number(process.hrtime.bigint() - start) / 1e9;
}
turn();
const seconds = turn();
if (sink)
	console.log(Math.round(lines.length / seconds));
