import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countedBytes, entryBody, trailKey } from '../../test/log.ts'
import {
  bodyBytes,
  canonical,
  commitmentOf,
  openBody,
  random,
  requireBody,
  salted,
  sealBody,
  spell,
} from './entry.ts'
import { KeeperRefusal } from './refusal.ts'

const place = { logId: 'test-log', index: 5, trailSlot: 300 }
const chain = { time: Date.UTC(2026, 0, 2, 3, 4, 5, 6), seq: 2, prev: Buffer.alloc(32, 0xab) }

function refusalOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof KeeperRefusal) return error.code
    throw error
  }
  return 'none'
}

describe('canonical JSON', () => {
  it('sorts names by UTF-16 code units, as the example of RFC 8785 section 3.2.3 does', () => {
    const given = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    }
    const values = [...canonical(given).matchAll(/:"([^"]+)"/g)].map(match => match[1])
    expect(values).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ])
  })

  it('spells strings and literals as the example of RFC 8785 section 3.2.2 does', () => {
    const given = {
      string: '\u20ac$\u000f\u000aA\'\u0042\u0022\u005c\\"\u002f',
      literals: [null, true, false],
    }
    expect(canonical(given)).toBe(
      '{"literals":[null,true,false],"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
  })

  it('is read back as the same value and spelled the same again, for anything it accepts', () => {
    const leaf = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.maxSafeInteger(),
      fc.boolean(),
      fc.constant(null),
    )
    const { value } = fc.letrec(tie => ({
      value: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc.array(tie('value')),
        fc.dictionary(fc.string(), tie('value')),
      ),
    }))
    fc.assert(
      fc.property(value, given => {
        const text = canonical(given)
        expect(canonical(JSON.parse(text))).toBe(text)
      }),
    )
  })

  it.each([
    ['a fraction', 0.5],
    ['a number beyond the safe integers', 2 ** 53],
    ['not a number', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['undefined', undefined],
    ['an undefined part', { a: undefined }],
    ['a hole', new Array(1)],
    ['a big integer', 1n],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['a function', () => 1],
    ['half a character', '\ud800'],
    ['half a character in a name', { '\ud800': 1 }],
  ])('refuses %s', (_, value) => {
    expect(refusalOf(() => canonical(value))).toBe('malformed')
    expect(refusalOf(() => canonical([{ deep: value }]))).toBe('malformed')
  })

  it('refuses what is nested without end', () => {
    const ring: unknown[] = []
    ring.push(ring)
    expect(refusalOf(() => canonical(ring))).toBe('malformed')
  })
})

describe('a body', () => {
  it('has one spelling, with version, time, seq and prev of the log', () => {
    expect(bodyBytes(spell(entryBody()), chain).toString()).toBe(
      '{"act":"7f3c0e5a-0000-4000-8000-000000000001","actor":"st_7","fields":["contact.email","contact.name"],' +
        `"kind":"reading","prev":"${'ab'.repeat(32)}","purpose":"service","result":"opened","seq":2,` +
        '"subject":"K7-4Q","task":"7f3c0e5a-0000-4000-8000-000000000002","time":"2026-01-02T03:04:05.006Z",' +
        '"version":1}',
    )
    expect(
      JSON.parse(bodyBytes(spell(entryBody()), { ...chain, seq: 1, prev: null }).toString()).prev,
    ).toBeNull()
  })

  it('cannot bring its own version, time, seq or prev', () => {
    for (const part of ['version', 'time', 'seq', 'prev', 'anything']) {
      expect(refusalOf(() => requireBody({ ...entryBody(), [part]: 1 } as never))).toBe('malformed')
    }
  })

  it('needs kind, act, actor, subject and result', () => {
    for (const part of ['kind', 'act', 'actor', 'subject', 'result'] as const) {
      const { [part]: _, ...rest } = entryBody()
      expect(refusalOf(() => requireBody(rest as never))).toBe('malformed')
    }
    expect(refusalOf(() => requireBody(null as never))).toBe('malformed')
  })

  it.each(['Ana Rossi', 'ana@example.org', 'città', 'line\nbreak', 'x'.repeat(257)])(
    'refuses what could be a personal value, wherever it stands, and does not repeat it: %s',
    value => {
      const bodies = [
        { subject: value },
        { fields: [value] },
        { detail: { a: value } },
        { detail: { a: [{ b: value }] } },
        { detail: { [value]: 1 } },
      ]
      for (const over of bodies) {
        const given = entryBody(over)
        expect(refusalOf(() => requireBody(given))).toBe('malformed')
        expect(() => requireBody(given)).not.toThrow(value)
      }
    },
  )

  it('longer than 256 KiB is refused', () => {
    const fields = Array.from({ length: 30_000 }, (_, count) => `field.${count}`)
    expect(refusalOf(() => spell(entryBody({ fields })))).toBe('malformed')
  })
})

describe('a sealed body', () => {
  const body = bodyBytes(spell(entryBody()), chain)
  const salt = Buffer.alloc(32, 5)
  const sealed = sealBody(trailKey(300), place, salted(salt, body), countedBytes())

  it('opens to body, salt and commitment', () => {
    const opened = openBody(trailKey(300), place, sealed)
    expect(opened).toEqual({ body: body.toString(), salt, commitment: commitmentOf(salt, body) })
  })

  it('does not show what is in it', () => {
    for (const word of ['st_7', 'K7-4Q', 'contact.email', 'reading'])
      expect(sealed.includes(word)).toBe(false)
  })

  it('opens nowhere but at its own place of its own log, under its own key', () => {
    for (const other of [{ index: 6 }, { trailSlot: 301 }, { logId: 'other' }]) {
      expect(refusalOf(() => openBody(trailKey(300), { ...place, ...other }, sealed))).toBe('bad_box')
    }
    expect(refusalOf(() => openBody(trailKey(301), place, sealed))).toBe('bad_box')
  })

  it('does not open when any of its bytes is changed or cut', () => {
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed)
      changed[at]! ^= 1
      expect(refusalOf(() => openBody(trailKey(300), place, changed))).toBe('bad_box')
      expect(refusalOf(() => openBody(trailKey(300), place, sealed.subarray(0, at)))).toBe('bad_box')
    }
  })
})

describe('random bytes', () => {
  it('never come twice, also where one portion ends and the next begins', () => {
    const seen = new Set<string>()
    for (let count = 0; count < 3000; count += 1) seen.add(random(count % 2 === 0 ? 12 : 32).toString('hex'))
    expect(seen.size).toBe(3000)
  })
})
