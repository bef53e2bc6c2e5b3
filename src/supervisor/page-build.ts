import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { childEnvironment } from '../core/child-environment.ts'
import { builtPages } from './page-routes.ts'

const run = promisify(execFile)
const sources = dirname(builtPages)
/** What the pages share with the server. */
const rules = join(sources, '..', 'src', 'collection', 'datum')
const marker = join(builtPages, '.built')
const half = `${builtPages}-${process.pid}`

/** What is built for itself, and where: the page for sealed forms shares nothing with the rooms. */
const parts = (folder: string): [config: string, folder: string][] => [
  ['vite.config.ts', folder],
  ['intake.vite.config.ts', join(folder, 'intake')],
]

/** The pages could not be built; `message` is one line. */
export class PagesNotBuilt extends Error {
  override readonly name = 'PagesNotBuilt'
}

/**
 * Builds the pages when they are missing or older than their sources; half-built ones never count. `say` is told
 * before a build begins.
 */
export async function buildPages(say: (line: string) => void): Promise<void> {
  if (!existsSync(join(sources, 'vite.config.ts')) || !(await areStale())) return
  say('building the pages…')
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin', 'vite.js')
  try {
    for (const [config, folder] of parts(half))
      await run(
        process.execPath,
        [vite, 'build', '--config', config, '--logLevel', 'error', '--outDir', folder, '--emptyOutDir'],
        { cwd: sources, env: childEnvironment({ NODE_ENV: 'production' }) },
      )
    await writeFile(join(half, '.built'), '')
    await rm(builtPages, { recursive: true, force: true })
    await rename(half, builtPages)
  } catch (error) {
    await rm(half, { recursive: true, force: true }).catch(() => {})
    const said = String((error as { stderr?: string }).stderr ?? '')
    throw new PagesNotBuilt(
      `the pages could not be built: ${/^\w*Error: .*$/m.exec(said)?.[0] ?? 'vite failed'}`,
    )
  }
}

async function areStale(): Promise<boolean> {
  const built = await modified(marker)
  const names = await readdir(sources, { recursive: true })
  const paths = names
    .filter(name => !/(^|\/)(dist(-\d+)?|node_modules)(\/|$)/.test(name))
    .map(name => join(sources, name))
  paths.push(join(sources, '..', 'package.json'), join(sources, '..', 'kit', 'custode-verify.mjs'))
  paths.push(...(await readdir(rules)).map(name => join(rules, name)))
  const times = await Promise.all(paths.map(modified))
  return times.some(time => time > built)
}

const modified = async (path: string): Promise<number> => (await stat(path).catch(() => null))?.mtimeMs ?? 0
