// SPDX-License-Identifier: AGPL-3.0-or-later
// Questions asked while someone types: one at a time, the newest next, none for nothing.
import { describe, expect, test, vi } from 'vitest'
import { Newest } from '../../ui/src/lib/newest'

function desk() {
	const asked: { q: string; give: (a: string) => void; fail: (e: Error) => void; signal: AbortSignal }[] = []
	const answer = (q: string, signal: AbortSignal) =>
		new Promise<string>((give, fail) => {
			asked.push({ q, give, fail, signal })
			signal.addEventListener('abort', () => fail(new Error('aborted')))
		})
	return { asked, answer }
}
const turn = () => new Promise((done) => setTimeout(done, 0))

describe('the newest question', () => {
	test('is asked at once; of those that follow only the last', async () => {
		const { asked, answer } = desk()
		const said: string[] = []
		const newest = new Newest(answer, (a, q) => said.push(`${q}=${a}`))
		newest.ask('a')
		expect(asked.map((x) => x.q)).toEqual(['a'])
		newest.ask('ab')
		newest.ask('abc')
		expect(newest.waiting).toBe(true)
		asked[0]?.give('1')
		await turn()
		expect(asked.map((x) => x.q)).toEqual(['a', 'abc'])
		asked[1]?.give('2')
		await turn()
		expect(said).toEqual(['a=1', 'abc=2'])
		expect(newest.waiting).toBe(false)
		newest.ask('abcd')
		expect(asked).toHaveLength(3)
	})
	test('one that fails does not stop the next', async () => {
		const { asked, answer } = desk()
		const said: string[] = []
		const failed = vi.fn()
		const newest = new Newest(answer, (a) => said.push(a), failed)
		newest.ask('a')
		newest.ask('b')
		asked[0]?.fail(new Error('away'))
		await turn()
		asked[1]?.give('ok')
		await turn()
		expect(failed).toHaveBeenCalledOnce()
		expect(said).toEqual(['ok'])
	})
	test('does not wait for ever behind one that never comes', async () => {
		const { asked, answer } = desk()
		const newest = new Newest(answer, () => {}, () => {}, -1)
		newest.ask('a')
		newest.ask('b')
		await turn()
		expect(asked[0]?.signal.aborted).toBe(true)
		expect(asked.map((x) => x.q)).toEqual(['a', 'b'])
	})
	test('when it is stopped nothing is said any more', async () => {
		const { asked, answer } = desk()
		const said: string[] = []
		const newest = new Newest(answer, (a) => said.push(a))
		newest.ask('a')
		newest.stop()
		asked[0]?.give('late')
		await turn()
		newest.ask('b')
		expect(said).toEqual([])
		expect(asked).toHaveLength(1)
	})
})
