// A campaign of random faults against the real keeper: `npm run faults -- [--count 1000] [--seed N]`. Each fault is a
// crash at one step of allocating, changing, shredding, rolling, sweeping or starting, with or without the loss of a
// disk. Two faults at the same step of the same act with the same loss count once. Ends with 1 when anything is lost.
import { hash, randomUUID } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { KeeperRefusal } from '../src/keeper/client.ts'
import { FailedStart, type KeeperProcess, startKeeper } from './keeper.ts'
import { type SealedPerson, sealPeople, takeGrant } from './sealed-person.ts'

const lanes = 2
/** Acts on one keeper before the next crash, and faults on one set of folders before a new one. */
const mostActs = 10
const faultsPerHouse = 25
const losses = ['none', 'none', 'none', 'own disk', 'place'] as const
type Loss = (typeof losses)[number]

/** Numbers from a seed, the same at every run: SHA-256 in counter mode. */
function dice(seed: string): (below: number) => number {
  let rolled = 0
  return below => hash('sha256', `${seed} ${rolled++}`, 'buffer').readUInt32BE(0) % below
}

class Broken extends Error {
  override readonly name = 'Broken'
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new Broken(what)
}

interface Folders {
  own: string
  place: string
  custodian: string
}

/** One keeper with a place, and what its client was told. */
class Crashing {
  readonly #roll: (below: number) => number
  readonly #folders: Folders
  readonly #living = new Set<SealedPerson>()
  readonly #erased = new Set<SealedPerson>()
  /** Shredded, but nobody heard whether: from then on both are right. */
  readonly #unsure = new Set<SealedPerson>()
  #issued = 0
  #size = 0
  #act = 'start'

  private constructor(roll: (below: number) => number, folders: Folders) {
    this.#roll = roll
    this.#folders = folders
  }

  static async make(roll: (below: number) => number): Promise<Crashing> {
    const root = await mkdtemp(join(tmpdir(), 'faults-'))
    const folders = { own: join(root, 'own'), place: join(root, 'place'), custodian: join(root, 'custodian') }
    return new Crashing(roll, folders)
  }

  /** One crash and the start after it; answers where it crashed. */
  async fault(): Promise<string> {
    const nth = 1 + this.#roll(180)
    const died = await this.#runUntil(nth)
    const loss = losses[this.#roll(losses.length)]!
    await this.#lose(loss)
    const point = `${this.#act}, ${died}, ${loss}`
    try {
      await this.#requireAll()
    } catch (error) {
      throw new Broken(`${(error as Error).message} after: ${point}`, { cause: error })
    }
    return point
  }

  async #requireAll(): Promise<void> {
    const keeper = await this.#start()
    try {
      await this.#require(keeper)
    } finally {
      await keeper.kill()
    }
  }

  /** Acts until the keeper dies at its nth step, or is killed after some acts. */
  async #runUntil(nth: number): Promise<string> {
    this.#act = 'start'
    let keeper: KeeperProcess
    try {
      keeper = await this.#start({ CUSTODE_KEEPER_DIES_AT: `#${nth}` })
    } catch (error) {
      if (!(error instanceof FailedStart) || !error.said.includes('dies at')) throw error
      return `step ${nth} ${error.said.trim()}`
    }
    for (let act = 0; act < mostActs; act++) {
      const alive = await this.#something(keeper).then(
        () => true,
        error => {
          if (error instanceof KeeperRefusal && error.code === 'unavailable') return false
          throw error
        },
      )
      if (!alive) break
    }
    const step = /dies at (\S+)/.exec(keeper.said())?.[1]
    if (step === undefined) await keeper.kill()
    must(step === undefined || (await keeper.ended) === 'SIGKILL', 'the keeper ended by itself')
    return step === undefined ? `killed after ${this.#act}` : `step ${nth} dies at ${step}`
  }

  #start(env: Record<string, string> = {}): Promise<KeeperProcess> {
    const { own, place, custodian } = this.#folders
    return startKeeper({ folder: own, places: [place], custodians: [`file:${custodian}`], env })
  }

  async #something(keeper: KeeperProcess): Promise<void> {
    const person = [...this.#living][this.#roll(Math.max(1, this.#living.size))]
    const act = this.#roll(10)
    if (act < 3 || person === undefined) return await this.#join(keeper)
    if (act < 5) return await this.#read(keeper, person)
    if (act < 7) return await this.#shred(keeper, person)
    if (act < 8) return await this.#grow(keeper)
    await this.#rollNow(keeper)
  }

  async #join(keeper: KeeperProcess): Promise<void> {
    this.#act = 'allocate'
    const people = await sealPeople(keeper.client, 1 + this.#roll(3))
    for (const person of people) {
      must(person.contact > this.#issued, `slot ${person.contact} was issued twice`)
      this.#living.add(person)
    }
    this.#issued = Math.max(this.#issued, ...people.map(person => person.trail))
  }

  async #grow(keeper: KeeperProcess): Promise<void> {
    this.#act = 'grow'
    const { from, to } = await keeper.client.lease(500 + this.#roll(3000))
    must(from > this.#issued, `slot ${from} was issued twice`)
    this.#issued = to
  }

  async #read(keeper: KeeperProcess, person: SealedPerson): Promise<void> {
    this.#act = 'read'
    const grant = await takeGrant(keeper.client, [person])
    await keeper.client.open({ ...grant, fields: ['email'], items: [person.box] })
    this.#size = Math.max(this.#size, (await keeper.client.status()).size)
  }

  async #shred(keeper: KeeperProcess, person: SealedPerson): Promise<void> {
    this.#act = 'shred'
    this.#living.delete(person)
    this.#unsure.add(person)
    const { index } = await keeper.client.shred({
      ...{ act: randomUUID(), subject: { trailSlot: person.trail, alias: person.alias } },
      ...{ actor: 'customer', slots: [person.contact], reason: 'withdrawal' },
    })
    this.#unsure.delete(person)
    this.#erased.add(person)
    this.#size = Math.max(this.#size, index + 1)
  }

  async #rollNow(keeper: KeeperProcess): Promise<void> {
    this.#act = 'roll'
    await keeper.client.roll()
  }

  async #lose(loss: Loss): Promise<void> {
    const { own, place } = this.#folders
    if (loss === 'place') await rm(place, { recursive: true })
    const held = await readdir(join(place, 'book')).catch(() => [])
    // One that is still being written has another name.
    const began = held.some(name => /^directory-\d+$/.test(name))
    // Before the first start had filled the place nothing was acknowledged.
    if (loss !== 'own disk' || !began) return
    await rm(own, { recursive: true })
    await mkdir(own, { mode: 0o700 })
    for (const part of ['book', 'log']) await cp(join(place, part), join(own, part), { recursive: true })
  }

  /** Everything that was acknowledged is there, everything that was erased is not, and one epoch is left. */
  async #require(keeper: KeeperProcess): Promise<void> {
    const { client } = keeper
    const { size, issued } = await client.status()
    must(size >= this.#size, `the log has ${size} entries, but ${this.#size} were acknowledged`)
    must(issued > this.#issued, `${this.#issued} was issued and is forgotten`)
    for (const person of this.#living) await requireOpen(keeper, person)
    for (const person of this.#unsure) {
      if (!(await isErased(keeper, person))) continue
      this.#unsure.delete(person)
      this.#erased.add(person)
    }
    for (const person of this.#erased) must(await isErased(keeper, person), 'somebody erased is readable')
    if (this.#roll(2) === 0) return
    await client.roll()
    const { epoch, waiting } = await client.status()
    must(waiting === 0, 'slots wait after a roll')
    const epochs = (await readdir(this.#folders.custodian)).filter(name => name.startsWith('epoch-'))
    must(epochs.length === 1 && epochs[0] === `epoch-${epoch}`, `epochs after a roll: ${epochs.join()}`)
    for (const person of [...this.#living].slice(0, 3)) await requireOpen(keeper, person)
  }

  async end(): Promise<void> {
    await rm(join(this.#folders.own, '..'), { recursive: true, force: true })
  }
}

async function requireOpen({ client }: KeeperProcess, person: SealedPerson): Promise<void> {
  const grant = await takeGrant(client, [person])
  const [opened] = await client.open({ ...grant, fields: ['email'], items: [person.box] })
  must(opened?.values.email !== undefined, 'somebody living cannot be read')
}

async function isErased({ client }: KeeperProcess, person: SealedPerson): Promise<boolean> {
  const grant = await takeGrant(client, [person])
  return client.open({ ...grant, fields: ['email'], items: [person.box] }).then(
    () => false,
    error => {
      if (error instanceof KeeperRefusal && error.code === 'erased') return true
      throw error
    },
  )
}

async function lane(seed: string, campaign: Campaign): Promise<void> {
  const roll = dice(seed)
  while (campaign.wants()) {
    const house = await Crashing.make(roll)
    for (let fault = 0; fault < faultsPerHouse && campaign.wants(); fault++) campaign.hit(await house.fault())
    await house.end()
  }
}

/** Counts the faults and the distinct points among them. */
class Campaign {
  readonly #points = new Map<string, number>()
  readonly #count: number
  #faults = 0

  constructor(count: number) {
    this.#count = count
  }

  wants(): boolean {
    return this.#points.size < this.#count
  }

  hit(point: string): void {
    this.#faults += 1
    this.#points.set(point, (this.#points.get(point) ?? 0) + 1)
    if (this.#faults % 50 === 0) console.log(`${this.#faults} faults, ${this.#points.size} distinct points`)
  }

  tell(seed: string): void {
    const steps = new Set([...this.#points.keys()].map(point => /dies at \S+/.exec(point)?.[0] ?? 'killed'))
    console.log(
      `seed ${seed}: ${this.#faults} faults at ${this.#points.size} distinct points of ${steps.size} kinds of steps; nobody lost, nothing acknowledged lost, no stale epoch`,
    )
  }
}

const { values } = parseArgs({
  options: { count: { type: 'string', default: '1000' }, seed: { type: 'string', default: randomUUID() } },
})
const campaign = new Campaign(Number(values.count))
console.log(`seed ${values.seed}`)
try {
  await Promise.all(Array.from({ length: lanes }, (_, at) => lane(`${values.seed} ${at}`, campaign)))
  campaign.tell(values.seed)
} catch (error) {
  console.error(`seed ${values.seed}: ${(error as Error).message}`)
  console.error((error as Error).stack)
  process.exitCode = 1
}
process.exit()
