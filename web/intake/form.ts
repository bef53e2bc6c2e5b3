import type { CatalogueField } from '../ui/catalogue.ts'
import { judge, takeOutCards } from '../ui/datum.ts'
import type { Look, Terms } from '../ui/intake-messages.ts'
import { asProblem, type Fault } from '../ui/problem.ts'
import { canSeal, type Envelope, sealValues } from '../ui/sealing.ts'
import { element } from './element.ts'
import { fieldInput } from './field-input.ts'
import type { Input } from './input.ts'
import { findKey } from './key.ts'
import { faultWord, filled, problemWord, wordsOf } from './wording.ts'

export interface Opened {
  field: CatalogueField
  value: unknown
  alias: string
  look: Look
}

/** What the form asks of the page around it. */
export interface Around {
  /** Somebody sends what is right: under which terms? */
  want: () => void
  send: (envelope: Envelope) => void
  leave: () => void
}

/**
 * The form of one value. What is typed stays in here: it leaves sealed, or not at all. It is judged only when whoever
 * types it sends it, so that nobody outside can have one value after the other judged.
 */
export class SealedForm {
  readonly #asked: Opened
  readonly #around: Around
  #look: Look
  #input: Input | null = null
  #faults: Record<string, string> = {}
  #problem: string | null = null
  #able = true
  /** What is on its way: judged, and not taken in yet. */
  #going: { value: unknown } | null = null

  constructor(asked: Opened, around: Around) {
    this.#asked = asked
    this.#around = around
    this.#look = asked.look
  }

  async start(): Promise<void> {
    this.#able = await canSeal()
    await this.#draw(this.#asked.value)
    this.#input?.focus()
  }

  /** In another language or other colours; what was typed stays. */
  async dress(look: Look): Promise<void> {
    const spoken = this.#look.language !== look.language
    this.#look = look
    document.documentElement.dataset.scheme = look.scheme
    if (spoken && this.#input !== null) await this.#draw(this.#input.read())
  }

  /** The terms under which it is sealed now. */
  async seal({ owner, form, rules }: Terms): Promise<void> {
    const { code, compartment } = this.#asked.field
    if (this.#going === null) return
    const values = { [code]: this.#going.value }
    try {
      const told = await findKey()
      this.#around.send(await sealValues(told, owner, { compartment, form, values, rules }))
    } catch (error) {
      this.refuse(asProblem(error).code)
    }
  }

  /** It was not taken in: says why, keeps what was typed, and can be sent again. */
  refuse(code: string, faults: Fault[] = []): void {
    this.#going = null
    this.#problem = code === 'invalid' && faults.length > 0 ? null : code
    this.#show(faults)
    this.#tell()
  }

  async #send(): Promise<void> {
    if (this.#input === null || this.#going !== null) return
    const { field } = this.#asked
    this.#going = { value: null }
    this.#problem = null
    // Who opened it means to answer: an empty answer is a mistake here.
    const { value, faults } = await judge({ ...field, required: true }, this.#input.read())
    if (faults.length > 0) return this.refuse('invalid', faults)
    if (!this.#able) return this.refuse('cannot_seal')
    this.#going = { value }
    this.#show([])
    this.#tell()
    this.#around.want()
  }

  #show(faults: readonly Fault[]): void {
    const name = `values.${this.#asked.field.code}`
    const told = faults.map(({ field, code }) => [field.slice(name.length + 1), code])
    this.#faults = Object.fromEntries(told)
    this.#say()
    if (told.length > 0) this.#input?.focus()
  }

  #say(): void {
    const { language } = this.#look
    const said = Object.entries(this.#faults).map(([part, code]) => [
      part,
      faultWord(language, code, part === '' ? this.#asked.field.type : null),
    ])
    this.#input?.show(Object.fromEntries(said))
    this.#offer()
  }

  /** Beside a text with a card's number or code in it: offers to take it out. The text stays in here. */
  #offer(before: string | null = null): void {
    const { datum, takenOut } = wordsOf(this.#look.language)
    const place = document.getElementById('offer')
    const text = this.#input?.read()
    const fault = this.#faults['']
    place?.replaceChildren()
    if (before !== null) {
      place?.append(
        element('p', { role: 'status' }, takenOut),
        offered(datum.takeOut.undo, () => this.#retype(before)),
      )
    } else if ((fault === 'card_number' || fault === 'security_code') && typeof text === 'string') {
      const take = async () => {
        const trace = await takeOutCards(text)
        if (trace !== null) await this.#retype(trace.text, text)
      }
      place?.append(offered(datum.takeOut.remove, take))
    }
  }

  /** Puts another text in place of what was typed; `before` can be put back. */
  async #retype(text: string, before: string | null = null): Promise<void> {
    this.#faults = {}
    await this.#draw(text)
    this.#offer(before)
    this.#input?.focus()
  }

  async #draw(value: unknown): Promise<void> {
    const { language, scheme } = this.#look
    const { field, alias } = this.#asked
    const words = wordsOf(language)
    document.documentElement.lang = language
    document.documentElement.dataset.scheme = scheme
    document.title = field.label[language]
    const input = await fieldInput(field, value, language)
    this.#input = input
    const form = element(
      'form',
      { novalidate: true },
      element('div', { id: 'problem', role: 'alert' }),
      input.root,
      element('div', { id: 'offer', class: 'row' }),
      element(
        'p',
        { class: 'sealed' },
        lock(),
        element('span', {}, `${words.sealed} ${filled(words.sealedFor, { alias })}`),
      ),
      element(
        'div',
        { class: 'row' },
        element('button', { type: 'submit', class: 'main' }, words.save),
        element('button', { type: 'button', id: 'leave' }, words.cancel),
      ),
      element('p', { class: 'hidden', id: 'state', role: 'status' }),
    )
    form.addEventListener('submit', event => {
      event.preventDefault()
      void this.#send()
    })
    form.querySelector('#leave')?.addEventListener('click', () => this.#around.leave())
    document.body.replaceChildren(form)
    this.#say()
    this.#tell()
  }

  /** What has befallen the whole, and whether it is on its way. */
  #tell(): void {
    const { language } = this.#look
    const words = wordsOf(language)
    const problem = document.getElementById('problem')
    const code = this.#able ? this.#problem : (this.#problem ?? 'cannot_seal')
    const said = code === null ? [] : [element('p', {}, problemWord(language, code))]
    problem?.replaceChildren(...said)
    const busy = this.#going !== null
    document.querySelector('form')?.setAttribute('aria-busy', String(busy))
    const state = document.getElementById('state')
    if (state !== null) state.textContent = busy ? words.saving : ''
  }
}

function offered(label: string, act: () => Promise<void>): HTMLElement {
  const button = element('button', { type: 'button' }, label)
  button.addEventListener('click', () => void act())
  return button
}

function lock(): SVGElement {
  const space = 'http://www.w3.org/2000/svg'
  const drawn = document.createElementNS(space, 'svg')
  const part = (tag: string, attributes: Record<string, string>) => {
    const made = document.createElementNS(space, tag)
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
    return made
  }
  for (const [name, value] of Object.entries({ viewBox: '0 0 16 16', width: '16', height: '16' }))
    drawn.setAttribute(name, value)
  drawn.setAttribute('aria-hidden', 'true')
  drawn.append(
    part('rect', { x: '2.5', y: '7', width: '11', height: '7.5', rx: '1.5', fill: 'currentColor' }),
    part('path', {
      d: 'M5 7V5a3 3 0 0 1 6 0v2',
      fill: 'none',
      stroke: 'currentColor',
      'stroke-width': '1.6',
    }),
  )
  return drawn
}
