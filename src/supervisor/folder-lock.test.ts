import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FolderRefused, lockFolder } from './folder-lock.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custode-lock-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

test('a folder is had by one at a time, and can be had again', async () => {
  const data = join(folder, 'new', 'data')
  const release = await lockFolder(data, 'CUSTODE_DATA')
  await expect(lockFolder(data, 'CUSTODE_DATA')).rejects.toThrow(
    `data is in use by process ${process.pid}: end that one first, or set CUSTODE_DATA to another folder`,
  )
  await release()
  await (await lockFolder(data, 'CUSTODE_DATA'))()
  expect(await readdir(data)).toEqual([])
})

test('the lock of a process that was killed is free at once', async () => {
  const holding = `
    import { lockFolder } from ${JSON.stringify(join(import.meta.dirname, 'folder-lock.ts'))}
    await lockFolder(${JSON.stringify(folder)}, 'CUSTODE_DATA')
    console.log('held')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', holding])
  await once(child.stdout, 'data')
  await expect(lockFolder(folder, 'CUSTODE_DATA')).rejects.toThrow(`in use by process ${child.pid}`)

  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
  await (await lockFolder(folder, 'CUSTODE_DATA'))()
})

test('of many who want a folder at once exactly one gets it', async () => {
  for (let round = 0; round < 20; round++) {
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder, 'CUSTODE_DATA')))
    const had = all.filter(one => one.status === 'fulfilled')
    expect(had).toHaveLength(1)
    await had[0]?.value()
  }
})

test('another way to write its path opens no second way in', async () => {
  await symlink(folder, `${folder}-link`)
  const release = await lockFolder(folder, 'CUSTODE_DATA')
  await expect(lockFolder(`${folder}-link`, 'CUSTODE_DATA')).rejects.toThrow(FolderRefused)
  await release()
  await rm(`${folder}-link`)
})

test('a folder that cannot be made is refused in one line that names the setting', async () => {
  await writeFile(join(folder, 'file'), '')
  const taking = lockFolder(join(folder, 'file', 'data'), 'CUSTODE_KEEPER')
  await expect(taking).rejects.toThrow(FolderRefused)
  await expect(taking).rejects.toThrow(/^cannot write to .*set CUSTODE_KEEPER to another folder$/)
})
