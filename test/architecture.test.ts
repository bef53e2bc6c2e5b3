import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, normalize, sep } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { type Source, sourcesOf } from './sources.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '..')
const order = ['core', 'identity', 'collection', 'storage', 'use', 'crm', 'offers', 'disposal']
const keeperDoors = ['keeper/client.ts', 'keeper/custodian.ts', 'keeper/checkpoint.ts']

/** Files of `src`, without tests, by their path below it. */
const sources = sourcesOf(join(root, 'src')).filter(file => !file.path.endsWith('.test.ts'))
const everything = [
  ...['src', 'test', 'bench', 'kit', 'web'].flatMap(folder =>
    sourcesOf(join(root, folder)).map(file => ({ ...file, path: join(folder, file.path) })),
  ),
]
/** Holds the very words it looks for. */
const thisFile = 'test/architecture.test.ts'
/** Written by machines: no person reads or keeps them short. */
const generated = ['web/api-types.ts']

const isDoor = (path: string) =>
  ['main.ts', 'server.ts', 'worker.ts'].includes(path) || /^(cli|supervisor|custodian|witness)\//.test(path)

/** The relative imports of a file, as paths below `src`. */
const importsOf = ({ path, imports }: { path: string; imports: string[] }) =>
  imports.filter(name => name.startsWith('.')).map(name => normalize(join(dirname(path), name)))
const valueImportsOf = (file: Source) => importsOf({ ...file, imports: file.valueImports })

test('imports follow the life of a datum', () => {
  const faults = sources.flatMap(file => {
    const from = order.indexOf(file.path.split(sep)[0] ?? '')
    return importsOf(file)
      .filter(target => from !== -1 && !target.startsWith('keeper/'))
      .filter(target => {
        const to = order.indexOf(target.split(sep)[0] ?? '')
        return to === -1 || to > from
      })
      .map(target => `${file.path} may not import ${target}`)
  })
  expect(faults).toEqual([])
})

test('every folder of src has its place', () => {
  const folders = new Set(
    sources.map(file => file.path.split(sep)[0] ?? '').filter(name => !name.includes('.')),
  )
  const known = [...order, 'keeper', 'cli', 'supervisor', 'custodian', 'witness']
  expect([...folders].filter(folder => !known.includes(folder))).toEqual([])
})

test('nobody imports a door but doors', () => {
  const faults = sources
    .filter(file => !isDoor(file.path))
    .flatMap(file =>
      importsOf(file)
        .filter(isDoor)
        .map(target => `${file.path} imports ${target}`),
    )
  expect(faults).toEqual([])
})

test('the keeper imports node: and itself, and only its three doors are imported from outside', () => {
  const inside = sources.filter(file => file.path.startsWith('keeper/'))
  expect(inside.length).toBeGreaterThan(0)
  const out = inside.flatMap(file => file.imports.filter(name => !/^(node:|\.\/)/.test(name)))
  expect(out).toEqual([])
  const forced = sources
    .filter(file => !file.path.startsWith('keeper/'))
    .flatMap(file =>
      importsOf(file)
        .filter(target => target.startsWith('keeper/') && !keeperDoors.includes(target))
        .map(target => `${file.path} imports ${target}`),
    )
  expect(forced).toEqual([])
})

test('there is one door to plaintext', () => {
  const openers = sources
    .filter(file => valueImportsOf(file).includes('storage/record.ts'))
    .map(file => file.path)
  expect(openers.filter(path => path !== 'use/reading.ts' && !path.startsWith('storage/'))).toEqual([])
  const senders = sources
    .filter(file => /\bpost\.send\(/.test(file.text))
    .map(file => file.path)
    .filter(path => path !== 'core/mail.ts')
  expect(senders).toEqual(['use/dispatch.ts'])
})

test('nothing imports in a circle', () => {
  const next = new Map(sources.map(file => [file.path, valueImportsOf(file)]))
  const done = new Set<string>()
  const circles: string[] = []
  const visit = (path: string, trail: string[]): void => {
    if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(' > '))
    if (trail.includes(path) || done.has(path)) return
    for (const target of next.get(path) ?? []) visit(target, [...trail, path])
    done.add(path)
  }
  for (const path of next.keys()) visit(path, [])
  expect(circles).toEqual([])
})

test('no file is longer than 400 lines', () => {
  const long = everything
    .filter(file => !generated.includes(file.path))
    .map(file => ({ path: file.path, lines: file.text.split('\n').length - 1 }))
  expect(long.filter(({ lines }) => lines > 400)).toEqual([])
})

test('files are named after what they hold: no barrel, no drawer, no default export', () => {
  const drawers = /^(index|utils?|helpers?|common|types|misc|.*-?(manager|service))\.tsx?$/
  const names = everything.filter(file => drawers.test(basename(file.path)))
  expect(names.map(file => file.path)).toEqual([])
  expect(
    everything.filter(file => !/^[a-z0-9.-]+$/.test(basename(file.path))).map(file => file.path),
  ).toEqual([])
  const barrels = sources.filter(file => /^export \* from/m.test(file.text)).map(file => file.path)
  expect(barrels).toEqual([])
  const defaults = sources.filter(file => /^export default/m.test(file.text)).map(file => file.path)
  expect(defaults).toEqual([])
})

test('only main.ts imports while it runs, and only it and other doors speak to the terminal', () => {
  const dynamic = sources.filter(file => /\bimport\(/.test(file.code)).map(file => file.path)
  expect(dynamic.filter(path => path !== 'main.ts')).toEqual([])
  const talkers = sources.filter(file => /\bconsole\./.test(file.code) && !isDoor(file.path))
  expect(talkers.map(file => file.path)).toEqual([])
})

/** The rules of data, and how an address is written: what pages share with the server, loaded where it is needed. */
const sharedWithPages = [
  'src/collection/datum/datum-type.ts',
  'src/collection/datum/address-label.ts',
  'src/collection/datum/card-trace.ts',
]

test('the pages import nothing of the server but the rules of data, which import nothing of it either', () => {
  const faults = everything
    .filter(file => file.path.startsWith('web/'))
    .flatMap(file => {
      const later = [...file.code.matchAll(/\bimport\('([^']+)'\)/g)].map(found => found[1] ?? '')
      const shared = (name: string) => sharedWithPages.some(path => name.endsWith(`/${path}`))
      return [
        ...file.imports.filter(name => /(^|\/)src\//.test(name)),
        ...later
          .filter(name => /(^|\/)src\//.test(name))
          .filter(name => file.path !== 'web/ui/datum.ts' || !shared(name)),
      ].map(name => `${file.path} may not import ${name}`)
    })
  expect(faults).toEqual([])
  const out = sources
    .filter(file => file.path.startsWith('collection/datum/'))
    .flatMap(file => importsOf(file).filter(target => !target.startsWith('collection/datum/')))
  expect(out).toEqual([])
})

// The development outbox is looked at by a person, now; when a grant ends is the keeper's to judge, by its own clock.
const tellsItself = ['core/clock.ts', 'core/mail.ts', 'keeper/main.ts', 'use/grant.ts', 'disposal/receipt.ts']

test('the time comes from the clock', () => {
  const askers = sources
    .filter(file => /\bDate\.now\(\)|\bnew Date\(\)/.test(file.code) && !isDoor(file.path))
    .map(file => file.path)
    .filter(path => !tellsItself.includes(path))
  expect(askers).toEqual([])
})

test('no test is left out, and nothing waits for later', () => {
  const others = everything.filter(file => file.path !== thisFile)
  const left = others.filter(file => /\b(test|it|describe)\.(skip|todo|only|skipIf|runIf)\b/.test(file.code))
  expect(left.map(file => file.path)).toEqual([])
  expect(others.filter(file => /\b(TODO|FIXME|XXX)\b/.test(file.text)).map(file => file.path)).toEqual([])
  const silenced = others.filter(
    file => /@ts-(ignore|nocheck|expect-error)/.test(file.text) || /: any\b|\bas any\b/.test(file.code),
  )
  expect(silenced.map(file => file.path)).toEqual([])
})

test('nothing names the machine it was written on', async () => {
  const { stdout } = await run('git', ['ls-files', '-z'], { cwd: root, maxBuffer: 16 * 1024 * 1024 })
  const places = /(^|[\s'"`(=])\/(work\/(main|shared)|tmp\/|root\/|home\/)/
  const faults = stdout
    .split('\0')
    .filter(path => /\.(ts|tsx|md|sql|json|sh|html|css|mjs|yml)$/.test(path) && path !== thisFile)
    .filter(path => existsSync(join(root, path)))
    .filter(path => {
      const text = readFileSync(join(root, path), 'utf8')
      return path === 'package-lock.json' ? /"resolved"|localhost/.test(text) : places.test(text)
    })
  expect(faults).toEqual([])
})

test('dependencies have one exact version each', () => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  ) as Record<string, Record<string, string>>
  const loose = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
    ([, version]) => !/^(npm:[a-z0-9@/-]+@)?\d+\.\d+\.\d+(-[a-z0-9.]+)?$/.test(version),
  )
  expect(loose).toEqual([])
})
