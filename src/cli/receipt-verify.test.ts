import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { newFolder } from '../../test/log.ts'
import { receiptOf, receiptPublicKey } from '../../test/receipt.ts'
import { receiptVerify } from './receipt-verify.ts'

afterEach(() => vi.restoreAllMocks())

describe('custode receipt verify', () => {
  async function run(content: string): Promise<{ code: number; out: string }> {
    const lines: unknown[] = []
    vi.spyOn(console, 'log').mockImplementation(line => lines.push(line))
    vi.spyOn(console, 'error').mockImplementation(line => lines.push(line))
    const file = join(await newFolder(), 'receipt.json')
    await writeFile(file, content)
    return { code: await receiptVerify([file]), out: lines.join('\n') }
  }

  it('says what a genuine receipt is about and ends with 0', async () => {
    const { receipt } = await receiptOf()
    const { code, out } = await run(JSON.stringify(receipt))
    expect([code, out]).toEqual([0, expect.stringContaining('receipt verified: withdrawal')])
    expect(out).toContain(receiptPublicKey)
  })

  it('ends with 1 for one that is not, and with 2 for a file or a command it cannot read', async () => {
    const { receipt } = await receiptOf()
    expect(await run(JSON.stringify({ ...receipt, at: 'x' }))).toMatchObject({
      code: 1,
      out: expect.stringContaining('not genuine'),
    })
    expect((await run('no JSON')).code).toBe(1)
    expect(await receiptVerify([])).toBe(2)
    expect(await receiptVerify(['/nowhere/receipt.json'])).toBe(2)
    expect(await receiptVerify(['one.json', 'two.json'])).toBe(2)
  })
})
