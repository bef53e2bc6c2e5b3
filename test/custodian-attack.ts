import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { KeeperRefusal } from '../src/keeper/client.ts'
import { FileCustodian } from '../src/keeper/file-custodian.ts'
import { startKeeper } from './keeper.ts'
import { Fallen, requireHonestService } from './keeper-attack.ts'
import { countKeys, keysOf } from './key-search.ts'
import { NonsenseCustodian, nonsense } from './nonsense-custodian.ts'
import { sealPeople } from './sealed-person.ts'

export interface CustodianAttack {
  seed: number
  rounds: number
  /** Milliseconds after which a connection with nonsense ends; without it silence lasts as long as the keeper waits. */
  patience?: number
  say?: (line: string) => void
}

export interface CustodianAttacked {
  /** Answers without sense that differ, each to every operation that was asked. */
  distinct: number
  asked: number
}

/**
 * A keeper with two custodians of which the second answers with nonsense, or nothing, or ends the connection, while
 * the keeper leases, opens, shreds and rolls. Throws `Fallen` when the keeper ends, serves nobody any more, repeats a
 * key, or cannot roll once the custodian is its old self again.
 */
export async function attackWithCustodian(attack: CustodianAttack): Promise<CustodianAttacked> {
  const folder = await mkdtemp(join(tmpdir(), 'custode-truth-'))
  const custodian = await NonsenseCustodian.start(await FileCustodian.open(folder, Date.now))
  custodian.patience = attack.patience ?? null
  const custodians = (own: string) => [
    `file:${join(own, 'custodian')}`,
    `${custodian.kind}@${custodian.socket}`,
  ]
  const first = await startKeeper()
  const keeper = await first.restart({ custodians: custodians(first.folder) })
  const seen = new Set<string>()
  try {
    for (let round = 0; round < attack.rounds; round++) {
      const seed = attack.seed + round
      const words = fc.sample(fc.option(nonsense, { freq: 60 }), { numRuns: 40, seed })
      let at = 0
      custodian.say = op => {
        // The greeting is true most of the time, or nothing else would ever be asked.
        at++
        return op === 'hello' && at % 4 !== 0 ? 'truth' : (words[at % words.length] ?? null)
      }
      for (const word of words) seen.add(JSON.stringify(word))
      custodian.cut()
      await workUnder(keeper.client)
      await requireHonestService(keeper)
      custodian.say = null
      custodian.cut()
      await untilRolled(keeper.client, seed)
      if (keeper.said().includes('a fault')) throw new Fallen(`seed ${seed}: ${keeper.said()}`)
      attack.say?.(`${round + 1} of ${attack.rounds} rounds, ${seen.size} distinct answers`)
    }
    if (countKeys(Buffer.from(keeper.said()), await keysOf(keeper.folder)) > 0)
      throw new Fallen('a key on the error stream')
    return { distinct: seen.size, asked: custodian.asked }
  } catch (error) {
    throw new Fallen(
      `from seed ${attack.seed} on, ${seen.size} answers: ${error}; the keeper said: ${keeper.said()}`,
    )
  } finally {
    await keeper.kill()
    await custodian.end()
    await rm(folder, { recursive: true, force: true })
  }
}

type Client = Awaited<ReturnType<typeof startKeeper>>['client']

/** What asks custodians: each is done or refused as unavailable. */
async function workUnder(client: Client): Promise<void> {
  const [person] = await sealPeople(client, 1)
  const subject = { trailSlot: person!.trail, alias: person!.alias }
  await client.shred({
    act: randomUUID(),
    subject,
    actor: 'customer',
    slots: [person!.contact],
    reason: 'withdrawal',
  })
  const acts = [() => client.roll(), () => client.lease(3), () => client.roll(), () => client.lease(5000)]
  for (const act of acts)
    await act().catch(error => {
      if (
        !(error instanceof KeeperRefusal) ||
        error.code !== 'unavailable' ||
        /connection|connected/.test(error.message)
      )
        throw new Fallen(`not refused as it should be: ${error}`)
    })
}

async function untilRolled(client: Client, seed: number): Promise<void> {
  const began = performance.now()
  for (;;) {
    const rolled = await client.roll().then(
      () => true,
      () => false,
    )
    if (rolled && (await client.status()).waiting === 0) return
    if (performance.now() - began > 60_000)
      throw new Fallen(`seed ${seed}: no roll after the custodian came back`)
    await new Promise(resolve => setTimeout(resolve, 250))
  }
}
