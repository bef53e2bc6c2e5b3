import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'vite'

const root = join(import.meta.dirname, '..', '..')
const sources = join(root, 'web')
/** What the pages share with the server. */
const rules = join(root, 'src', 'collection', 'datum')
const cache = join(root, 'node_modules', '.cache', 'custode-pages')

let built: Promise<string> | undefined

/**
 * The folder with the pages as their sources are now, built at most once for each state of them. Two processes may
 * build at once: each works in a folder of its own, and the first rename wins.
 */
export function builtPagesForTests(): Promise<string> {
  built ??= buildOnce()
  return built
}

async function buildOnce(): Promise<string> {
  const home = join(cache, await fingerprint())
  if (existsSync(home)) return home
  await mkdir(cache, { recursive: true })
  await sweep()
  const outDir = await mkdtemp(join(cache, 'partial-'))
  try {
    for (const [config, folder] of [
      ['vite.config.ts', outDir],
      ['intake.vite.config.ts', join(outDir, 'intake')],
    ] as const)
      await build({
        configFile: join(sources, config),
        logLevel: 'error',
        build: { outDir: folder },
        mode: 'production',
      })
    await rename(outDir, home)
  } catch (error) {
    await rm(outDir, { recursive: true, force: true })
    if (!existsSync(home)) throw error
  }
  return home
}

/** Builds of earlier days go; one of today may be in use by another run. */
async function sweep(): Promise<void> {
  const yesterday = Date.now() - 24 * 60 * 60 * 1000
  for (const name of await readdir(cache)) {
    const path = join(cache, name)
    const found = await stat(path).catch(() => null)
    if (found !== null && found.mtimeMs < yesterday) await rm(path, { recursive: true, force: true })
  }
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256').update(await readFile(join(root, 'package-lock.json')))
  hash.update(await readFile(join(root, 'kit', 'custode-verify.mjs')))
  for (const folder of [sources, rules]) {
    const names = await readdir(folder, { recursive: true })
    for (const name of names.filter(one => !/^dist(\/|$)/.test(one)).sort()) {
      const path = join(folder, name)
      if ((await stat(path)).isFile()) hash.update(name).update(await readFile(path))
    }
  }
  return hash.digest('hex').slice(0, 16)
}
