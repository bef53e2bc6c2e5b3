import { hash } from 'node:crypto'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import vectors from '../../test/vectors/keeper.json' with { type: 'json' }
import { headOfBox, openBox, sealBox } from './box.ts'
import { keyOf } from './cipher.ts'
import { bookKeyPlace, encodeDirectory, openDirectory, readHead } from './directory.ts'
import { FileCustodian } from './file-custodian.ts'
import { fingerprint } from './fingerprint.ts'
import { openPage, sealPage, slotIn } from './page.ts'
import { encodeFrame, FrameReader } from './protocol.ts'

// The vectors were computed by another implementation, from docs/formats.md alone.

const hex = (text: string) => Buffer.from(text, 'hex')
const { organisation } = vectors

test('a box has exactly the bytes of its vector', () => {
  const { key, nonce, slot, place, values, bytes } = vectors.box
  const where = { organisation, ...place }
  expect(sealBox(keyOf(hex(key)), slot, where, values, hex(nonce)).toString('hex')).toBe(bytes)
  expect(headOfBox(hex(bytes), 0)).toEqual({ slot, trail: place.trail })
  expect(openBox(keyOf(hex(key)), where, hex(bytes), 0)).toEqual(values)
})

test('a page has exactly the bytes of its vector', () => {
  const { key, nonce, number, generation, sha256, begins, ends } = vectors.page
  const name = { organisation, number, generation }
  const slots = Buffer.concat(Array.from({ length: 256 }, (_, at) => hash('sha256', `slot ${at}`, 'buffer')))
  const bytes = sealPage(hex(key), name, slots, hex(nonce))
  expect(hash('sha256', bytes)).toBe(sha256)
  expect(bytes.subarray(0, 64).toString('hex')).toBe(begins)
  expect(bytes.subarray(-64).toString('hex')).toBe(ends)
  const opened = openPage(hex(key), name, bytes)
  expect(slotIn(opened, number * 256 + 5)).toEqual(hash('sha256', 'slot 5', 'buffer'))
  for (const other of [{ number: 274 }, { generation: 3 }, { organisation: crypto.randomUUID() }]) {
    expect(() => openPage(hex(key), { ...name, ...other }, bytes)).toThrow('is damaged')
  }
})

test('a directory has exactly the bytes of its vector, and no byte of it can be changed', () => {
  const { nonce, pages, bytes } = vectors.directory
  const { epoch, bookKey, blob } = vectors.custodian
  const head = { organisation, epoch, wraps: [{ custodian: 'file', blob: hex(blob) }] }
  const rows = pages.map(page => ({ key: hex(page.key), generation: page.generation }))
  expect(encodeDirectory(head, rows, keyOf(hex(bookKey)), hex(nonce)).toString('hex')).toBe(bytes)
  expect(readHead(hex(bytes)).head).toEqual(head)
  expect(openDirectory(hex(bytes), keyOf(hex(bookKey)))).toEqual(rows)
  for (let at = 0; at < hex(bytes).length; at++) {
    const changed = hex(bytes)
    changed[at]! ^= 1
    expect(() => openDirectory(changed, keyOf(hex(bookKey)))).toThrow('directory')
    expect(() => openDirectory(hex(bytes).subarray(0, at), keyOf(hex(bookKey)))).toThrow('directory')
  }
})

test('the file custodian unwraps the blob of its vector, at its place and epoch only', async () => {
  const { epoch, epochFile, bookKey, blob } = vectors.custodian
  const folder = await mkdtemp(join(tmpdir(), 'custodian-'))
  await writeFile(join(folder, `epoch-${epoch}`), hex(epochFile))
  const custodian = await FileCustodian.open(folder, Date.now)
  const place = bookKeyPlace(organisation, epoch)
  expect((await custodian.unwrap(epoch, hex(blob), place)).toString('hex')).toBe(bookKey)
  expect(await custodian.unwrap(epoch, await custodian.wrap(epoch, hex(bookKey), place), place)).toEqual(
    hex(bookKey),
  )
  const elsewhere = bookKeyPlace(organisation, epoch + 1)
  await expect(custodian.unwrap(epoch, hex(blob), elsewhere)).rejects.toMatchObject({ code: 'unavailable' })
  expect(await custodian.list()).toEqual([epoch])
  await custodian.destroy(epoch)
  await custodian.destroy(epoch)
  expect(await custodian.list()).toEqual([])
  await expect(custodian.unwrap(epoch, hex(blob), place)).rejects.toMatchObject({ code: 'gone' })
})

test('frames have exactly the bytes of their vectors', () => {
  for (const { id, kind, json, attachments, bytes } of vectors.frames) {
    expect(encodeFrame(id, kind, json, attachments.map(hex)).toString('hex')).toBe(bytes)
    const [frame, ...more] = new FrameReader().read(hex(bytes))
    expect(more).toEqual([])
    expect(frame).toEqual({ id, kind, json, attachments: attachments.map(hex), length: bytes.length / 2 })
  }
})

test('a fingerprint is that of its vector', () => {
  const { key, kind, value, token } = vectors.fingerprint
  expect(fingerprint(keyOf(hex(key)), kind, value).toString('hex')).toBe(token)
})
