import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { formatWitnessKey, parseVkey, type Verifier, type WitnessSigner } from '../keeper/checkpoint.ts'
import { FolderRefused, lockFolder } from '../supervisor/folder-lock.ts'
import { Evidence } from '../witness/evidence.ts'
import { openIdentity } from '../witness/identity.ts'
import { WitnessRefused } from '../witness/refusal.ts'
import { witnessServer } from '../witness/serving.ts'
import { WitnessDesk } from '../witness/witness.ts'
import type { Help } from './help.ts'

export const help = {
  command: 'custode witness',
  operands: 'DIR',
  options: {
    listen: { type: 'string', default: '127.0.0.1:8090', value: 'HOST:PORT', about: 'where it listens' },
    name: {
      type: 'string',
      value: 'NAME',
      about: 'what it is called, such as witness.example/pia; needed at the first start alone',
    },
    log: { type: 'string', multiple: true, value: 'VKEY', about: 'the key of a log that it watches' },
  },
  examples: [
    'npx custode witness ./witness --name witness.example/pia --log "custode/…+…+…" --listen 0.0.0.0:8090',
  ],
  ends: '0 when it was ended by Ctrl-C or SIGTERM; 1 when it could not start',
  more: [
    'For somebody who is not the vendor: signs checkpoints of a log while each extends the one before, and keeps as',
    'evidence what does not. The keys of a log are at the vendor’s /log/keys; docs/witness.md says what this proves.',
    'DIR is to be kept, and in no backup: a witness that has lost it must begin anew under another name.',
  ],
} as const satisfies Help

/** `custode witness DIR --listen HOST:PORT --name NAME --log VKEY…`: stays until Ctrl-C or SIGTERM. */
export async function witness(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: argv, options: help.options, allowPositionals: true })
  const [folder] = positionals
  const logs = (values.log ?? []).map(parseVkey)
  const at = parseAddress(values.listen)
  const wrong =
    folder === undefined || positionals.length > 1
      ? 'name one folder'
      : logs.length === 0 || logs.includes(null)
        ? 'give the key of each log with --log: a line like custode/…+…+…'
        : at === null
          ? '--listen is like 127.0.0.1:8090'
          : null
  if (wrong !== null || folder === undefined || at === null) {
    console.error(`custode witness: ${wrong}; --help says more`)
    return 2
  }
  const asked = new Promise<void>(done => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => done())
  })
  try {
    return await run(resolve(folder), { name: values.name, logs: logs as Verifier[], at, asked })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const known = error instanceof WitnessRefused || error instanceof FolderRefused
    if (!known && typeof code !== 'string') throw error
    const taken = code === 'EADDRINUSE' ? ': --listen names an address that nobody uses' : ''
    console.error(known ? error.message : `the witness cannot start: ${code}${taken}`)
    return 1
  }
}

interface Run {
  name: string | undefined
  logs: Verifier[]
  at: { host: string; port: number }
  /** Resolves when somebody asks it to end. */
  asked: Promise<void>
}

async function run(folder: string, { name, logs, at, asked }: Run): Promise<number> {
  process.umask(0o077)
  const unlock = await lockFolder(folder, 'DIR')
  try {
    const signer = await openIdentity(folder, name)
    const evidence = await Evidence.open(folder)
    const say = (line: string) => console.error(`witness: ${line}`)
    const desk = await WitnessDesk.open({ folder, signer, logs, evidence, now: Date.now, say })
    const server = witnessServer(desk, say)
    await new Promise<void>((ready, failed) => {
      server.once('error', failed)
      server.listen(at, ready)
    })
    greet(signer, await desk.sizes(), server.address() as AddressInfo, evidence.size)
    await asked
    const closed = new Promise(done => server.close(done))
    server.closeIdleConnections()
    const cut = setTimeout(() => server.closeAllConnections(), 2000)
    await closed
    clearTimeout(cut)
    return 0
  } finally {
    await unlock()
  }
}

function greet(
  signer: WitnessSigner,
  sizes: ReadonlyMap<string, number | null>,
  { address, family, port }: AddressInfo,
  conflicts: number,
): void {
  const key = formatWitnessKey(signer)
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
  console.log(`witness ${signer.name}\n  key      ${key}`)
  for (const [origin, size] of sizes)
    console.log(
      `  watches  ${origin}, ${size === null ? 'nothing cosigned yet' : `${size} entries cosigned`}`,
    )
  if (conflicts > 0) console.log(`  evidence ${conflicts} conflicts are kept in files evidence-N`)
  console.log(`for the vendor, with the address under which it reaches this machine:`)
  console.log(`  CUSTODE_WITNESSES="${key} ${url}"`)
  console.log(`listening at ${url}; Ctrl-C ends it.`)
}

function parseAddress(text: string): { host: string; port: number } | null {
  const [, six, four, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]]+)):(\d{1,5})$/.exec(text) ?? []
  const host = six ?? four
  return host === undefined || Number(port) > 65_535 ? null : { host, port: Number(port) }
}
