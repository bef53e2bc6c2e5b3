import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { findSmallFile, removeFiles, several } from './durable-file.ts'

it('of many files a few are worked on at once, each once, and all are done when it resolves', async () => {
  const done: number[] = []
  let now = 0
  let most = 0
  await several(Array(100).keys(), async at => {
    most = Math.max(most, ++now)
    await turn()
    done.push(at)
    now--
  })
  expect(done.sort((a, b) => a - b)).toEqual([...Array(100).keys()])
  expect(most).toBeGreaterThan(1)
  expect(most).toBeLessThanOrEqual(8)
})

it('when one fails no more are begun, and all that were begun have ended when it throws', async () => {
  let begun = 0
  let ended = 0
  const failing = several(Array(100).keys(), async at => {
    begun++
    await turn()
    if (at === 3) throw new Error('the disk is full')
    for (let later = 0; later < at; later++) await turn()
    ended++
  })
  await expect(failing).rejects.toThrow('the disk is full')
  expect(begun).toBeLessThan(20)
  expect(ended).toBe(begun - 1)
})

it('a small file is read whole, a longer one only so far, and one that is not there is null', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'file-'))
  await writeFile(join(folder, 'a'), 'abcdef')
  expect(findSmallFile(join(folder, 'a'), Buffer.alloc(10))?.toString()).toBe('abcdef')
  expect(findSmallFile(join(folder, 'a'), Buffer.alloc(4))?.toString()).toBe('abcd')
  expect(findSmallFile(join(folder, 'b'), Buffer.alloc(4))).toBeNull()
  await removeFiles(folder, ['a', 'b'])
  expect(await readdir(folder)).toEqual([])
  await rm(folder, { recursive: true })
})
