import { mkdir } from 'node:fs/promises'

/** As much of hypercore's interface as is used here: it is no dependency of ours. */
interface Hypercore {
  ready(): Promise<void>
  append(blocks: Uint8Array[]): Promise<unknown>
  close(): Promise<void>
}

/** A hypercore in a folder, or null where the package is not installed. */
export async function hypercoreLeaves(folder: string): Promise<Hypercore | null> {
  const name = 'hypercore'
  const found = await import(name).catch(() => null)
  if (found === null) return null
  await mkdir(folder, { recursive: true })
  const core: Hypercore = new found.default(folder)
  await core.ready()
  return core
}
