import { expect, test } from 'vitest'
import { csvOf } from '../web/officer/import-csv.ts'

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '  =1', '=HYPERLINK("http://evil.example";"x")'])(
  'a cell that a spreadsheet would run, %j, is text in the report',
  cell => {
    const [, line] = csvOf([['3', cell]]).split('"3",')
    expect(line).toBe(`"'${cell.replaceAll('"', '""')}"\r\n`)
  },
)

test('a comma, a quote or a new line stays within its cell', () => {
  expect(csvOf([['a,b', 'c"d', 'e\nf']])).toBe('\ufeff"a,b","c""d","e\nf"\r\n')
})
