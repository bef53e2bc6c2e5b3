import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const text = readFileSync(join(root, 'docs', 'threats.md'), 'utf8')
const section = text.split(/^## /m).find(part => part.startsWith('The nineteen threats\n')) ?? ''

/** The cells of each row that begins with a number. */
const rows = section
  .split('\n')
  .filter(line => /^\| \d+ \|/.test(line))
  .map(line => {
    const [number = '', threat = '', holds = '', shown = '', not = ''] = line
      .split('|')
      .slice(1, -1)
      .map(cell => cell.trim())
    return { number: Number(number), threat, holds, shown, not, cells: line.split('|').length - 2 }
  })

interface Citation {
  threat: number
  path: string
  title: string
}

/** Each title behind the file before it: `path.test.ts`: “one title”, “another”. */
const citations: Citation[] = rows.flatMap(({ number, shown }) =>
  shown.split('`').flatMap((path, at, parts) =>
    at % 2 === 0 || !path.endsWith('.test.ts')
      ? []
      : [...(parts[at + 1] ?? '').matchAll(/“([^”]+)”/g)].map(found => ({
          ...{ threat: number, path, title: found[1] ?? '' },
        })),
  ),
)

const isNotBuilt = (cell: string) => cell.toLowerCase().startsWith('not built')

it('the table of threats has a row for each of the nineteen, with every cell', () => {
  expect(rows.map(row => row.number)).toEqual(Array.from({ length: 19 }, (_, at) => at + 1))
  expect(rows.filter(row => row.cells !== 5 || row.threat === '' || row.holds === '')).toEqual([])
})

it('every threat is shown by a test that exists, or is said to be not built and claims nothing', () => {
  for (const { number, holds, shown } of rows) {
    const cited = citations.filter(one => one.threat === number)
    expect([number, cited.length > 0]).toEqual([number, !isNotBuilt(shown)])
    expect([number, isNotBuilt(holds)]).toEqual([number, isNotBuilt(shown)])
  }
  const missing = citations.filter(({ path }) => !existsSync(join(root, path)))
  expect(missing).toEqual([])
})

it('no file is cited without a title, and every title is that of a test in its file', () => {
  const files = [...section.matchAll(/`([^`]+\.test\.ts)`/g)].map(found => found[1])
  const titled = new Set(citations.map(one => one.path))
  expect(
    files.filter(path => path !== undefined && !titled.has(path) && path !== 'test/threats.test.ts'),
  ).toEqual([])
  const wrong = citations.filter(({ path, title }) => {
    const source = readFileSync(join(root, path), 'utf8')
    return !titlesIn(source).some(one => one.includes(title))
  })
  expect(wrong).toEqual([])
})

/** The lines on which the title of a test begins, from its first quotation mark on. */
function titlesIn(source: string): string[] {
  const line = /^\s*(?:(?:it|test|claim)(?:\.\w+)?\(.*?|\]\)\()?(['`].+)$/gm
  return [...source.matchAll(line)].map(found => found[1] ?? '')
}
