import type { ChildProcess } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'

/** A child ended before it was ready: a failed start, whatever its exit code. */
export class FailedStart extends Error {
  override readonly name = 'FailedStart'
}

export interface ChildPlan {
  /** As messages name it: `the keeper`. */
  name: string
  spawn(): ChildProcess
  /** Resolves when the child says that it is ready; it need not reject, an end is noticed here. */
  ready(child: ChildProcess): Promise<void>
  /** Told one plain line when the child has ended unasked and is started again. */
  say(line: string): void
  /** Called once when the child keeps ending: nothing more is tried. */
  givenUp(): void
}

const slowest = 5000
const longEnough = 60_000
const mostRestarts = 8

/** A child process that is started again when it ends unasked, ever more slowly. */
export class Child {
  readonly #plan: ChildPlan
  #process: ChildProcess | undefined
  #ended: Promise<void> = Promise.resolve()
  #stopping = false
  #restarts = 0
  #readyAt = 0

  constructor(plan: ChildPlan) {
    this.#plan = plan
  }

  get pid(): number | undefined {
    return this.#process?.pid
  }

  /** Starts the child and waits until it is ready. Throws `FailedStart` when it ends before. */
  async start(): Promise<void> {
    const { name } = this.#plan
    const child = this.#plan.spawn()
    this.#process = child
    let how = 'could not be run'
    this.#ended = new Promise(resolve => {
      child.once('error', () => resolve())
      child.once('exit', (code, signal) => {
        how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`
        resolve()
      })
    })
    const isReady = await Promise.race([
      this.#plan.ready(child).then(() => true),
      this.#ended.then(() => false),
    ])
    if (!isReady) throw new FailedStart(`${name} did not start: it ${how}`)
    this.#readyAt = performance.now()
    void this.#ended.then(() => this.#again(how))
  }

  async #again(how: string): Promise<void> {
    const { name, say, givenUp } = this.#plan
    if (performance.now() - this.#readyAt > longEnough) this.#restarts = 0
    while (!this.#stopping) {
      if (this.#restarts >= mostRestarts) return givenUp()
      say(`${name} ${how}; starting it again`)
      await wait(Math.min(100 * 2 ** this.#restarts++, slowest))
      if (this.#stopping) return
      try {
        return await this.start()
      } catch {
        how = 'did not start'
      }
    }
  }

  /** Asks the child to end and waits; after `patience` milliseconds it is killed. It is not started again. */
  async stop(patience = 10_000): Promise<void> {
    this.#stopping = true
    const child = this.#process
    if (child === undefined) return
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), patience)
    await this.#ended
    clearTimeout(timer)
  }
}
