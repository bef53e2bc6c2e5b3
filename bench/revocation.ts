import { newId } from '../src/core/ids.ts'
import { KeeperRefusal } from '../src/keeper/client.ts'
import { endGrant, type Grant, makeGrant } from '../src/use/grant.ts'
import { read } from '../src/use/reading.ts'
import { type BenchHouse, openBenchHouse, openForCustomers } from './bench-house.ts'
import { makeLeaver } from './leaver.ts'

const what = { fields: ['name', 'email'], compartments: ['identity', 'contact'] }

/**
 * Ends grant after grant while sixteen readers read under each, and counts the readings that began after the end was
 * acknowledged and were answered all the same: there must be none. `read` is how many were answered before.
 */
export async function endsWithItsGrant(grants: number): Promise<{ after: number; read: number }> {
  const bench = await openBenchHouse()
  try {
    await openForCustomers(bench)
    const counts = { after: 0, read: 0 }
    for (let count = 0; count < grants; count++) {
      const { id } = await makeLeaver(bench, 3)
      const grant = await makeGrant(bench.house, {
        ...{ kind: 'job', session: null, actor: 'system', subjects: [id], ...what },
        ...{ purpose: 'service', minutes: 10, most: 1_000_000 },
      })
      await endUnderReaders(bench, grant, id, counts)
    }
    return counts
  } finally {
    await bench.close()
  }
}

async function endUnderReaders(
  { house }: BenchHouse,
  grant: Grant,
  id: string,
  counts: { after: number; read: number },
): Promise<void> {
  let ended = false
  const readers = Array.from({ length: 16 }, async () => {
    for (let lookedAfter = 0; lookedAfter < 5; ) {
      const startedAfter = ended
      if (startedAfter) lookedAfter++
      try {
        const boxes = await read(house, grant, id, { ...what, rows: [id], act: newId() })
        if (boxes.length > 0) counts[startedAfter ? 'after' : 'read']++
      } catch (error) {
        if (!(error instanceof KeeperRefusal)) throw error
      }
    }
  })
  const before = counts.read
  while (counts.read < before + 16) await new Promise(resolve => setImmediate(resolve))
  await endGrant(house, grant.id, 'system')
  ended = true
  await Promise.all(readers)
}
