import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readManifest, sha256Of } from '../src/use/intake-manifest.ts'

const root = join(import.meta.dirname, '..')
const folders: string[] = []

async function built(): Promise<{ page: Buffer; manifest: string; names: string[] }> {
  const outDir = await mkdtemp(join(tmpdir(), 'custode-intake-build-'))
  folders.push(outDir)
  await build({
    ...{ configFile: join(root, 'web', 'intake.vite.config.ts'), logLevel: 'silent', mode: 'production' },
    build: { outDir },
  })
  const [page, manifest] = [await readFile(join(outDir, 'page.html')), join(outDir, 'manifest.txt')]
  return { page, manifest: await readFile(manifest, 'utf8'), names: await readdir(outDir) }
}

let first: Awaited<ReturnType<typeof built>>
beforeAll(async () => {
  first = await built()
}, 60_000)
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true })
})

const policyOf = (manifest: string): Map<string, string> => {
  const policy = readManifest(manifest)?.headers['content-security-policy'] ?? ''
  return new Map(
    policy.split('; ').map(directive => {
      const [name = '', ...values] = directive.split(' ')
      return [name, values.join(' ')]
    }),
  )
}

describe('the page for sealed forms', () => {
  it('is the same, byte for byte, whenever it is built of the same sources', async () => {
    const second = await built()
    expect(sha256Of(second.page)).toBe(sha256Of(first.page))
    expect(second.manifest).toBe(first.manifest)
  }, 60_000)

  it('is one file that its manifest names, without a source map', () => {
    expect(first.names.sort()).toEqual(['manifest.txt', 'page.html'])
    expect(readManifest(first.manifest)?.files).toEqual([
      { name: 'page.html', bytes: first.page.length, sha256: sha256Of(first.page) },
    ])
    expect(first.page.toString()).not.toMatch(/sourceMappingURL/)
    // No path of whoever built it.
    expect(first.page.toString()).not.toContain(root)
  })

  it('runs its own script and style and nothing else, and asks one address', () => {
    const policy = policyOf(first.manifest)
    const page = first.page.toString()
    const inline = (tag: string) => new RegExp(`<${tag}[^>]*>(.*?)</${tag}>`, 's').exec(page)?.[1] ?? ''
    const hashOf = (text: string) => `'sha256-${Buffer.from(sha256Of(text), 'hex').toString('base64')}'`
    expect(Object.fromEntries(policy)).toEqual({
      ...{ 'default-src': "'none'", 'font-src': 'data:', 'connect-src': 'ORIGIN/api/v1/intake-key' },
      ...{ 'script-src': hashOf(inline('script')), 'style-src': hashOf(inline('style')) },
      ...{ 'frame-ancestors': 'ORIGIN', 'base-uri': "'none'", 'form-action': "'none'" },
      ...{ 'require-trusted-types-for': "'script'", 'trusted-types': "'none'" },
      sandbox: 'allow-scripts allow-forms',
    })
    expect(page.match(/<script/gi)).toHaveLength(1)
    expect(page).not.toMatch(/<(link|img|iframe|object|embed|base)\b/i)
  })

  it('stays small enough to be read', () => {
    expect(first.page.length).toBeLessThan(650_000)
    expect(brotliCompressSync(first.page).length).toBeLessThan(160_000)
  })
})
