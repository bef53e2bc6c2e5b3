import { closeSync, openSync, readSync } from 'node:fs'
import { readFile } from 'node:fs/promises'

const portion = 1024 * 1024

/** Whether each of these stands in the writable memory of a process, as a debugger of the same user reads it. */
export async function findInMemory(pid: number, sought: Buffer[]): Promise<boolean[]> {
  const found = sought.map(() => false)
  const memory = openSync(`/proc/${pid}/mem`, 'r')
  const bytes = Buffer.alloc(portion + Math.max(...sought.map(one => one.length)) - 1)
  for (const line of (await readFile(`/proc/${pid}/maps`, 'utf8')).split('\n')) {
    const [range = '', rights = ''] = line.split(' ')
    if (!rights.startsWith('rw')) continue
    const [from = 0, to = 0] = range.split('-').map(hex => Number.parseInt(hex, 16))
    for (let at = from; at < to; at += portion) {
      const length = readAt(memory, bytes, at, Math.min(bytes.length, to - at))
      sought.forEach((one, number) => {
        found[number] ||= bytes.subarray(0, length).includes(one)
      })
    }
  }
  closeSync(memory)
  return found
}

/** Pages that the system does not show, or that were given back meanwhile, count as empty. */
function readAt(memory: number, bytes: Buffer, at: number, length: number): number {
  try {
    return readSync(memory, bytes, 0, length, at)
  } catch {
    return 0
  }
}
