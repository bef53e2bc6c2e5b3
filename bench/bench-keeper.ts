import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { KeeperClient, keeperArguments } from '../src/keeper/client.ts'

export interface BenchKeeper {
  client: KeeperClient
  pid: number
  /** Its own folder: `book`, `log` and, unless it is told otherwise, `custodian`. */
  folder: string
  /** What the process has used so far. */
  cost(): Promise<Cost>
  stop(): Promise<void>
}

/** What a process has used since it began. */
export interface Cost {
  /** CPU seconds of all its threads. */
  cpu: number
  /** Bytes that went to the disk. */
  written: number
}

/** A keeper under its real flags, with its folder, further places and its socket below `folder`. */
export async function startBenchKeeper(folder: string, places: readonly string[] = []): Promise<BenchKeeper> {
  const at = {
    folder: join(folder, 'keeper'),
    socket: join(folder, 'socket', 'keeper.sock'),
    places: places.map(place => join(folder, place)),
  }
  for (const made of [at.folder, join(folder, 'socket'), ...at.places])
    await mkdir(made, { recursive: true, mode: 0o700 })
  const child = spawn(process.execPath, keeperArguments(at), { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit').then(() => {
    throw new Error('the keeper ended before it said that it was ready')
  })
  await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended])
  ended.catch(() => {})
  const client = await KeeperClient.connect(at.socket)
  return {
    ...{ client, pid: child.pid!, folder: at.folder },
    cost: () => costOf(child),
    async stop() {
      await client.close()
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

/** From Linux's own books, in nanoseconds: the ticks of `/proc/PID/stat` are too coarse for one roll. */
async function costOf({ pid }: ChildProcess): Promise<Cost> {
  if (process.platform !== 'linux') throw new Error('what a keeper costs is measured on Linux')
  let cpu = 0
  for (const thread of await readdir(`/proc/${pid}/task`)) {
    const [ran] = (await readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8')).split(' ')
    cpu += Number(ran) / 1e9
  }
  const io = await readFile(`/proc/${pid}/io`, 'utf8')
  return { cpu, written: Number(/^write_bytes: (\d+)$/m.exec(io)?.[1]) }
}

/** What an act costs the keeper, and how long it takes in milliseconds. */
export async function costOfAct(
  keeper: BenchKeeper,
  act: () => Promise<unknown>,
): Promise<Cost & { took: number }> {
  const before = await keeper.cost()
  const began = performance.now()
  await act()
  const took = performance.now() - began
  const after = await keeper.cost()
  return { cpu: after.cpu - before.cpu, written: after.written - before.written, took }
}
