import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { startKeeper } from '../../test/keeper.ts'
import { newFolder } from '../../test/log.ts'
import { sealPeople, takeGrant } from '../../test/sealed-person.ts'
import { verifyKeeper } from './verify-keeper.ts'

it('a keeper at work, its custodian and its place are never called cut off, forked or damaged', async () => {
  const place = await mkdtemp(join(tmpdir(), 'place-'))
  const custodian = await mkdtemp(join(tmpdir(), 'custodian-'))
  const keeper = await startKeeper({ places: [place], custodians: [`file:${custodian}`] })
  onTestFinished(async () => {
    await keeper.kill()
    for (const folder of [place, custodian]) await rm(folder, { recursive: true })
  })
  const [ana] = await sealPeople(keeper.client, 1)
  const others = [place, custodian].map(folder => ({ name: folder, folder }))
  let writing = true
  const writer = (async () => {
    for (let count = 0; count < 150; count += 1) await takeGrant(keeper.client, [ana!])
    writing = false
  })()
  let looks = 0
  while (writing) {
    expect(await verifyKeeper(keeper.folder, { others })).toMatchObject({
      ...{ ok: true, disagreements: [], damaged: [], unasked: [] },
      compared: others.map(({ name }) => ({ name, elsewhere: true })),
    })
    looks += 1
  }
  await writer
  expect(looks).toBeGreaterThan(2)
})

it('whatever lies in the folders is a verdict and no exception', async () => {
  const keeper = await newFolder()
  const other = await newFolder()
  const others = [{ name: 'another', folder: other }]
  const verify = () => verifyKeeper(keeper, { others })
  expect(await verify()).toMatchObject({ ok: false, unasked: [{ why: 'it keeps nothing' }] })
  await writeFile(join(keeper, 'log'), 'a file')
  await writeFile(join(other, 'log'), 'a file')
  expect(await verify()).toMatchObject({ ok: false, unasked: [{ why: 'it cannot be read (ENOTDIR)' }] })
  for (const folder of [keeper, other]) {
    await rm(join(folder, 'log'))
    await mkdir(join(folder, 'log'))
    await writeFile(join(folder, 'log', 'any.log'), 'no segment')
  }
  expect(await verify()).toMatchObject({ ok: false, disagreements: [], damaged: [{ name: 'another' }] })
  const notes = ['', 'x', 'a\n9\nAAAA\n\n— a AAAA\n', `a\n9\n${'A'.repeat(43)}=\n`]
  for (const note of notes) {
    await writeFile(join(other, 'checkpoint'), JSON.stringify({ version: 1, fence: 1, note }))
    expect((await verify()).damaged.map(one => one.what)).toContain('what it keeps is no checkpoint')
  }
})
