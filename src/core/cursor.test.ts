import { describe, expect, it } from 'vitest'
import { cursorOf, cursorText, pageOf } from './cursor.ts'

const rows = Array.from({ length: 5 }, (_, at) => ({ id: crypto.randomUUID(), at: new Date(1000 * at) }))

describe('a cursor', () => {
  it('names the last row of a page, and is read back as it was written', () => {
    const cursor = { at: new Date('2026-11-24T09:00:00.123Z'), id: rows[0]!.id }
    expect(cursorOf(cursorText(cursor))).toEqual(cursor)
    expect(cursorOf(undefined)).toBeNull()
  })

  it('refuses as invalid what it has not written', () => {
    for (const text of ['', '1', `x.${rows[0]!.id}`, `1.${rows[0]!.id}'`, `-1.${rows[0]!.id}`, '1.x'])
      expect(() => cursorOf(text), text).toThrow('invalid')
  })
})

describe('a page', () => {
  it('ends with the last row when there is no more, and names the next one when there is', () => {
    expect(pageOf(rows, 5, row => row.at)).toEqual({ rows, next: null })
    const { rows: kept, next } = pageOf(rows, 4, row => row.at)
    expect(kept).toEqual(rows.slice(0, 4))
    expect(cursorOf(next!)).toEqual({ at: rows[3]!.at, id: rows[3]!.id })
    expect(pageOf([], 4, (row: (typeof rows)[number]) => row.at)).toEqual({ rows: [], next: null })
  })
})
